#include "cli/commands/commands.hpp"
#include "cli/commands/plan_output.hpp"
#include "cli/lifecycle_checks.hpp"
#include "cli/session.hpp"
#include "datamill/planner/lifecycle.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using planner::ClusterState;
using support::ExitCode;

ExitCode stop_command(App& app) {
  Session session(app, Session::Use::cluster);
  refuse_foreign(session, "stop");
  if (session.cluster_state() == ClusterState::absent) {
    app.say(fmt::format("there is no {}: nothing to stop", planner::describe_cluster(session.target())));
    return ExitCode::ok;
  }
  if (app.options.dry_run) {
    (void)print_plan_of(session, "stop");
    return ExitCode::ok;
  }
  session.take_lock();
  session.get_tools();
  // Only now: the plan's commands name the tools' paths.
  const auto result = session.execute(planner::plan_stop(session.provider(), session.context()));
  if (!result.ok()) return exec::exit_code_of(result);
  if (!app.json() && !app.options.quiet) {
    app.print(fmt::format("{} is stopped; its data stays. `datamill start` goes on\n",
                          planner::describe_cluster(session.target())));
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli
