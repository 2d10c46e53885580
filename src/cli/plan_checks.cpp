#include "cli/plan_checks.hpp"

#include "datamill/config/load_workspace.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using support::Diagnostics;
using support::ExitCode;
using support::Failure;
using support::Severity;

plan::Plan checked(App& app, std::optional<plan::Plan> plan, Diagnostics diagnostics) {
  config::attach_excerpts(diagnostics, app.files);
  if (plan && !diagnostics.has_errors()) {
    if (!diagnostics.items().empty() && !app.json() && !app.options.quiet) ui::print_diagnostics(diagnostics, app.err);
    return std::move(*plan);
  }
  const auto& items = diagnostics.items();
  const auto only_conflicts = std::all_of(items.begin(), items.end(), [](const auto& item) {
    return item.severity != Severity::error || planner::is_preflight_code(item.code);
  });
  throw Failure(only_conflicts ? ExitCode::preflight : ExitCode::usage, std::move(diagnostics));
}

planner::InstallRequest install_request(const Session& session) {
  const auto& options = session.app().options;
  // What -c names, after aliases and retired names were followed.
  std::vector<std::string> names;
  for (const auto& component : session.workspace().requested)
    names.push_back(component.name);
  return {.selection = {.only = std::move(names), .with_needs = !options.no_deps},
          .reinstall = options.reinstall,
          .adopt = options.adopt};
}

planner::UninstallRequest uninstall_request(const Options& options) {
  return {.only = options.components,
          .cascade = options.cascade,
          .force = options.force,
          .purge_data = options.purge_data,
          .purge_crds = options.purge_crds};
}

void refuse_without_flavour(App& app) {
  Diagnostics diagnostics;
  const config::RootSearch search{
      .flag = app.options.root, .working_directory = app.working_directory, .executable = app.executable};
  const auto root = config::locate_root(search, app.files, app.environment, diagnostics);
  if (!root) throw Failure(ExitCode::usage, std::move(diagnostics));
  std::vector<std::string> flavours;
  for (const auto& name : app.files.list(*root + "/flavours")) {
    if (name.ends_with(".yaml")) flavours.push_back("flavours/" + name);
  }
  throw Failure(ExitCode::usage, "DM006",
                fmt::format("`{}` needs a flavour (-f FILE) or a component (-c NAME)", app.options.command),
                flavours.empty() ? fmt::format("there are no flavours in {}/flavours", *root)
                                 : fmt::format("flavours here: {}", support::join(flavours, ", ")));
}

void require_consent(const App& app, const std::string& question) {
  if (app.options.yes || app.options.yes_all) return;
  if (app.options.no_input || app.json() || !ui::can_ask(app.err)) {
    throw Failure(ExitCode::usage, "DM008", fmt::format("{} Nobody can be asked here", question),
                  "add --yes if you mean it");
  }
  if (!ui::confirm(question, app.err)) {
    throw Failure(ExitCode::usage, "DM009", "not confirmed: nothing was changed", "answer y to go on, or add --yes");
  }
}

}  // namespace datamill::cli
