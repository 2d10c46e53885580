#include "cli/local_files.hpp"

#include "datamill/support/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <unistd.h>

namespace datamill::cli {

namespace fs = std::filesystem;
using support::ExitCode;
using support::Failure;

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Failure(ExitCode::usage, "DM051", fmt::format("\"{}\" cannot be read: {}", path, why),
                "nothing was sent; check the path and its permissions");
}

std::string below(const std::string& prefix, const std::string& name) {
  if (prefix.empty()) return name;
  return prefix.ends_with('/') ? prefix + name : fmt::format("{}/{}", prefix, name);
}

class Finder {
public:
  explicit Finder(LocalFiles& found) : found_(found) {}

  void add_file(const fs::path& path, std::string key) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) refuse(path.string(), error.message());
    // Told before anything is sent, not in the middle.
    if (access(path.c_str(), R_OK) != 0) refuse(path.string(), std::generic_category().message(errno));
    found_.files.push_back({.path = path.string(), .key = std::move(key), .size = static_cast<std::int64_t>(size)});
  }

  void add_folder(const fs::path& folder, const std::string& prefix) {
    std::error_code error;
    auto entry = fs::recursive_directory_iterator(folder, error);
    if (error) refuse(folder.string(), error.message());
    for (; entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      if (error) refuse(folder.string(), error.message());
      std::error_code ignored;
      const auto& path = entry->path();
      if (entry->is_regular_file(ignored)) {
        add_file(path, below(prefix, path.lexically_relative(folder).generic_string()));
      } else if (!entry->is_directory(ignored) || entry->is_symlink(ignored)) {
        found_.passed.push_back(path.string());
      }
    }
    if (error) refuse(folder.string(), error.message());
  }

private:
  LocalFiles& found_;
};

bool is_name(const std::string& prefix, const fs::path& file) {
  const auto ending = file.extension().string();
  return !ending.empty() && !prefix.ends_with('/') && fs::path(prefix).extension().string() == ending;
}

void check_keys(const std::vector<LocalFile>& files) {
  const auto twice = std::adjacent_find(files.begin(), files.end(),
                                        [](const LocalFile& a, const LocalFile& b) { return a.key == b.key; });
  if (twice == files.end()) return;
  throw Failure(
      ExitCode::usage, "DM051",
      fmt::format("\"{}\" and \"{}\" would both be called \"{}\"", twice->path, std::next(twice)->path, twice->key),
      "nothing was sent; send them one after the other, each to its own BUCKET/PREFIX");
}

}  // namespace

LocalFiles find_local_files(const std::vector<std::string>& paths, const std::string& prefix) {
  LocalFiles found;
  Finder finder(found);
  for (const auto& given : paths) {
    std::error_code error;
    const auto status = fs::status(given, error);
    const fs::path path(given);
    if (!fs::exists(status)) refuse(given, error ? error.message() : std::string("No such file or directory"));
    if (fs::is_directory(status)) {
      finder.add_folder(path, prefix);
    } else if (fs::is_regular_file(status)) {
      const bool whole = paths.size() == 1 && is_name(prefix, path);
      finder.add_file(path, whole ? prefix : below(prefix, path.filename().string()));
    } else {
      refuse(given, "it is neither a file nor a folder");
    }
  }
  std::sort(found.files.begin(), found.files.end(),
            [](const LocalFile& a, const LocalFile& b) { return a.key < b.key; });
  check_keys(found.files);
  return found;
}

}  // namespace datamill::cli
