#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/planner/selection.hpp"
#include "datamill/support/diagnostic.hpp"

#include <optional>
#include <string>
#include <vector>

namespace datamill::planner {

struct InstallRequest {
  SelectionRequest selection{};
  bool reinstall = false;  ///< run every release even if unchanged
  bool adopt = false;      ///< take over releases that datamill did not make
};

/// The steps that install components on a running cluster: nothing for what is unchanged. Pure: equal inputs give a
/// byte-identical plan. Without a known snapshot it plans for an empty cluster.
///
/// Codes: those of select_components and of resolving a component; DM350 foreign release, DM351 another provider of a
/// capability is installed, DM352 namespace is being deleted (these three end with exit 7).
/// @returns the plan, or nullopt if and only if an error was added
[[nodiscard]] std::optional<plan::Plan> plan_install(const Context& context, const InstallRequest& request,
                                                     support::Diagnostics& diagnostics);

/// What the cluster would hold after plan_install on an empty cluster: lets `plan --action uninstall` work offline.
[[nodiscard]] std::optional<domain::ClusterSnapshot>
as_installed(const Context& context, const SelectionRequest& request, support::Diagnostics& diagnostics);

/// "<namespace>/<name>": how a flavour is named in claims.
[[nodiscard]] std::string flavour_id(const domain::Workspace& workspace);

/// Codes DM340-DM359 mean: refused before anything was changed (exit 7).
[[nodiscard]] bool is_preflight_code(std::string_view code);

}  // namespace datamill::planner
