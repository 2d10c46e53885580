#include "cli/commands/commands.hpp"
#include "cli/commands/plan_output.hpp"
#include "cli/component_graph.hpp"
#include "cli/durations_file.hpp"
#include "cli/lifecycle_checks.hpp"
#include "cli/plan_checks.hpp"
#include "cli/removal.hpp"
#include "cli/session.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/planner/preflight.hpp"
#include "datamill/tools/helm.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using planner::ClusterState;
using support::Diagnostics;
using support::ExitCode;

namespace {

/// A cluster that answers is read, so that the plan shows what differs; without one the plan is for an empty cluster.
void look_at_cluster(Session& session) {
  const auto& app = session.app();
  session.resolve_context();
  if (app.options.offline) return;
  const auto may_answer =
      session.cluster_state() == ClusterState::stopped || session.cluster_state() == ClusterState::running;
  if (!may_answer) return;
  if (!session.look_for_tools()) {
    app.say("note: kubectl is not there yet, so this plan is for an empty cluster (`datamill tools install kubectl` "
            "gets it)");
    return;
  }
  if (!session.read_cluster()) app.say("note: the cluster is stopped, so this plan is for an empty cluster");
}

plan::Plan install_plan(Session& session) {
  Diagnostics diagnostics;
  const auto context = session.context();
  auto planned = planner::plan_install(context, install_request(session), diagnostics);
  auto plan = checked(session.app(), std::move(planned), std::move(diagnostics));
  auto questions = planner::plan_preflight(session.provider(), context, plan);
  questions.title.clear();
  auto before = planner::join(planner::plan_start(session.provider(), context), planner::plan_reads(session.access()));
  if (session.snapshot().known) return planner::join(std::move(questions), std::move(plan));
  return planner::join(planner::join(std::move(before), std::move(questions)), std::move(plan));
}

plan::Plan uninstall_plan(Session& session) {
  Diagnostics diagnostics;
  const auto request = uninstall_request(session.app().options);
  const auto context = session.context();
  if (session.snapshot().known) {
    auto plan = planner::plan_uninstall(context, request, diagnostics);
    return checked(session.app(), std::move(plan), std::move(diagnostics));
  }
  // Without a cluster: as if the flavour had just been installed.
  const auto snapshot = planner::as_installed(context, {}, diagnostics);
  std::optional<plan::Plan> plan;
  if (snapshot) {
    const planner::Context installed{.workspace = context.workspace,
                                     .target = context.target,
                                     .snapshot = *snapshot,
                                     .facts = context.facts,
                                     .access = context.access,
                                     .places = context.places,
                                     .cluster_state = ClusterState::running,
                                     .tool_paths = context.tool_paths};
    plan = planner::plan_uninstall(installed, request, diagnostics);
    if (plan) plan->notes.emplace_back("planned without a cluster, as if the flavour had just been installed");
  }
  return checked(session.app(), std::move(plan), std::move(diagnostics));
}

/// What is installed goes first. Of a cluster that is not ours that is all there is to do, and only for the classic -x.
plan::Plan destroy_plan(Session& session) {
  const auto context = session.context();
  auto destroy = planner::plan_destroy(session.provider(), context);
  if (!session.snapshot().known) return destroy;
  Diagnostics diagnostics;
  auto uninstall = planner::plan_uninstall(context, destroy_request(session), diagnostics);
  auto plan = checked(session.app(), std::move(uninstall), std::move(diagnostics));
  return session.provider().refusal.empty() ? planner::join(std::move(plan), std::move(destroy)) : plan;
}

plan::Plan make_plan(Session& session, std::string_view action) {
  if (action == "start") return planner::plan_start(session.provider(), session.context());
  if (action == "stop") return planner::plan_stop(session.provider(), session.context());
  if (action == "uninstall") return uninstall_plan(session);
  if (action == "destroy") return destroy_plan(session);
  return install_plan(session);
}

bool changes_something(const plan::Plan& plan) {
  for (const auto& step : plan.steps) {
    if (step.effect != plan::Effect::read) return true;
  }
  return false;
}

void print_plan(Session& session, const plan::Plan& plan) {
  const auto& app = session.app();
  switch (app.options.output) {
  case Output::json: return app.print(plan::print_json(plan, {.parallelism = session.parallelism()}));
  case Output::shell: {
    const std::vector<std::pair<std::string, std::string>> paths(session.tool_paths().begin(),
                                                                 session.tool_paths().end());
    return app.print(plan::print_shell(plan, paths, tools::own_folders(app.folders.cache)));
  }
  case Output::automatic:
  case Output::table:
  case Output::wide:
  case Output::yaml:
  case Output::name:
  case Output::dot:
  case Output::mermaid:
  case Output::html:
  case Output::text:
    return app.print(plan::print_text(plan, {.symbols = session.symbols(), .parallelism = session.parallelism()}));
  }
}

}  // namespace

plan::Plan print_plan_of(Session& session, std::string_view action) {
  const auto classic_destroy = action == "destroy" && session.app().options.classic;
  if (action == "stop" || (action == "destroy" && !classic_destroy)) refuse_foreign(session, action);
  look_at_cluster(session);
  // Only what programs read has the paths of this machine.
  const auto output = session.app().options.output;
  if (output == Output::json || output == Output::shell) (void)session.look_for_tools();
  auto plan = make_plan(session, action);
  read_durations(session.places().state, session.app().files).apply(session.target().provider, plan);
  print_plan(session, plan);
  return plan;
}

ExitCode plan_command(App& app) {
  if (app.options.needs_flavour) refuse_without_flavour(app);
  Session session(app, Session::Use::cluster);
  if (!session.provider_reason().empty()) app.say("provider " + session.provider_reason());
  if (app.options.output == Output::dot || app.options.output == Output::mermaid) {
    if (app.options.plan_action != "install") {
      throw support::Failure(ExitCode::usage, "DM004",
                             fmt::format("--action {} has no graph of components", app.options.plan_action),
                             "leave out -o, or --action");
    }
    print_component_graph(session);
    return ExitCode::ok;
  }
  const auto plan = print_plan_of(session, app.options.plan_action);
  // Exit 2 means "changes pending" here, as terraform has it; errors are 1 then.
  return app.options.detailed_exitcode && changes_something(plan) ? ExitCode::usage : ExitCode::ok;
}

}  // namespace datamill::cli
