#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace datamill::support {

/// The name of a file as it is shown to the user, shared by all positions inside that file, so that a
/// position costs 24 bytes however deep the tree is.
class FileName {
public:
  FileName() = default;
  explicit FileName(std::string name)
      : name_(name.empty() ? nullptr : std::make_shared<const std::string>(std::move(name))) {}

  [[nodiscard]] const std::string& str() const {
    static const std::string none;
    return name_ ? *name_ : none;
  }

  friend bool operator==(const FileName& a, const FileName& b) { return a.str() == b.str(); }

private:
  std::shared_ptr<const std::string> name_{};
};

/// A place in user input. Lines and columns are 1-based and columns count characters, not bytes.
/// Line 0 means the whole file; an empty file means the command line or no place at all.
struct SourceRef {
  FileName file{};
  int line = 0;
  int column = 0;

  friend bool operator==(const SourceRef&, const SourceRef&) = default;
};

/// "file:line:column", "file" for a whole file, "" for no place.
[[nodiscard]] std::string to_text(const SourceRef& at);

}  // namespace datamill::support
