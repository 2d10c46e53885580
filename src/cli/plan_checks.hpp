#pragma once

#include "cli/app.hpp"
#include "cli/session.hpp"
#include "datamill/plan/plan.hpp"
#include "datamill/planner/install.hpp"
#include "datamill/planner/uninstall.hpp"

#include <optional>

namespace datamill::cli {

/// Returns the plan, or throws its problems with excerpts: exit 7 where all of them are conflicts with what is in the
/// cluster, else exit 2. Warnings are printed.
[[nodiscard]] plan::Plan checked(App& app, std::optional<plan::Plan> plan, support::Diagnostics diagnostics);

[[nodiscard]] planner::InstallRequest install_request(const Session& session);
[[nodiscard]] planner::UninstallRequest uninstall_request(const Options& options);

/// -i and -u without -f and -c: names the flavours there are. @throws Failure exit 2, DM006
[[noreturn]] void refuse_without_flavour(App& app);

/// Asks, or needs --yes. @throws Failure exit 2, DM008, where nobody can be asked; exit 2, DM009, where the answer is
/// no
void require_consent(const App& app, const std::string& question);

}  // namespace datamill::cli
