#include "cli/app.hpp"
#include "cli/commands/commands.hpp"
#include "cli/parse_words.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace datamill::cli {

namespace {

using CommandFunction = support::ExitCode (*)(App&);

constexpr auto kCommands = std::to_array<std::pair<std::string_view, CommandFunction>>({
    {"install", install_command},
    {"uninstall", uninstall_command},
    {"start", start_command},
    {"stop", stop_command},
    {"destroy", destroy_command},
    {"plan", plan_command},
    {"diff", diff_command},
    {"validate", validate_command},
    {"status", status_command},
    {"why", why_command},
    {"logs", logs_command},
    {"events", events_command},
    {"open", open_command},
    {"exec", exec_command},
    {"proxy", proxy_command},
    {"kubeconfig", kubeconfig_command},
    {"debug", debug_command},
    {"images", images_command},
    {"data", data_command},
    {"db", db_command},
    {"job", job_command},
    {"graph", graph_command},
    {"history", history_command},
    {"runs", runs_command},
    {"report", report_command},
    {"list", list_command},
    {"config", config_command},
    {"doctor", doctor_command},
    {"tools", tools_command},
    {"completion", completion_command},
    {kCompleteCommand, complete_command},
    {"version", version_command},
    {"node", node_command},
});

}  // namespace

void App::say(std::string_view line) const {
  if (options.quiet || json()) return;
  ui::write_text(err, std::string(line) + "\n");
}

support::ExitCode run_command(App& app) {
  for (const auto& [name, function] : kCommands) {
    if (name == app.options.command) return function(app);
  }
  throw std::logic_error("no function for the command " + app.options.command);
}

}  // namespace datamill::cli
