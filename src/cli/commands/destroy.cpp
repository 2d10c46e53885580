#include "cli/commands/commands.hpp"
#include "cli/commands/plan_output.hpp"
#include "cli/lifecycle_checks.hpp"
#include "cli/plan_checks.hpp"
#include "cli/removal.hpp"
#include "cli/session.hpp"
#include "datamill/planner/install.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <set>

namespace datamill::cli {

using planner::ClusterState;
using support::Diagnostics;
using support::ExitCode;
using support::Failure;

namespace {

/// Components that other flavours claim: --yes is not enough for them.
void check_others(Session& session) {
  const auto& app = session.app();
  const auto flavour = planner::flavour_id(session.workspace());
  const auto with_flavour = !session.workspace().flavour_file.empty();
  std::set<std::string> others;
  for (const auto& entry : session.snapshot().inventory) {
    for (const auto& claim : entry.claims) {
      if (with_flavour && claim != flavour) others.insert(fmt::format("{} (of {})", entry.component, claim));
    }
  }
  if (others.empty() || app.options.yes_all) return;
  const auto names = support::join({others.begin(), others.end()}, ", ");
  throw Failure(ExitCode::usage, "DM568", fmt::format("the cluster holds components of other flavours: {}", names),
                "add --yes-all if they may go too, or uninstall only this flavour: datamill uninstall -f FILE");
}

/// Components first, so that they end in order; a local cluster of ours goes even if that fails.
ExitCode uninstall_all(Session& session) {
  Diagnostics diagnostics;
  auto plan = planner::plan_uninstall(session.context(), destroy_request(session), diagnostics);
  if (!plan || plan->steps.empty()) return ExitCode::ok;
  const auto result = session.execute(*plan);
  return exec::exit_code_of(result);
}

bool was_interrupted(ExitCode code) {
  return code == ExitCode::interrupted || code == ExitCode::terminated;
}

/// `-x` on a cluster that exists by itself: everything of ours goes, the cluster stays.
ExitCode empty_existing(Session& session) {
  auto& app = session.app();
  session.take_lock();
  session.get_tools();
  (void)session.read_cluster();
  check_others(session);
  require_consent(app, fmt::format("Uninstall everything that datamill installed on {}?",
                                   planner::describe_cluster(session.target())));
  Diagnostics diagnostics;
  const auto request = destroy_request(session);
  auto planned = planner::plan_uninstall(session.context(), request, diagnostics);
  const auto plan = checked(app, std::move(planned), std::move(diagnostics));
  const auto code = remove_components(session, request, plan);
  if (code == ExitCode::ok) app.say(fmt::format("the cluster itself stays: {}", session.provider().refusal));
  return code;
}

}  // namespace

ExitCode destroy_command(App& app) {
  Session session(app, Session::Use::cluster);
  if (app.options.dry_run) {
    (void)print_plan_of(session, "destroy");
    return ExitCode::ok;
  }
  // The classic -x means "uninstall all, then the cluster"; `destroy` names the cluster alone and is refused at once.
  if (!session.provider().refusal.empty() && app.options.classic) return empty_existing(session);
  refuse_foreign(session, "destroy");
  const auto where = planner::describe_cluster(session.target());
  if (session.cluster_state() == ClusterState::absent) {
    app.say(fmt::format("there is no {}: nothing to destroy", where));
    return ExitCode::ok;
  }
  if (!app.options.yes && !app.options.yes_all)
    require_consent(app, fmt::format("Destroy {} with everything in it, volumes too?", where));
  session.take_lock();
  session.get_tools();
  auto uninstalled = ExitCode::ok;
  if (session.cluster_state() == ClusterState::stopped && session.read_cluster()) {
    check_others(session);
    uninstalled = uninstall_all(session);
    if (was_interrupted(uninstalled)) return uninstalled;
    if (uninstalled != ExitCode::ok)
      app.say("some components could not be uninstalled (above); the cluster goes all the same");
  }
  const auto result = session.execute(planner::plan_destroy(session.provider(), session.context()));
  if (!result.ok()) return exec::exit_code_of(result);
  if (!app.json() && !app.options.quiet) app.print(fmt::format("{} is destroyed\n", where));
  return uninstalled;
}

}  // namespace datamill::cli
