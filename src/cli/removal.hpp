#pragma once

#include "cli/session.hpp"
#include "datamill/planner/uninstall.hpp"
#include "datamill/support/exit_code.hpp"

namespace datamill::cli {

/// Removes components, then namespaces of ours in which nothing is left, and says what stays. Needs a read cluster and
/// the lock.
[[nodiscard]] support::ExitCode remove_components(Session& session, const planner::UninstallRequest& request,
                                                  const plan::Plan& plan);

/// What destroy uninstalls first: everything, with data and definitions where the cluster itself goes too.
[[nodiscard]] planner::UninstallRequest destroy_request(const Session& session);

}  // namespace datamill::cli
