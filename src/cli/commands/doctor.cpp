#include "cli/commands/commands.hpp"
#include "cli/session.hpp"
#include "cli/status_report.hpp"
#include "cli/tool_table.hpp"
#include "datamill/planner/lifecycle.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;

namespace {

std::string state_text(planner::ClusterState state) {
  switch (state) {
  case planner::ClusterState::absent: return "not made yet";
  case planner::ClusterState::partial: return "making it was interrupted; the next start begins again";
  case planner::ClusterState::stopped: return "made";
  case planner::ClusterState::running: return "exists";
  }
  return {};
}

/// What is unusual about images on a node that was started before.
std::string layers_of_node(const Session& session) {
  const auto folder = session.provider().node_folder;
  if (folder.empty()) return {};
  const auto layers = node::layers_of(fmt::format("{}/{}", session.places().cluster, folder));
  return layers ? layers_text(*layers) : std::string();
}

}  // namespace

ExitCode doctor_command(App& app) {
  Session session(app, Session::Use::cluster);
  auto names = session.provider().tools(session.target());
  names.insert(names.begin(), {"helm", "kubectl"});
  const auto statuses = session.toolbox().look(names);
  bool complete = true;
  for (const auto& status : statuses)
    complete = complete && status.ok();
  if (app.json()) {
    print_tools(app, statuses);
    return complete ? ExitCode::ok : ExitCode::tool;
  }
  app.print(fmt::format("Target    {} - {}\n", planner::describe_cluster(session.target()),
                        state_text(session.cluster_state())));
  if (!session.provider_reason().empty()) app.print(fmt::format("Why       {}\n", session.provider_reason()));
  if (const auto layers = layers_of_node(session); !layers.empty()) app.print(fmt::format("Images    {}\n", layers));
  app.print(fmt::format("Data      {}\nState     {}\nCache     {}\n\n", session.workspace().root, app.folders.state,
                        app.folders.cache));
  print_tools(app, statuses);
  app.print(complete ? "\nEverything is there.\n"
                     : "\nWhat is missing is got by `datamill start` or `datamill tools install NAME`.\n");
  return complete ? ExitCode::ok : ExitCode::tool;
}

}  // namespace datamill::cli
