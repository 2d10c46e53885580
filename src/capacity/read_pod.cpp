// A pod's specification, as the scheduler reads it.
#include "datamill/capacity/wanted.hpp"
#include "datamill/inventory/status_read.hpp"
#include "datamill/support/units.hpp"

#include <algorithm>

namespace datamill::capacity {

using support::Node;

namespace {

const std::vector<Node>& items_at(const Node* node, std::string_view key) {
  static const std::vector<Node> none{};
  const auto* list = node == nullptr ? nullptr : node->find(key);
  return list == nullptr ? none : list->items;
}

Labels labels_of(const Node* map) {
  Labels labels;
  if (map == nullptr) return labels;
  for (const auto& entry : map->entries)
    labels.emplace(entry.key, entry.value.scalar);
  return labels;
}

std::vector<std::string> texts(const Node& node, std::string_view key) {
  std::vector<std::string> texts;
  for (const auto& item : items_at(&node, key))
    texts.push_back(item.scalar);
  return texts;
}

Requirement requirement_of(const Node& node) {
  return {.key = std::string(node.text_at("key")),
          .op = std::string(node.text_at("operator")),
          .values = texts(node, "values")};
}

/// matchLabels and matchExpressions together.
Selector label_selector(const Node* node) {
  Selector selector;
  if (node == nullptr) return selector;
  for (const auto& [key, value] : labels_of(node->find("matchLabels")))
    selector.push_back({.key = key, .op = "In", .values = {value}});
  for (const auto& expression : items_at(node, "matchExpressions"))
    selector.push_back(requirement_of(expression));
  return selector;
}

Amounts requests_of(const Node& holder) {
  Amounts amounts;
  const auto* resources = holder.find("resources");
  if (resources == nullptr) return amounts;
  for (const auto* key : {"limits", "requests"}) {  // requests win
    const auto* map = resources->find(key);
    if (map == nullptr) continue;
    for (const auto& entry : map->entries)
      amounts[entry.key] = inventory::parse_milli(entry.value.scalar);
  }
  return amounts;
}

void add(Amounts& sum, const Amounts& more) {
  for (const auto& [name, amount] : more)
    sum[name] += amount;
}

void raise(Amounts& sum, const Amounts& least) {
  for (const auto& [name, amount] : least) {
    auto& slot = sum[name];
    slot = std::max(slot, amount);
  }
}

Amounts total_requests(const Node& spec) {
  Amounts total;
  for (const auto& container : items_at(&spec, "containers"))
    add(total, requests_of(container));
  Amounts sidecars;
  Amounts highest;
  for (const auto& container : items_at(&spec, "initContainers")) {
    const auto own = requests_of(container);
    // A sidecar goes on running beside what comes after it (kubernetes docs: restartPolicy Always).
    if (container.text_at("restartPolicy") == "Always") {
      add(sidecars, own);
      raise(highest, sidecars);
    } else {
      auto peak = sidecars;
      add(peak, own);
      raise(highest, peak);
    }
  }
  add(total, sidecars);
  raise(total, highest);
  for (const auto& [name, amount] : requests_of(spec))  // of the pod as a whole: instead of the sum
    total[name] = amount;
  if (const auto* overhead = spec.find("overhead")) {
    for (const auto& entry : overhead->entries)
      total[entry.key] += inventory::parse_milli(entry.value.scalar);
  }
  total["pods"] = 1000;
  return total;
}

std::vector<HostPort> host_ports(const Node& spec) {
  std::vector<HostPort> ports;
  const bool host_network = spec.text_at("hostNetwork") == "true";
  for (const auto& container : items_at(&spec, "containers")) {
    for (const auto& port : items_at(&container, "ports")) {
      const auto number = support::parse_integer(port.text_at(host_network ? "containerPort" : "hostPort"));
      if (!number || *number <= 0) continue;
      const auto protocol = port.text_at("protocol");
      ports.push_back(
          {.port = static_cast<int>(*number), .protocol = protocol.empty() ? "TCP" : std::string(protocol)});
    }
  }
  return ports;
}

std::vector<Selector> node_affinity(const Node& spec) {
  std::vector<Selector> terms;
  const auto* required = spec.find_path({"affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"});
  for (const auto& term : items_at(required, "nodeSelectorTerms")) {
    Selector selector;
    for (const auto& expression : items_at(&term, "matchExpressions"))
      selector.push_back(requirement_of(expression));
    for (const auto& field : items_at(&term, "matchFields"))  // metadata.name: read_cluster makes a label of it
      selector.push_back(requirement_of(field));
    terms.push_back(std::move(selector));
  }
  return terms;
}

std::vector<AntiAffinity> anti_affinity(const Node& spec, const std::string& ns) {
  std::vector<AntiAffinity> terms;
  const auto* group = spec.find_path({"affinity", "podAntiAffinity"});
  for (const auto& term : items_at(group, "requiredDuringSchedulingIgnoredDuringExecution")) {
    AntiAffinity anti{.selector = label_selector(term.find("labelSelector")),
                      .topology = std::string(term.text_at("topologyKey")),
                      .namespaces = texts(term, "namespaces")};
    if (anti.namespaces.empty()) anti.namespaces.push_back(ns);
    if (!anti.selector.empty()) terms.push_back(std::move(anti));
  }
  return terms;
}

std::vector<Spread> spreads(const Node& spec) {
  std::vector<Spread> found;
  for (const auto& constraint : items_at(&spec, "topologySpreadConstraints")) {
    if (constraint.text_at("whenUnsatisfiable") == "ScheduleAnyway") continue;
    const auto skew = support::parse_integer(constraint.text_at("maxSkew")).value_or(1);
    found.push_back({.selector = label_selector(constraint.find("labelSelector")),
                     .topology = std::string(constraint.text_at("topologyKey")),
                     .max_skew = static_cast<int>(skew)});
  }
  return found;
}

}  // namespace

PodShape read_pod(const Node* metadata, const Node& spec, const std::string& ns) {
  PodShape pod{.ns = ns, .requests = total_requests(spec)};
  if (metadata != nullptr) pod.labels = labels_of(metadata->find("labels"));
  pod.node_selector = labels_of(spec.find("nodeSelector"));
  pod.node_affinity = node_affinity(spec);
  for (const auto& toleration : items_at(&spec, "tolerations")) {
    pod.tolerations.push_back({.key = std::string(toleration.text_at("key")),
                               .op = std::string(toleration.text_at("operator")),
                               .value = std::string(toleration.text_at("value")),
                               .effect = std::string(toleration.text_at("effect"))});
  }
  pod.host_ports = host_ports(spec);
  pod.anti_affinity = anti_affinity(spec, ns);
  pod.spreads = spreads(spec);
  return pod;
}

}  // namespace datamill::capacity
