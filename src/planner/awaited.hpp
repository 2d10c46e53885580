#pragma once

#include "datamill/plan/step.hpp"
#include "planner/desired.hpp"

#include <vector>

namespace datamill::planner {

/// What a component's wait is for, as whoever watches the cluster looks for it: one of the objects that were applied
/// with it, or one of a kind that Kubernetes itself has. Empty for others: of these only kubectl finds out what they
/// are.
[[nodiscard]] std::vector<plan::Awaited> awaited_by(const DesiredWait& wait,
                                                    const std::vector<domain::ObjectRef>& applied);

/// That all of these are gone.
[[nodiscard]] std::vector<plan::Awaited> gone_of(const std::vector<domain::ObjectRef>& objects);

}  // namespace datamill::planner
