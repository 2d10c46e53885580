#pragma once

#include "toolbox/services.hpp"

#include <string>

namespace datamill::toolbox {

/// What was fetched, ready to be moved into the cache.
struct Fetched {
  std::string path{};  ///< a binary, or the folder of a whole tree
  bool tree = false;   ///< the folder holds ToolSpec::binary
  ToolOrigin origin = ToolOrigin::downloaded;
};

/// Checks that the file starts and is the pinned version, then renames it to its place in the cache, and says so in the
/// status. "" or the problem ("not usable: it prints no version: ..."); then nothing was moved.
/// @throws Failure DM601 when interrupted
[[nodiscard]] std::string place(const Services& services, const Wanted& wanted, const Fetched& fetched);

/// "linux-amd64", as the releases of most tools are named; "" where we do not know this machine.
[[nodiscard]] std::string this_platform();

}  // namespace datamill::toolbox
