#include "cli/commands/commands.hpp"
#include "cli/commands/plan_output.hpp"
#include "cli/install_checks.hpp"
#include "cli/install_report.hpp"
#include "cli/plan_checks.hpp"
#include "cli/session.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/planner/preflight.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::Diagnostics;
using support::ExitCode;

namespace {

plan::Plan install_plan(Session& session) {
  Diagnostics diagnostics;
  auto plan = planner::plan_install(session.context(), install_request(session), diagnostics);
  return checked(session.app(), std::move(plan), std::move(diagnostics));
}

/// May we do what the plan does? Asked only of clusters that others own, and only when something is to be done.
ExitCode ask_for_rights(Session& session, const plan::Plan& plan) {
  const auto mode = session.app().options.preflight;
  if (mode == Preflight::off) return ExitCode::ok;
  const auto result = session.execute(planner::plan_preflight(session.provider(), session.context(), plan));
  if (result.ok()) return ExitCode::ok;
  if (result.summary.signal != 0 || result.cluster_lost || result.summary.timed_out) return exec::exit_code_of(result);
  if (mode != Preflight::warn) return ExitCode::preflight;
  session.app().say("warning: rights are missing, as it seems (--preflight warn: going on)");
  return ExitCode::ok;
}

}  // namespace

ExitCode install_command(App& app) {
  if (app.options.needs_flavour) refuse_without_flavour(app);
  Session session(app, Session::Use::cluster);
  // Everything that can be wrong in the files is found before anything is started.
  (void)install_plan(session);
  if (app.options.dry_run) {
    (void)print_plan_of(session, "install");
    return ExitCode::ok;
  }
  session.take_lock();
  if (!session.provider_reason().empty()) app.say("provider " + session.provider_reason());
  session.get_tools();
  session.ensure_cluster();
  auto plan = install_plan(session);
  if (const auto code = ask_for_rights(session, plan); code != ExitCode::ok) return code;
  check_before_install(session, plan);
  // Somebody elsewhere may have worked on the cluster until now: what was half done then is whole, or gone.
  if (session.lock_cluster(plan)) plan = install_plan(session);
  if (!plan.steps.empty()) session.pin_identity();
  const auto result = session.execute(plan);
  if (!result.ok()) return exec::exit_code_of(result);
  report_install(session, plan, result);
  return ExitCode::ok;
}

}  // namespace datamill::cli
