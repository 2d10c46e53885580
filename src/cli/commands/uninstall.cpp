#include "cli/commands/commands.hpp"
#include "cli/commands/plan_output.hpp"
#include "cli/plan_checks.hpp"
#include "cli/removal.hpp"
#include "cli/session.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using planner::ClusterState;
using support::Diagnostics;
using support::ExitCode;
using support::Failure;

namespace {

std::string question(Session& session, const plan::Plan& plan) {
  std::vector<std::string> names;
  for (const auto& component : plan.components) {
    if (!component.unchanged) names.push_back(component.name);
  }
  const auto& options = session.app().options;
  const auto data = options.purge_data ? " and delete their data" : "";
  return fmt::format("Uninstall {} from {}{}?", support::join(names, ", "), planner::describe_cluster(session.target()),
                     data);
}

}  // namespace

ExitCode uninstall_command(App& app) {
  if (app.options.needs_flavour) refuse_without_flavour(app);
  Session session(app, Session::Use::cluster);
  if (app.options.dry_run) {
    (void)print_plan_of(session, "uninstall");
    return ExitCode::ok;
  }
  if (app.options.components.empty() && !app.options.yes &&
      (app.options.no_input || app.json() || !ui::can_ask(app.err))) {
    require_consent(app, "Uninstall the whole flavour?");
  }
  if (session.cluster_state() == ClusterState::absent) {
    throw Failure(ExitCode::unreachable, "DM572",
                  fmt::format("there is no {}", planner::describe_cluster(session.target())),
                  "nothing is installed; `datamill install` makes the cluster");
  }
  session.take_lock();
  session.get_tools();
  if (!session.read_cluster()) {
    throw Failure(ExitCode::unreachable, "DM570",
                  fmt::format("{} does not answer", planner::describe_cluster(session.target())),
                  "start it first: datamill start");
  }
  const auto request = uninstall_request(app.options);
  Diagnostics diagnostics;
  auto planned = planner::plan_uninstall(session.context(), request, diagnostics);
  const auto plan = checked(app, std::move(planned), std::move(diagnostics));
  if (app.options.components.empty() && !plan.steps.empty()) require_consent(app, question(session, plan));
  return remove_components(session, request, plan);
}

}  // namespace datamill::cli
