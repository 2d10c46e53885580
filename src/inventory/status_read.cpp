#include "datamill/inventory/status_read.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::inventory {

namespace {

using Fields = std::vector<std::string>;

// One line an object: kind, namespace, name, then what its kind has. Messages are quoted, for they hold newlines.
constexpr std::string_view kNodePart =
    "{{.status.nodeInfo.kubeletVersion}}\t"
    "{{range .status.conditions}}{{if eq .type \"Ready\"}}{{.status}}\t{{if ne .status \"True\"}}{{with "
    ".reason}}{{.}}: "
    "{{end}}{{with .message}}{{printf \"%q\" .}}{{end}}{{end}}{{end}}{{end}}\t"
    "{{range .status.addresses}}{{.type}}={{.address}} {{end}}\t{{with .spec.unschedulable}}cordoned{{end}}";

constexpr std::string_view kPodPart =
    "{{if .metadata.deletionTimestamp}}Terminating{{else}}{{with .status.phase}}{{.}}{{end}}{{end}}\t"
    "{{range .status.conditions}}{{if eq .type \"Ready\"}}{{.status}}{{end}}{{end}}\t"
    "{{range .status.initContainerStatuses}}{{with .state.waiting}}{{.reason}}: {{with .message}}{{printf \"%q\" .}}"
    "{{end}}{{\"\\x1f\"}}{{end}}{{end}}"
    "{{range .status.containerStatuses}}{{with .state.waiting}}{{.reason}}: {{with .message}}{{printf \"%q\" .}}"
    "{{end}}{{\"\\x1f\"}}{{end}}{{end}}\t"
    "{{with .status.reason}}{{.}}: {{end}}{{with .status.message}}{{printf \"%q\" .}}{{end}}{{\"\\x1f\"}}"
    "{{range .status.conditions}}{{if eq .status \"False\"}}{{with .reason}}{{.}}{{end}}: "
    "{{with .message}}{{printf \"%q\" .}}{{end}}{{\"\\x1f\"}}{{end}}{{end}}\t"
    "{{range .status.containerStatuses}}{{with .state.terminated}}{{.reason}}, exit code "
    "{{.exitCode}}{{\"\\x1f\"}}{{end}}"
    "{{with .lastState.terminated}}{{.reason}}, exit code {{.exitCode}}{{\"\\x1f\"}}{{end}}{{end}}\t"
    "{{range .status.containerStatuses}}{{.restartCount}} {{end}}\t"
    "{{with .metadata.labels}}{{with index . \"datamill.io/debug\"}}{{.}}{{end}}{{end}}\t"
    "{{.metadata.creationTimestamp}}\t"
    "{{with .metadata.annotations}}{{with index . \"datamill.io/debug-owner\"}}{{.}}{{end}}{{end}}";

constexpr std::string_view kServicePart =
    "{{.spec.type}}\t{{range .spec.ports}}{{.port}}/{{with .nodePort}}{{.}}{{end}} {{end}}\t"
    "{{range .status.loadBalancer.ingress}}{{with .ip}}{{.}} {{end}}{{with .hostname}}{{.}} {{end}}{{end}}";

constexpr std::string_view kClaimPart = "{{.status.phase}}\t{{with .spec.storageClassName}}{{.}}{{end}}\t"
                                        "{{with .spec.resources.requests}}{{.storage}}{{end}}";

std::string first_line(std::string text) {
  text = support::replace_all(std::move(text), "\\\"", "'");
  text = support::replace_all(std::move(text), "\"", "");
  text = support::replace_all(std::move(text), "\\n", " ");
  return std::string(support::trim(text));
}

/// The first of several "Reason: message" that says something; what only waits for another container comes last.
std::string best_reason(const std::string& field) {
  std::string fallback;
  for (const auto& part : support::split(field, '\x1f')) {
    auto text = first_line(part);
    if (text.ends_with(':')) text.pop_back();
    if (text.empty()) continue;
    if (!text.starts_with("PodInitializing") && !text.starts_with("ContainerCreating"))
      return support::elide_middle(text, 160);
    if (fallback.empty()) fallback = text;
  }
  return fallback;
}

void read_node(const Fields& fields, ClusterReport& report) {
  NodeHealth node{.name = fields[2], .version = fields[3], .problem = first_line(fields[5])};
  node.ready = fields[4] == "True";
  node.cordoned = !fields[7].empty();
  for (const auto& entry : support::split_list(fields[6], " ")) {
    const auto equals = entry.find('=');
    const auto type = entry.substr(0, equals);
    if (type == "ExternalIP" || (type == "InternalIP" && node.address.empty())) node.address = entry.substr(equals + 1);
  }
  report.nodes.push_back(std::move(node));
}

int sum(const std::string& numbers) {
  std::int64_t total = 0;
  for (const auto& number : support::split_list(numbers, " "))
    total += support::parse_integer(number).value_or(0);
  return static_cast<int>(total);
}

void read_pod(const Fields& fields, PodReport& pods) {
  ++pods.total;
  const auto& phase = fields[3];
  if (fields[4] == "True" || phase == "Succeeded") {
    ++pods.ready;
    return;
  }
  auto reason = best_reason(fields[5]);
  if (reason.empty() || reason == "PodInitializing" || reason == "ContainerCreating") {
    auto condition = best_reason(fields[6]);
    if (!condition.empty() && reason.empty()) reason = std::move(condition);
  }
  pods.problems.push_back({.ns = fields[1],
                           .name = fields[2],
                           .phase = phase,
                           .reason = std::move(reason),
                           .last_end = best_reason(fields[7]),
                           .restarts = sum(fields[8])});
}

/// `node` is an address behind which NodePorts answer; "" if none is known.
void read_service(const Fields& fields, const std::string& node, ClusterReport& report) {
  Endpoint endpoint{.ns = fields[1], .name = fields[2], .type = fields[3]};
  if (endpoint.type != "LoadBalancer" && endpoint.type != "NodePort") return;
  const auto addresses = support::split_list(fields[5], " ");
  if (!addresses.empty()) endpoint.address = addresses.front();
  for (const auto& port : support::split_list(fields[4], " ")) {
    const auto slash = port.find('/');
    const auto node_port = port.substr(slash + 1);
    if (!endpoint.address.empty())
      endpoint.reach.push_back(fmt::format("{}:{}", endpoint.address, port.substr(0, slash)));
    else if (!node.empty() && !node_port.empty() && endpoint.type == "NodePort")
      endpoint.reach.push_back(fmt::format("{}:{}", node, node_port));
  }
  report.endpoints.push_back(std::move(endpoint));
}

void read_claim(const Fields& fields, ClusterReport& report) {
  report.claims.push_back({.ns = fields[1],
                           .name = fields[2],
                           .phase = fields[3],
                           .storage_class = fields[4],
                           .requested = fields[5],
                           .bytes = parse_quantity(fields[5])});
}

std::string reachable_address(const std::vector<NodeHealth>& nodes) {
  for (const auto& node : nodes) {
    if (node.ready && !node.address.empty()) return node.address;
  }
  return {};
}

}  // namespace

command::Command status_read(const domain::KubeAccess& kube) {
  auto text = fmt::format("{{{{range .items}}}}{{{{.kind}}}}\t{{{{with .metadata.namespace}}}}{{{{.}}}}{{{{end}}}}\t"
                          "{{{{.metadata.name}}}}\t"
                          "{{{{if eq .kind \"Node\"}}}}{}{{{{else if eq .kind \"Pod\"}}}}{}"
                          "{{{{else if eq .kind \"Service\"}}}}{}{{{{else}}}}{}{{{{end}}}}{{{{\"\\n\"}}}}{{{{end}}}}",
                          kNodePart, kPodPart, kServicePart, kClaimPart);
  // Nodes first: Services are read with their addresses.
  return to_command(tools::KubectlGetTemplate{.kinds = {"nodes", "pods", "services", "persistentvolumeclaims"},
                                              .go_template = std::move(text)},
                    kube);
}

command::Command room_read(const domain::KubeAccess& kube) {
  return to_command(
      tools::KubectlGetJson{.kinds = {"nodes", "pods", "services", "storageclasses", "persistentvolumeclaims"}}, kube);
}

ClusterReport parse_status(std::string_view output, const std::vector<std::string>& namespaces) {
  ClusterReport report;
  for (const auto& line : support::split_lines(output)) {
    auto fields = support::split(line, '\t');
    fields.resize(std::max<std::size_t>(fields.size(), 12));
    for (auto& field : fields) {
      if (field == "<no value>") field.clear();
    }
    const auto& kind = fields[0];
    if (kind == "Node") read_node(fields, report);
    if (kind == "Pod" && !fields[9].empty()) {
      report.debug_pods.push_back(
          {.ns = fields[1], .name = fields[2], .phase = fields[3], .created = fields[10], .owner = fields[11]});
      continue;
    }
    if (std::find(namespaces.begin(), namespaces.end(), fields[1]) == namespaces.end()) continue;
    if (kind == "Pod") read_pod(fields, report.pods);
    if (kind == "Service") read_service(fields, reachable_address(report.nodes), report);
    if (kind == "PersistentVolumeClaim") read_claim(fields, report);
  }
  return report;
}

command::Command version_read(const domain::KubeAccess& kube) {
  command::Command command{.program = "kubectl", .args = {"get", "--raw", "/version"}};
  tools::add_kube_access(command, kube, "--context");
  return command;
}

std::string parse_version(std::string_view output) {
  try {
    return std::string(support::read_json(output, "the API server's version").text_at("gitVersion"));
  } catch (const support::Failure&) {
    return {};
  }
}

}  // namespace datamill::inventory
