#include "datamill/support/file_traits.hpp"

#include <filesystem>

#include <sys/stat.h>

namespace datamill::support {

FileTraits disk_traits(const std::string& path) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISLNK(status.st_mode)) return {.executable = S_ISREG(status.st_mode) && (status.st_mode & S_IXUSR) != 0};
  std::error_code error;
  return {.link = std::filesystem::read_symlink(path, error).string()};
}

}  // namespace datamill::support
