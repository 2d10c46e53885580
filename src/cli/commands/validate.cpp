#include "cli/commands/commands.hpp"
#include "cli/plan_checks.hpp"
#include "cli/session.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using support::Diagnostics;
using support::ExitCode;

namespace {

/// Plans every component alone, so that references in components no flavour lists are checked too.
std::size_t check_all_components(Session& session) {
  Diagnostics all;
  std::size_t count = 0;
  for (const auto& [name, component] : session.workspace().catalogue) {
    if (component.retired()) continue;
    ++count;
    Diagnostics diagnostics;
    const planner::InstallRequest request{.selection = {.only = {name}}};
    (void)planner::plan_install(session.context(), request, diagnostics);
    for (auto& item : diagnostics.items()) {
      const auto known = std::find(all.items().begin(), all.items().end(), item) != all.items().end();
      if (!known) all.add(std::move(item));
    }
  }
  (void)checked(session.app(), plan::Plan{}, std::move(all));
  return count;
}

}  // namespace

ExitCode validate_command(App& app) {
  const auto everything = app.options.flavour.empty() && app.options.components.empty();
  Session session(app, Session::Use::cluster, everything);
  std::string what;
  if (everything) {
    what = fmt::format("{} components", check_all_components(session));
  } else {
    Diagnostics diagnostics;
    auto planned = planner::plan_install(session.context(), install_request(session), diagnostics);
    const auto plan = checked(app, std::move(planned), std::move(diagnostics));
    what = fmt::format("{} components, {} steps to an empty cluster", plan.components.size(), plan.steps.size());
  }
  if (app.json()) {
    app.print("{\"v\":1,\"type\":\"valid\"}\n");
  } else if (!app.options.quiet) {
    app.print(fmt::format("valid: {}\n", what));
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli
