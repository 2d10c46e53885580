#include "cli/commands/commands.hpp"
#include "cli/commands/plan_output.hpp"
#include "cli/session.hpp"
#include "datamill/planner/lifecycle.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;

ExitCode start_command(App& app) {
  Session session(app, Session::Use::cluster);
  if (app.options.dry_run) {
    (void)print_plan_of(session, "start");
    return ExitCode::ok;
  }
  session.take_lock();
  if (!session.provider_reason().empty()) app.say("provider " + session.provider_reason());
  session.get_tools();
  session.ensure_cluster();
  session.pin_identity();
  if (!app.json() && !app.options.quiet) {
    const auto& snapshot = session.snapshot();
    app.print(fmt::format("{} runs: {} of {} nodes ready\n", planner::describe_cluster(session.target()),
                          snapshot.ready_nodes, snapshot.nodes));
    if (!session.provider().remark.empty()) app.print(fmt::format("{}\n", session.provider().remark));
    app.print(fmt::format("export KUBECONFIG={}\n", command::shell_quote(session.access().kubeconfig)));
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli
