#include "cli/commands/commands.hpp"
#include "cli/component_graph.hpp"
#include "cli/component_graph_text.hpp"
#include "cli/plan_checks.hpp"
#include "datamill/config/load_workspace.hpp"
#include "datamill/planner/component_graph.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;

namespace {

planner::ComponentGraph graph_of(const Session& session) {
  support::Diagnostics diagnostics;
  const auto context = session.context();
  const auto selection = planner::select_components(context, install_request(session).selection, diagnostics);
  if (selection && !diagnostics.has_errors()) return planner::component_graph(*selection, context);
  config::attach_excerpts(diagnostics, session.app().files);
  throw Failure(ExitCode::usage, std::move(diagnostics));
}

std::string title_of(const domain::Workspace& workspace) {
  return workspace.flavour_file.empty() ? std::string("components") : fmt::format("flavour {}", workspace.project.name);
}

}  // namespace

void print_component_graph(const Session& session) {
  const auto graph = graph_of(session);
  const auto title = title_of(session.workspace());
  const auto& app = session.app();
  switch (app.options.output) {
  case Output::json: return app.print(support::write_json(component_graph_node(graph, title)) + "\n");
  case Output::dot: return app.print(component_graph_dot(graph));
  case Output::mermaid: return app.print(component_graph_mermaid(graph));
  default: return app.print(component_graph_text(graph, title));
  }
}

ExitCode graph_command(App& app) {
  if (app.options.needs_flavour) refuse_without_flavour(app);
  const Session session(app, Session::Use::cluster);
  print_component_graph(session);
  return ExitCode::ok;
}

}  // namespace datamill::cli
