#pragma once

#include "datamill/planner/selection.hpp"

namespace datamill::planner {

/// DM305 for components that cannot be together.
void check_conflicts(const Selection& selection, const Context& context, support::Diagnostics& diagnostics);

/// Puts what is needed before what needs it, keeping the order otherwise. DM301 for a cycle.
void put_in_order(Selection& selection, support::Diagnostics& diagnostics);

}  // namespace datamill::planner
