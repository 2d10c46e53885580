#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/planner/provider.hpp"

#include <string>

namespace datamill::planner {

/// The provider's own plans. The start plan is empty where the cluster runs.
[[nodiscard]] plan::Plan plan_start(const Provider& provider, const Context& context);
[[nodiscard]] plan::Plan plan_stop(const Provider& provider, const Context& context);
[[nodiscard]] plan::Plan plan_destroy(const Provider& provider, const Context& context);

/// The three reads of a cluster snapshot, as steps (their outputs are "stdout:<title>").
[[nodiscard]] plan::Plan plan_reads(const domain::KubeAccess& access);

/// `first`, then `second`: every root of the second needs every step of the first.
[[nodiscard]] plan::Plan join(plan::Plan first, plan::Plan second);

/// "local cluster datamill (kwok)"
[[nodiscard]] std::string describe_cluster(const domain::Target& target);

/// Collects the tools that the plan's commands use into Plan::tools.
void collect_tools(plan::Plan& plan);

}  // namespace datamill::planner
