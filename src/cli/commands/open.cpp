#include "cli/commands/commands.hpp"
#include "cli/pods.hpp"
#include "cli/tunnel.hpp"
#include "datamill/planner/summary.hpp"
#include "datamill/proc/find_tool.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl_pods.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using planner::ComponentSummary;
using support::ExitCode;
using support::Failure;
using support::Node;

namespace {

constexpr proc::ChildId kBrowser = kTunnel + 1;

/// Names of all components that say what there is to open.
std::string openable(const domain::Workspace& workspace) {
  std::vector<std::string> names;
  for (const auto& [name, component] : workspace.catalogue) {
    if (component.open) names.push_back(name);
  }
  return support::join(names, ", ");
}

ComponentSummary summary_of(const Session& session, const std::string& name) {
  const auto found = session.workspace().catalogue.find(name);
  if (found == session.workspace().catalogue.end() || !found->second.open) {
    throw Failure(ExitCode::usage, "DM028", fmt::format("{} has nothing to open", name),
                  fmt::format("components with something to open: {}", openable(session.workspace())));
  }
  for (auto& summary : planner::summarize(session.context(), {.only = {name}})) {
    if (summary.name == name) return summary;
  }
  throw Failure(ExitCode::usage, "DM028", fmt::format("the flavour does not say what Service {} has", name),
                fmt::format("see `datamill plan -c {}` for what is wrong with it", name));
}

/// What to type for one key of the login. A tool that only datamill knows is given by its path.
std::string show_command(const Session& session, const ComponentSummary& summary, const std::string& key) {
  const tools::KubectlShowSecret show{.ns = summary.ns, .name = summary.login_secret, .key = key};
  auto command = to_command(show, session.access());
  const auto path = session.tool_paths().find("kubectl");
  const auto on_path = proc::find_executable("kubectl", session.app().environment.get("PATH")).path;
  if (path != session.tool_paths().end() && path->second != on_path) command.program = path->second;
  return command::to_shell(command);
}

std::string login_text(const Session& session, const ComponentSummary& summary) {
  std::string text;
  for (const auto& key : summary.login_keys) {
    text += fmt::format("  {} is in Secret {}/{}:\n      {}\n", key, summary.ns, summary.login_secret,
                        show_command(session, summary, key));
  }
  return text;
}

Node login_node(const Session& session, const ComponentSummary& summary) {
  auto list = Node::sequence();
  for (const auto& key : summary.login_keys) {
    auto node = Node::map();
    node.set("namespace", Node::text(summary.ns));
    node.set("secret", Node::text(summary.login_secret));
    node.set("key", Node::text(key));
    node.set("command", Node::text(show_command(session, summary, key)));
    list.items.push_back(std::move(node));
  }
  return list;
}

void announce(const Session& session, const ComponentSummary& summary, const std::string& url) {
  const auto& app = session.app();
  if (!app.json()) {
    app.print(fmt::format("{}\n{}", url, login_text(session, summary)));
    return app.say("Ctrl-C ends it");
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("type", Node::text("open"));
  document.set("component", Node::text(summary.name));
  document.set("url", Node::text(url));
  document.set("credentials", login_node(session, summary));
  app.print(support::write_json(document) + "\n");
}

/// Only on a desktop. In a session of its own: a browser that this starts must not end with us.
void open_browser(Session& session, const std::string& url) {
  const auto& app = session.app();
  const auto& environment = app.environment;
  if (app.options.no_browser || app.json()) return;
  if (environment.get("DISPLAY").empty() && environment.get("WAYLAND_DISPLAY").empty()) return;
  const auto path = environment.get("PATH");
  const auto opener = proc::find_executable("xdg-open", path).path;
  const auto detacher = proc::find_executable("setsid", path).path;
  if (opener.empty() || detacher.empty()) return;
  session.runner().start(kBrowser, session.resolve({.program = detacher, .args = {"--fork", opener, url}}));
}

}  // namespace

ExitCode open_command(App& app) {
  Session session(app, Session::Use::cluster);
  refuse_simulated(session);
  reach_cluster(session);
  refuse_simulated(session);
  const auto belongings = find_component(session);
  auto summary = summary_of(session, belongings.component);
  summary.ns = belongings.ns;
  // Says why nothing would answer; which pod it is is the Service's business.
  (void)usable_pods(session, belongings, read_objects(session, belongings));
  const Tunnel tunnel{.command =
                          [&](int port) {
                            return to_command(tools::KubectlPortForward{.ns = summary.ns,
                                                                        .service = summary.service,
                                                                        .local_port = port,
                                                                        .port = summary.port},
                                              session.access());
                          },
                      .announcement = "Forwarding from 127.0.0.1:",
                      .what = fmt::format("the forwarding to service/{}", summary.service),
                      .hint = app.options.flavour.empty()
                                  ? "if the flavour gives the Service another name, say which flavour: -f FILE"
                                  : fmt::format("`{} events {}` may say why", app.program, summary.name),
                      .port = app.options.port.value_or(0),
                      .port_origin = app.options.port ? "--port" : "",
                      .ready =
                          [&](int port) {
                            const auto url = fmt::format("http://127.0.0.1:{}{}", port, summary.path);
                            announce(session, summary, url);
                            open_browser(session, url);
                          }};
  return hold_tunnel(session, tunnel);
}

}  // namespace datamill::cli
