#pragma once

#include <string>

namespace datamill::watch {

/// Where the proxy's socket lies: `proxy.sock` in the wanted folder, or, where that path is longer than a socket's may
/// be (unix(7): 108 bytes with the end), in a private folder of its own. Takes both away again.
class SocketPlace {
public:
  SocketPlace(const std::string& folder, const std::string& short_folder);
  SocketPlace(const SocketPlace&) = delete;
  SocketPlace& operator=(const SocketPlace&) = delete;
  ~SocketPlace();

  /// "" where no place was found.
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_{};
  std::string own_folder_{};
};

}  // namespace datamill::watch
