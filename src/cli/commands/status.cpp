#include "cli/commands/commands.hpp"
#include "cli/session.hpp"
#include "datamill/inventory/pods.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::cli {

using planner::ClusterState;
using support::ExitCode;
using support::Node;

namespace {

/// What there is to say; the cluster's part is empty unless it runs.
struct Status {
  std::string state{};
  inventory::PodReport pods{};
};

std::string release_text(const domain::InventoryEntry& entry, const domain::ClusterSnapshot& snapshot) {
  if (entry.kept) return "kept";
  std::vector<std::string> texts;
  for (const auto& release : entry.releases) {
    const auto* state = snapshot.release(release.ns, release.name);
    texts.push_back(state == nullptr ? fmt::format("{}: gone", release.name) : state->status);
  }
  return texts.empty() ? std::string("applied") : support::join(texts, ",");
}

std::string versions(const domain::InventoryEntry& entry) {
  std::vector<std::string> texts;
  for (const auto& release : entry.releases)
    texts.push_back(release.version.empty() ? release.chart : fmt::format("{} {}", release.chart, release.version));
  return support::join(texts, ",");
}

Node components_node(const domain::ClusterSnapshot& snapshot) {
  auto components = Node::sequence();
  for (const auto& entry : snapshot.inventory) {
    auto node = Node::map();
    node.set("name", Node::text(entry.component));
    node.set("namespace", Node::text(entry.ns));
    node.set("kept", Node::boolean(entry.kept));
    auto releases = Node::sequence();
    for (const auto& release : entry.releases) {
      const auto* state = snapshot.release(release.ns, release.name);
      auto item = Node::map();
      item.set("name", Node::text(release.name));
      item.set("chart", Node::text(release.chart));
      item.set("version", Node::text(release.version));
      item.set("revision", Node::integer(state == nullptr ? 0 : state->revision));
      item.set("status", Node::text(state == nullptr ? "gone" : state->status));
      releases.items.push_back(std::move(item));
    }
    node.set("releases", std::move(releases));
    auto claims = Node::sequence();
    for (const auto& claim : entry.claims)
      claims.items.push_back(Node::text(claim));
    node.set("claims", std::move(claims));
    components.items.push_back(std::move(node));
  }
  return components;
}

Node pods_node(const inventory::PodReport& report) {
  auto problems = Node::sequence();
  for (const auto& problem : report.problems) {
    auto item = Node::map();
    item.set("namespace", Node::text(problem.ns));
    item.set("name", Node::text(problem.name));
    item.set("phase", Node::text(problem.phase));
    item.set("reason", Node::text(problem.reason));
    problems.items.push_back(std::move(item));
  }
  auto node = Node::map();
  node.set("total", Node::integer(report.total));
  node.set("ready", Node::integer(report.ready));
  node.set("not_ready", std::move(problems));
  return node;
}

std::string status_json(const Session& session, const Status& status) {
  const auto& snapshot = session.snapshot();
  const auto& target = session.target();
  auto cluster = Node::map();
  cluster.set("name", Node::text(target.cluster_name));
  cluster.set("location", Node::text(std::string(domain::to_name(target.location))));
  cluster.set("provider", Node::text(target.provider));
  cluster.set("state", Node::text(status.state));
  cluster.set("kubernetes_version", Node::text(snapshot.facts.kubernetes_version));
  cluster.set("simulated", Node::boolean(snapshot.facts.simulated));
  cluster.set("nodes", Node::integer(snapshot.nodes));
  cluster.set("ready_nodes", Node::integer(snapshot.ready_nodes));
  cluster.set("kubeconfig", Node::text(session.access().kubeconfig));
  cluster.set("context", Node::text(session.access().context));
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("cluster", std::move(cluster));
  document.set("components", components_node(snapshot));
  document.set("pods", pods_node(status.pods));
  return support::write_json(document) + "\n";
}

std::string status_text(const Session& session, const Status& status, int width) {
  const auto& snapshot = session.snapshot();
  auto text = fmt::format("{}: {}", planner::describe_cluster(session.target()), status.state);
  if (status.state != "running") return text + "\n";
  text += fmt::format(", {} of {} nodes ready", snapshot.ready_nodes, snapshot.nodes);
  if (!snapshot.facts.kubernetes_version.empty()) text += ", Kubernetes " + snapshot.facts.kubernetes_version;
  text += snapshot.facts.simulated ? ", pods are simulated\n" : "\n";
  if (snapshot.inventory.empty()) return text + "nothing is installed\n";
  std::vector<std::vector<std::string>> rows{{"COMPONENT", "NAMESPACE", "STATE", "CHARTS", "FLAVOURS"}};
  for (const auto& entry : snapshot.inventory) {
    rows.push_back(
        {entry.component, entry.ns, release_text(entry, snapshot), versions(entry), support::join(entry.claims, ",")});
  }
  text += "\n" + ui::render_table(rows, width);
  text += fmt::format("\nPods: {} of {} ready\n", status.pods.ready, status.pods.total);
  for (const auto& problem : status.pods.problems) {
    text += fmt::format("  {}/{}  {}  {}\n", problem.ns, problem.name, problem.phase, problem.reason);
  }
  return text;
}

Status look(Session& session) {
  if (session.cluster_state() == ClusterState::absent) return {.state = "absent"};
  if (session.cluster_state() == ClusterState::partial) return {.state = "unfinished"};
  if (!session.look_for_tools()) session.get_tools();
  if (!session.read_cluster()) return {.state = "stopped"};
  std::set<std::string> namespaces;
  for (const auto& entry : session.snapshot().inventory)
    namespaces.insert(entry.ns);
  Status status{.state = "running"};
  if (!namespaces.empty()) {
    const auto output = session.read(inventory::pods_read(session.access()), "the pods");
    status.pods = inventory::parse_pods(output, {namespaces.begin(), namespaces.end()});
  }
  return status;
}

}  // namespace

ExitCode status_command(App& app) {
  Session session(app, Session::Use::cluster);
  const auto status = look(session);
  if (app.json()) {
    app.print(status_json(session, status));
  } else {
    app.print(
        status_text(session, status, app.options.output == Output::wide || !app.out.is_terminal ? 0 : app.out.width));
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli
