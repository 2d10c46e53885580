#pragma once

#include "planner/desired.hpp"

#include <string>
#include <vector>

namespace datamill::planner {

/// Where helm finds the chart: a folder of ours, a file in a mirror's folder, or a file in our cache together with the
/// pull that puts it there. Sets chart_name, chart_version, chart_path and pull.
void locate_chart(const domain::ChartRef& chart, const domain::ComponentConfig& config, const Context& context,
                  DesiredRelease& release);

/// What identifies the chart's content: the digest of a local folder, else its pinned checksum, else its source.
[[nodiscard]] std::string chart_digest(const domain::ChartRef& chart, const domain::ComponentConfig& config);

/// Of everything that helm is given; equal digests mean that an upgrade would change nothing.
[[nodiscard]] std::string release_digest(const DesiredRelease& release, const std::vector<std::string>& values,
                                         const std::string& chart);

}  // namespace datamill::planner
