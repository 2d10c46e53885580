#include "cli/disk_use.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <utility>

#include <sys/stat.h>

namespace datamill::cli {

std::int64_t disk_use(const std::string& folder) {
  namespace fs = std::filesystem;
  std::int64_t bytes = 0;
  std::set<std::pair<dev_t, ino_t>> linked;  // a file of several names is there once
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error); !error && entry != fs::recursive_directory_iterator();
       entry.increment(error)) {
    struct stat info{};
    if (lstat(entry->path().c_str(), &info) != 0) continue;
    if (info.st_nlink > 1 && !S_ISDIR(info.st_mode) && !linked.emplace(info.st_dev, info.st_ino).second) continue;
    bytes += info.st_blocks * 512;
  }
  return bytes;
}

std::string full_disk(const std::string& folder) {
  constexpr unsigned kMebibyte = 20;
  constexpr std::uintmax_t kEnough = std::uintmax_t{64} << kMebibyte;
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  if (error || space.available >= kEnough) return {};
  return fmt::format("only {} MiB are free in {}: no space left on device", space.available >> kMebibyte, folder);
}

}  // namespace datamill::cli
