#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace datamill::cli {

/// A file of this machine and what it is called in a bucket.
struct LocalFile {
  std::string path{};
  std::string key{};
  std::int64_t size = 0;
};

struct LocalFiles {
  std::vector<LocalFile> files{};     ///< by key
  std::vector<std::string> passed{};  ///< what is neither file nor folder, and folders behind links
};

/// Files and all that is in folders (links to files count as files). A file is called PREFIX/NAME, what is in a folder
/// PREFIX/<path in it>. Where one file is given and PREFIX ends as its name does (.csv), PREFIX is the name.
/// @throws Failure exit 2, DM051, where something is not there, cannot be read, or two files would get one key
[[nodiscard]] LocalFiles find_local_files(const std::vector<std::string>& paths, const std::string& prefix);

}  // namespace datamill::cli
