#include "cli/commands/commands.hpp"
#include "cli/pods.hpp"
#include "cli/tunnel.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/tools/kubectl_pods.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;
using support::Node;

namespace {

void announce(const App& app, const std::string& url) {
  if (!app.json()) {
    app.print(url + "\n");
    return app.say("the cluster's API, with your rights, for every program on this machine; Ctrl-C ends it");
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("type", Node::text("proxy"));
  document.set("url", Node::text(url));
  app.print(support::write_json(document) + "\n");
}

}  // namespace

ExitCode proxy_command(App& app) {
  Session session(app, Session::Use::cluster);
  refuse_simulated(session);
  reach_cluster(session);
  refuse_simulated(session);
  const Tunnel tunnel{
      .command = [&](int port) { return to_command(tools::KubectlProxy{.port = port}, session.access()); },
      .announcement = "Starting to serve on 127.0.0.1:",
      .what = fmt::format("the proxy to {}", planner::describe_cluster(session.target())),
      .hint = "give another --port, or none",
      .port = app.options.port.value_or(0),
      .ready = [&](int port) { announce(app, fmt::format("http://127.0.0.1:{}/", port)); }};
  return hold_tunnel(session, tunnel);
}

}  // namespace datamill::cli
