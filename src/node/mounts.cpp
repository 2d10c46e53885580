#include "datamill/node/sweep.hpp"
#include "datamill/support/text.hpp"

#include <algorithm>
#include <fstream>

#include <sys/mount.h>

namespace datamill::node {

namespace {

/// The kernel writes blanks of paths as octal escapes (proc_pid_mounts(5)).
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// In the order they were mounted.
std::vector<std::string> mounts_below(const std::string& folder) {
  std::vector<std::string> found;
  std::ifstream in("/proc/self/mounts");
  for (std::string line; std::getline(in, line);) {
    const auto words = support::split_list(line, " ");
    if (words.size() < 2) continue;
    auto path = unescape(words[1]);
    if (path.compare(0, folder.size() + 1, folder + "/") == 0) found.push_back(std::move(path));
  }
  return found;
}

}  // namespace

std::vector<std::string> unmount_below(const std::string& folder) {
  auto mounts = mounts_below(folder);
  std::reverse(mounts.begin(), mounts.end());
  for (const auto& path : mounts) {
    // A container that has just ended may still hold its file system for a moment.
    if (umount2(path.c_str(), UMOUNT_NOFOLLOW) != 0) (void)umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
  }
  return mounts_below(folder);
}

}  // namespace datamill::node
