#pragma once

#include "cli/session.hpp"
#include "datamill/planner/rendering.hpp"
#include "datamill/support/node.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace datamill::cli {

struct RenderedRelease {
  planner::ReleaseRendering plan{};
  std::vector<support::Node> objects{};
  std::string problem{};  ///< why there are none, or not all; "" where they are complete
};

/// A component's objects as the plan will apply them, with placeholders for secrets.
struct RenderedComponent {
  planner::ComponentRendering plan{};
  std::vector<RenderedRelease> releases{};
  /// Beside the releases, with their namespace filled in where they are known to have one.
  std::vector<std::pair<std::string, support::Node>> own{};  ///< default namespace, object
  std::vector<std::string> unknown{};                        ///< titles of manifests that are not rendered: URLs
};

enum class RenderScope : unsigned char { what_changes, everything };

/// Renders with helm what is not in the cache ($CACHE/renders, by chart, values, the cluster's version and helm
/// itself); gets charts that are not there yet. As many processes at a time as there are cores. What cannot be
/// rendered says why; nothing throws but an interrupt (DM601).
[[nodiscard]] std::vector<RenderedComponent>
render(Session& session, const std::vector<planner::ComponentRendering>& wanted, RenderScope scope);

/// As many side by side as there are cores, results in the order of the commands.
[[nodiscard]] std::vector<exec::CaptureResult>
capture_some_at_a_time(Session& session, const std::vector<command::Command>& commands, std::chrono::seconds timeout);

}  // namespace datamill::cli
