#include "watch/socket_place.hpp"

#include <filesystem>
#include <stdlib.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace datamill::watch {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
constexpr auto kName = "/proxy.sock";

}  // namespace

SocketPlace::SocketPlace(const std::string& folder, const std::string& short_folder) {
  std::error_code error;
  if (folder.size() + std::string_view(kName).size() <= kLongest) {
    if (fs::create_directories(folder, error)) fs::permissions(folder, fs::perms::owner_all, error);
    if (!fs::is_directory(folder, error)) return;
    path_ = folder + kName;
    return;
  }
  own_folder_ = short_folder + "/datamill-XXXXXX";
  if (mkdtemp(own_folder_.data()) == nullptr) {  // 0700
    own_folder_.clear();
    return;
  }
  path_ = own_folder_ + kName;
}

SocketPlace::~SocketPlace() {
  if (!path_.empty()) (void)unlink(path_.c_str());
  if (!own_folder_.empty()) (void)rmdir(own_folder_.c_str());
}

}  // namespace datamill::watch
