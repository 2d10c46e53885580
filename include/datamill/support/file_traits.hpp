#pragma once

#include <optional>
#include <string>

namespace datamill::support {

/// What a copy keeps of an entry of a folder besides its content.
struct FileTraits {
  bool executable = false;            ///< a file, by its owner: the one bit of a mode that git keeps too
  std::optional<std::string> link{};  ///< where a symbolic link points, as it is written
  friend bool operator==(const FileTraits&, const FileTraits&) = default;
};

/// Of an entry on disk; a link is not followed. Nothing of what is missing.
[[nodiscard]] FileTraits disk_traits(const std::string& path);

}  // namespace datamill::support
