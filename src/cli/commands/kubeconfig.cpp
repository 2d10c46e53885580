#include "cli/commands/commands.hpp"
#include "cli/session.hpp"
#include "datamill/planner/lifecycle.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;
using support::Node;

/// Starts no process: where the file is depends on our state folder alone.
ExitCode kubeconfig_command(App& app) {
  Session session(app, Session::Use::cluster);
  if (session.cluster_state() == planner::ClusterState::absent) {
    throw Failure(ExitCode::unreachable, "DM020",
                  fmt::format("there is no {}", planner::describe_cluster(session.target())),
                  "`datamill start` makes it");
  }
  session.resolve_context();
  const auto& access = session.access();
  if (app.json()) {
    auto document = Node::map();
    document.set("v", Node::integer(1));
    document.set("kubeconfig", Node::text(access.kubeconfig));
    document.set("context", Node::text(access.context));
    app.print(support::write_json(document) + "\n");
  } else if (app.options.export_line) {
    app.print(fmt::format("export KUBECONFIG={}\n", command::shell_quote(access.kubeconfig)));
  } else {
    app.print(access.kubeconfig + "\n");
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli
