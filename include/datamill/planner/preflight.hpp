#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/planner/provider.hpp"

namespace datamill::planner {

/// Questions to ask a cluster that datamill did not make before it is changed: `kubectl auth can-i` for what the plan
/// needs. Empty for clusters of ours and for empty plans.
[[nodiscard]] plan::Plan plan_preflight(const Provider& provider, const Context& context, const plan::Plan& plan);

}  // namespace datamill::planner
