#pragma once

#include "toolbox/services.hpp"

#include <vector>

namespace datamill::toolbox {

/// The Go that builds: its binary, and whether we fetched it.
struct GoToolchain {
  std::string path{};
  bool own = false;
  std::string problem{};  ///< why there is none
};

/// Builds what has a recipe, two at a time (the dearest first, then the cheap ones), and puts each result in its place
/// as soon as all have ended. What does not work is a line in `tried`; the views have shown the failure by then.
/// @throws Failure DM601 when interrupted; what was finished before is kept
void build_missing(const Services& services, const std::vector<Wanted>& wanted, const GoToolchain& go,
                   exec::EventSink& sink);

/// Whether any of these tools needs Go to be built.
[[nodiscard]] bool needs_go(const ToolsFile& file, const std::vector<Wanted>& wanted);

}  // namespace datamill::toolbox
