#pragma once

#include <string>
#include <utility>
#include <vector>

namespace datamill::node {

/// An image of one layer out of static programs and an empty /tmp: what a cluster itself needs, where no registry can
/// be reached.
struct ImageSpec {
  std::string reference{};                                      ///< "datamill.local/coredns:1.15.0"
  std::vector<std::pair<std::string, std::string>> programs{};  ///< path in the image, without its first slash -> file
  std::vector<std::pair<std::string, std::string>> links{};     ///< path in the image -> where it points
  std::vector<std::string> entrypoint{};
};

/// Writes `path` as `docker save` does, so that `ctr images import` takes it (docker image specification v1.2). Equal
/// inputs give equal bytes.
/// @throws Failure DM612 where a file cannot be read or written
void write_image(const ImageSpec& image, const std::string& path);

}  // namespace datamill::node
