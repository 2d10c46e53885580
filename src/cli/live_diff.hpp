#pragma once

#include "cli/diff_objects.hpp"
#include "cli/diff_report.hpp"
#include "cli/rendering.hpp"

#include <vector>

namespace datamill::cli {

/// Compares rendered objects with the cluster's: one `kubectl diff` per release and one for a component's own objects,
/// as many at a time as there are cores. Secrets and Jobs are only looked for; hooks are left out; objects of kinds or
/// namespaces that are not there yet are new. What cannot be compared is a problem of its component (README: DM870).
[[nodiscard]] std::vector<DiffComponent> diff_live(Session& session, const std::vector<RenderedComponent>& components,
                                                   const Kinds& kinds);

}  // namespace datamill::cli
