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

struct WantedPort {
  int port = 0;  ///< 0: a free one
  std::string origin{};
};

/// --port, else what the flavour or the user's file says. The built-in default is nobody's wish.
WantedPort wanted_port(const Session& session) {
  if (const auto& given = session.app().options.port) return {.port = *given, .origin = "--port"};
  const auto value = session.workspace().values.find("project.proxy_port");
  if (value == session.workspace().values.end() || value->second.origin.rule == "default") return {};
  return {.port = session.workspace().project.proxy_port,
          .origin = fmt::format("proxy_port of the {}", value->second.origin.rule)};
}

}  // namespace

ExitCode proxy_command(App& app) {
  Session session(app, Session::Use::cluster);
  refuse_simulated(session);
  reach_cluster(session);
  refuse_simulated(session);
  const auto wanted = wanted_port(session);
  const Tunnel tunnel{
      .command = [&](int port) { return to_command(tools::KubectlProxy{.port = port}, session.access()); },
      .announcement = "Starting to serve on 127.0.0.1:",
      .what = fmt::format("the proxy to {}", planner::describe_cluster(session.target())),
      .hint = fmt::format("`{} status` shows whether the cluster answers", app.program),
      .port = wanted.port,
      .port_origin = wanted.origin,
      .ready = [&](int port) { announce(app, fmt::format("http://127.0.0.1:{}/", port)); }};
  return hold_tunnel(session, tunnel);
}

}  // namespace datamill::cli
