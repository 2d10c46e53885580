#pragma once

#include "toolbox/services.hpp"

#include <vector>

namespace datamill::toolbox {

/// Downloads what has a pinned checksum for this platform, side by side, checks it and puts it in its place. What does
/// not work is a line in `tried`. Nothing is shown until the first byte arrives, so that a machine without a network
/// falls through silently.
/// @throws Failure DM601 when interrupted
void download_missing(const Services& services, const std::vector<Wanted>& wanted, exec::EventSink& sink);

}  // namespace datamill::toolbox
