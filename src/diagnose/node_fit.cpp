#include "diagnose/node_fit.hpp"

#include "datamill/support/text.hpp"
#include "diagnose/node_selectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace datamill::diagnose {

using domain::NodeShortfall;
using support::Node;

namespace {

using Lacks = std::vector<std::pair<std::string, std::string>>;
constexpr std::size_t kMostNodes = 100;

bool takes_room(const Node& pod) {
  const auto phase = text_at(pod, {"status", "phase"});
  return phase != "Succeeded" && phase != "Failed" && !text_at(pod, {"spec", "nodeName"}).empty();
}

std::vector<std::string> host_ports(const Node& pod) {
  std::vector<std::string> ports;
  for (const auto& container : items_at(pod, {"spec", "containers"})) {
    for (const auto& port : items_at(container, {"ports"})) {
      const auto number = port.text_at("hostPort");
      const auto protocol = port.text_at("protocol");
      if (!number.empty() && number != "0")
        ports.push_back(fmt::format("{}/{}", number, protocol.empty() ? "TCP" : protocol));
    }
  }
  return ports;
}

void add_amounts(const Node& pod, const Node& node, const NodeLoads::Load& load, Lacks& lacks) {
  const auto has = allocatable_of(node);
  for (const auto& [resource, wanted] : requests_of(pod)) {
    const auto all = has.find(resource);
    if (wanted <= 0) continue;
    if (all == has.end() || all->second <= 0) {
      lacks.emplace_back(resource, fmt::format("needs {}, the node has none", amount_text(resource, wanted)));
      continue;
    }
    const auto used = load.used.find(resource);
    const double free = all->second - (used == load.used.end() ? 0 : used->second);
    // Sums of thousandths are not exact.
    if (wanted <= free + 1e-6) continue;
    lacks.emplace_back(resource,
                       fmt::format("needs {}, {} of {} free", amount_text(resource, wanted),
                                   amount_text(resource, std::max(0.0, free)), amount_text(resource, all->second)));
  }
  const auto most = has.find("pods");
  if (most != has.end() && load.pods >= most->second)
    lacks.emplace_back("pods", fmt::format("{} of {} taken", load.pods, amount_text("pods", most->second)));
}

void add_rules(const Node& pod, const Node& node, Lacks& lacks) {
  if (is_true(node, {"spec", "unschedulable"})) lacks.emplace_back("cordoned", "no new pods (kubectl cordon)");
  if (auto taint = repelling_taint(pod, node)) lacks.emplace_back("taint", std::move(*taint));
  if (const auto* selector = pod.find_path({"spec", "nodeSelector"}); selector != nullptr) {
    for (const auto& [key, key_at, value] : selector->entries) {
      if (label(node, key) != value.scalar) lacks.emplace_back("selector", fmt::format("{}={}", key, value.scalar));
    }
  }
  const auto* affinity =
      pod.find_path({"spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"});
  if (affinity == nullptr) return;
  if (auto missing = unmet(*affinity, node)) lacks.emplace_back("affinity", std::move(*missing));
}

/// A volume that exists may be reached from some nodes only.
void add_volumes(const World& world, const Node& pod, const Node& node, Lacks& lacks) {
  for (const auto& volume : items_at(pod, {"spec", "volumes"})) {
    const auto name = text_at(volume, {"persistentVolumeClaim", "claimName"});
    if (name.empty()) continue;
    const auto* claim = world.find("PersistentVolumeClaim", {.ns = namespace_of(pod), .name = std::string(name)});
    if (claim == nullptr) continue;
    const auto* bound = world.find("PersistentVolume", {.name = std::string(text_at(*claim, {"spec", "volumeName"}))});
    const auto* required = bound == nullptr ? nullptr : bound->find_path({"spec", "nodeAffinity", "required"});
    if (required == nullptr) continue;
    if (const auto missing = unmet(*required, node))
      lacks.emplace_back("volume zone", fmt::format("claim {} is where {}", name, *missing));
  }
}

Lacks lacks_of(const World& world, const NodeLoads& loads, const Node& pod, const Node& node) {
  Lacks lacks;
  const auto& load = loads.of(name_of(node));
  add_rules(pod, node, lacks);
  add_amounts(pod, node, load, lacks);
  add_volumes(world, pod, node, lacks);
  for (const auto& port : host_ports(pod)) {
    if (const auto taken = load.ports.find(port); taken != load.ports.end())
      lacks.emplace_back("host port", fmt::format("{} is taken by pod {}", port, taken->second));
  }
  if (lacks.empty()) lacks.emplace_back("other", "nothing that can be counted; the reason above has it");
  return lacks;
}

}  // namespace

NodeLoads::NodeLoads(const World& world) {
  for (const auto& [key, pod] : world.of("Pod")) {
    if (!takes_room(pod)) continue;
    auto& load = loads_[std::string(text_at(pod, {"spec", "nodeName"}))];
    ++load.pods;
    for (const auto& [resource, amount] : requests_of(pod))
      load.used[resource] += amount;
    for (auto& port : host_ports(pod))
      load.ports.emplace(std::move(port), fmt::format("{}/{}", key.ns, key.name));
  }
}

const NodeLoads::Load& NodeLoads::of(const std::string& node) const {
  static const Load none{};
  const auto found = loads_.find(node);
  return found == loads_.end() ? none : found->second;
}

std::vector<NodeShortfall> shortfalls(const World& world, const NodeLoads& loads, const Node& pod) {
  std::vector<NodeShortfall> all;
  for (const auto& [key, node] : world.of("Node"))
    all.push_back({.node = key.name, .lacks = lacks_of(world, loads, pod, node)});
  std::stable_sort(all.begin(), all.end(),
                   [](const NodeShortfall& a, const NodeShortfall& b) { return a.lacks.size() < b.lacks.size(); });
  if (all.size() > kMostNodes) all.resize(kMostNodes);
  return all;
}

}  // namespace datamill::diagnose
