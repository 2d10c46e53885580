#pragma once

#include "datamill/inventory/snapshot_reads.hpp"
#include "datamill/planner/context.hpp"
#include "datamill/support/diagnostic.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace datamill::planner {

struct UninstallRequest {
  std::vector<std::string> only{};  ///< -c; empty: all that the flavour claims
  bool everything = false;          ///< whatever anybody claims (destroy)
  bool cascade = false;
  bool force = false;
  bool purge_data = false;
  bool purge_crds = false;
};

/// Steps that remove components in reverse order, from what the inventory says was made; files are not needed. Volumes,
/// Secrets and CRDs stay unless purged; Plan::kept lists them. Needs a known snapshot.
///
/// DM340 others need the component, DM341 not installed, DM342 --purge-crds would delete kept data
[[nodiscard]] std::optional<plan::Plan> plan_uninstall(const Context& context, const UninstallRequest& request,
                                                       support::Diagnostics& diagnostics);

/// Namespaces that an uninstall touched and that are ours: what is left in them decides whether they go.
[[nodiscard]] std::vector<std::string> touched_namespaces(const Context& context, const plan::Plan& uninstall);

/// Steps that delete namespaces of ours in which nothing is left, and, where both purge flags are given, first what the
/// removed releases left behind. `notes` and `kept` of the plan say what stays and why.
[[nodiscard]] plan::Plan plan_cleanup(const Context& context, const UninstallRequest& request,
                                      const std::map<std::string, std::vector<inventory::LeftoverObject>>& leftovers);

}  // namespace datamill::planner
