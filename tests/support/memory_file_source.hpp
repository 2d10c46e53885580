#pragma once

#include "datamill/support/file_source.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace datamill::tests {

/// Files of a test, by absolute path. A path that ends with '/' is an empty directory; a file's folders exist.
class MemoryFileSource final : public support::FileSource {
public:
  MemoryFileSource() = default;
  explicit MemoryFileSource(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  void set(const std::string& path, std::string text) { files_[path] = std::move(text); }
  void remove(const std::string& path) { files_.erase(path); }
  /// Reading `path` fails with this text.
  void set_problem(const std::string& path, std::string problem) {
    files_[path];
    problems_[path] = std::move(problem);
  }

  [[nodiscard]] ReadResult read(const std::string& path, std::size_t max_bytes) const override {
    const auto broken = problems_.find(path);
    if (broken != problems_.end()) return {.text = std::nullopt, .problem = broken->second};
    switch (kind(path)) {
    case Kind::missing: return {.text = std::nullopt, .problem = "No such file or directory"};
    case Kind::directory: return {.text = std::nullopt, .problem = "Is a directory"};
    case Kind::file:
    case Kind::other: break;
    }
    const std::string& text = files_.at(path);
    if (text.size() > max_bytes) return {.text = std::nullopt, .problem = "larger than 4 MiB"};
    return {.text = text};
  }

  [[nodiscard]] Kind kind(const std::string& path) const override {
    if (files_.count(path) > 0 && path.back() != '/') return Kind::file;
    return names_in(path).empty() && files_.count(with_slash(path)) == 0 ? Kind::missing : Kind::directory;
  }

  [[nodiscard]] std::vector<std::string> list(const std::string& path) const override {
    const auto names = names_in(path);
    return {names.begin(), names.end()};
  }

private:
  [[nodiscard]] static std::string with_slash(const std::string& path) {
    return !path.empty() && path.back() == '/' ? path : path + "/";
  }

  [[nodiscard]] std::set<std::string> names_in(const std::string& path) const {
    const std::string prefix = with_slash(path);
    std::set<std::string> names;
    for (auto file = files_.lower_bound(prefix); file != files_.end(); ++file) {
      if (file->first.compare(0, prefix.size(), prefix) != 0) break;
      const std::string name = file->first.substr(prefix.size(), file->first.find('/', prefix.size()) - prefix.size());
      if (!name.empty()) names.insert(name);
    }
    return names;
  }

  std::map<std::string, std::string> files_{};
  std::map<std::string, std::string> problems_{};
};

}  // namespace datamill::tests
