#include "cli/status_report.hpp"

#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace datamill::cli {

using support::Node;

namespace {

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
    item.set("last_termination", Node::text(problem.last_end));
    item.set("restarts", Node::integer(problem.restarts));
    problems.items.push_back(std::move(item));
  }
  auto node = Node::map();
  node.set("total", Node::integer(report.total));
  node.set("ready", Node::integer(report.ready));
  node.set("not_ready", std::move(problems));
  return node;
}

/// "2026-01-31T08:00:00Z", "" for never.
std::string time_text(std::int64_t seconds) {
  if (seconds == 0) return {};
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

Node parts_node(const std::vector<ClusterPart>& parts, bool watched) {
  auto list = Node::sequence();
  for (const auto& part : parts) {
    auto item = Node::map();
    item.set("name", Node::text(part.name));
    item.set("running", Node::boolean(part.running));
    if (watched) {
      item.set("running_since", Node::text(time_text(part.since)));
      item.set("resident_bytes", Node::integer(part.resident_bytes));
      item.set("restarts", Node::integer(part.restarts));
      item.set("last_end", Node::text(part.last_end));
      item.set("last_end_at", Node::text(time_text(part.last_end_at)));
    }
    list.items.push_back(std::move(item));
  }
  return list;
}

Node nodes_node(const std::vector<inventory::NodeHealth>& nodes) {
  auto list = Node::sequence();
  for (const auto& node : nodes) {
    auto item = Node::map();
    item.set("name", Node::text(node.name));
    item.set("ready", Node::boolean(node.ready));
    item.set("version", Node::text(node.version));
    item.set("address", Node::text(node.address));
    item.set("cordoned", Node::boolean(node.cordoned));
    item.set("problem", Node::text(node.problem));
    list.items.push_back(std::move(item));
  }
  return list;
}

Node endpoints_node(const std::vector<inventory::Endpoint>& endpoints) {
  auto list = Node::sequence();
  for (const auto& endpoint : endpoints) {
    auto reach = Node::sequence();
    for (const auto& address : endpoint.reach)
      reach.items.push_back(Node::text(address));
    auto item = Node::map();
    item.set("namespace", Node::text(endpoint.ns));
    item.set("service", Node::text(endpoint.name));
    item.set("service_type", Node::text(endpoint.type));
    item.set("address", Node::text(endpoint.address));
    item.set("reach", std::move(reach));
    list.items.push_back(std::move(item));
  }
  return list;
}

Node volumes_node(const std::vector<inventory::ClaimSize>& claims) {
  std::int64_t bytes = 0;
  auto list = Node::sequence();
  for (const auto& claim : claims) {
    bytes += claim.bytes;
    auto item = Node::map();
    item.set("namespace", Node::text(claim.ns));
    item.set("name", Node::text(claim.name));
    item.set("phase", Node::text(claim.phase));
    item.set("storage_class", Node::text(claim.storage_class));
    item.set("requested", Node::text(claim.requested));
    list.items.push_back(std::move(item));
  }
  auto node = Node::map();
  node.set("requested_bytes", Node::integer(bytes));
  node.set("claims", std::move(list));
  return node;
}

Node debug_node(const std::vector<Leftover>& leftovers) {
  auto list = Node::sequence();
  for (const auto& [pod, reason] : leftovers) {
    auto item = Node::map();
    item.set("namespace", Node::text(pod.ns));
    item.set("name", Node::text(pod.name));
    item.set("created", Node::text(pod.created));
    item.set("reason", Node::text(reason));
    list.items.push_back(std::move(item));
  }
  return list;
}

Node findings_node(const std::vector<Diagnosis>& diagnoses) {
  auto list = Node::sequence();
  for (const auto& diagnosis : diagnoses) {
    for (const auto& finding : diagnosis.findings) {
      auto item = Node::map();
      item.set("component", Node::text(diagnosis.belongings.component));
      item.set("finding", domain::finding_node(finding));
      list.items.push_back(std::move(item));
    }
  }
  return list;
}

Node folder_node(const Status& status) {
  auto node = Node::map();
  node.set("path", Node::text(status.folder));
  node.set("bytes", Node::integer(status.folder_bytes));
  return node;
}

}  // namespace

std::string status_json(const Session& session, const Status& status) {
  const auto& snapshot = session.snapshot();
  const auto& target = session.target();
  auto cluster = Node::map();
  cluster.set("name", Node::text(target.cluster_name));
  cluster.set("location", Node::text(std::string(domain::to_name(target.location))));
  cluster.set("provider", Node::text(target.provider));
  cluster.set("state", Node::text(status.state));
  cluster.set("kubernetes_version", Node::text(status.kubernetes_version));
  cluster.set("simulated", Node::boolean(snapshot.facts.simulated));
  cluster.set("nodes", Node::integer(snapshot.nodes));
  cluster.set("ready_nodes", Node::integer(snapshot.ready_nodes));
  cluster.set("kubeconfig", Node::text(session.access().kubeconfig));
  cluster.set("context", Node::text(session.access().context));
  cluster.set("parts", parts_node(status.parts, status.parts_are_watched));
  cluster.set("node_list", nodes_node(status.report.nodes));
  if (!status.folder.empty()) cluster.set("state_folder", folder_node(status));
  if (status.layers) {
    cluster.set("snapshotter", Node::text(status.layers->snapshotter));
    cluster.set("snapshotter_reason", Node::text(status.layers->reason));
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("cluster", std::move(cluster));
  document.set("components", components_node(snapshot));
  document.set("pods", pods_node(status.report.pods));
  document.set("endpoints", endpoints_node(status.report.endpoints));
  document.set("volumes", volumes_node(status.report.claims));
  document.set("findings", findings_node(status.diagnoses));
  document.set("debug_leftovers", debug_node(status.leftovers));
  return support::write_json(document) + "\n";
}

}  // namespace datamill::cli
