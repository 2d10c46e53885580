#include "cli/commands/commands.hpp"
#include "cli/session.hpp"
#include "cli/tool_table.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;

namespace {

ExitCode list_tools(App& app, Session& session) {
  std::vector<std::string> names;
  for (const auto& spec : session.toolbox().specs())
    names.push_back(spec.name);
  print_tools(app, session.toolbox().look(names));
  return ExitCode::ok;
}

ExitCode install_tools(App& app, Session& session) {
  const std::vector<std::string> names(app.options.arguments.begin() + 1, app.options.arguments.end());
  const auto view = ui::make_view({.terminal = app.progress(), .json = app.json()});
  const auto statuses = session.toolbox().ensure(names, *view);
  if (!app.options.quiet) print_tools(app, statuses);
  return ExitCode::ok;
}

}  // namespace

ExitCode tools_command(App& app) {
  Session session(app, Session::Use::configuration);
  if (app.options.arguments.front() == "install") return install_tools(app, session);
  return list_tools(app, session);
}

}  // namespace datamill::cli
