#pragma once

#include "datamill/domain/snapshot.hpp"

namespace datamill::planner {

/// Whether a custom resource has nobody left who looks after it: the component of ours that brought its definition is
/// uninstalled. False where the definition is not ours, and nothing is known of its operator.
[[nodiscard]] bool is_orphan(const domain::ClusterSnapshot& snapshot, const domain::ObjectRef& object);

}  // namespace datamill::planner
