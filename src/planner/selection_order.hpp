#pragma once

#include "datamill/planner/selection.hpp"

namespace datamill::planner {

/// DM305 for components that cannot be together.
void check_conflicts(const Selection& selection, const Context& context, support::Diagnostics& diagnostics);

/// Puts what is needed before what needs it, keeping the order otherwise. DM301 for a cycle.
void put_in_order(Selection& selection, support::Diagnostics& diagnostics);

/// The component that an entry of needs, uses or after means in this run; it need not be part of it. "" where the
/// entry's condition does not hold or a service outside stands in.
[[nodiscard]] std::string meant_component(const domain::Need& need, const domain::Component& component,
                                          const Context& context, const std::map<std::string, Binding>& bindings);

}  // namespace datamill::planner
