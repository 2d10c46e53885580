#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/support/file_source.hpp"

#include <string>

namespace datamill::cli {

/// What the planner must know of a node on this machine: the networks that it has or could have, its simulated nodes,
/// whether somebody watches its parts. `folder` is the node's.
/// @throws Failure DM618 (exit 2) where the target asks for another network than the one the cluster has
[[nodiscard]] planner::NodeFacts node_facts(const std::string& folder, planner::ClusterState state,
                                            const domain::Target& target, const support::FileSource& files);

}  // namespace datamill::cli
