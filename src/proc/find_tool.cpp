#include "datamill/proc/find_tool.hpp"

#include "datamill/support/text.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace datamill::proc {
namespace {

/// True if `path` settles the search: an executable file.
bool consider(const std::string& path, FoundTool& found) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  // root may "execute" what has no x bit as far as access() is concerned only on odd file systems; exec wants one.
  const bool has_x = (info.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
  if (has_x && access(path.c_str(), X_OK) == 0) {
    found = {.path = path};
    return true;
  }
  if (found.not_executable.empty()) found.not_executable = path;
  return false;
}

}  // namespace

FoundTool find_executable(std::string_view name, std::string_view path_variable) {
  FoundTool found;
  if (name.empty()) return found;
  if (name.find('/') != std::string_view::npos) {
    (void)consider(std::string{name}, found);
    return found;
  }
  for (const auto& folder : support::split(path_variable, ':')) {
    if (folder.empty() || folder.front() != '/') continue;
    if (consider(folder + '/' + std::string{name}, found)) break;
  }
  return found;
}

}  // namespace datamill::proc
