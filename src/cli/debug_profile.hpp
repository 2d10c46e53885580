#pragma once

#include "datamill/support/file_source.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// What `debug net` or `debug app` starts: data/debug.yaml.
struct DebugProfile {
  std::string image{};
  std::string own{};                 ///< image of ours that is taken where the cluster can have it; "" = none
  std::vector<std::string> shell{};  ///< runs where no command is given
  std::vector<std::string> wait{};   ///< the container's own command: waits until `end` ran, or `limit`
  std::vector<std::string> end{};    ///< makes it end
  std::chrono::seconds limit{};
};

/// @throws Failure exit 2: DM109 unreadable, DM12x what is wrong in the file, DM047 an image without a fixed tag
[[nodiscard]] DebugProfile read_debug_profile(std::string_view kind, const std::string& root,
                                              const support::FileSource& files);

/// Whether an image names a version: a tag other than "latest", or a digest (OCI distribution spec: without a tag
/// "latest" is meant).
[[nodiscard]] bool is_pinned(std::string_view image);

}  // namespace datamill::cli
