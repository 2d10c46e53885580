#include "datamill/node/service_addresses.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace datamill::node {

using support::Node;

namespace {

/// A condition that Kubernetes itself defines for this (API reference: LoadBalancerPortsError).
constexpr std::string_view kCondition = "LoadBalancerPortsError";

std::string text_at(const Node& node, std::initializer_list<std::string_view> path) {
  const auto* found = node.find_path(path);
  return found == nullptr ? std::string{} : found->scalar;
}

std::string full_name(const Node& service) {
  return fmt::format("{}/{}", text_at(service, {"metadata", "namespace"}), text_at(service, {"metadata", "name"}));
}

bool is_ours(const Node& service) {
  return text_at(service, {"spec", "type"}) == "LoadBalancer" &&
         service.find_path({"spec", "loadBalancerClass"}) == nullptr &&
         service.find_path({"metadata", "deletionTimestamp"}) == nullptr;
}

std::vector<std::string> ports_of(const Node& service) {
  std::vector<std::string> ports;
  if (const auto* list = service.find_path({"spec", "ports"})) {
    for (const auto& port : list->items) {
      const auto protocol = port.text_at("protocol");
      ports.push_back(fmt::format("{}/{}", port.text_at("port"), protocol.empty() ? "TCP" : protocol));
    }
  }
  return ports;
}

std::vector<std::string> addresses_of(const Node& service) {
  std::vector<std::string> addresses;
  if (const auto* list = service.find_path({"status", "loadBalancer", "ingress"})) {
    for (const auto& ingress : list->items)
      addresses.emplace_back(ingress.text_at("ip"));
  }
  return addresses;
}

/// What our condition says; "" where it is not there.
std::string told_problem(const Node& service) {
  if (const auto* list = service.find_path({"status", "conditions"})) {
    for (const auto& condition : list->items) {
      if (condition.text_at("type") == kCondition) return std::string(condition.text_at("message"));
    }
  }
  return {};
}

/// A merge patch replaces lists: the conditions of others come along.
std::string patch_of(const Node& service, std::string_view address, const std::string& problem, std::string_view now) {
  auto ingress = Node::sequence();
  auto conditions = Node::sequence();
  if (const auto* list = service.find_path({"status", "conditions"})) {
    std::copy_if(list->items.begin(), list->items.end(), std::back_inserter(conditions.items),
                 [](const Node& condition) { return condition.text_at("type") != kCondition; });
  }
  if (problem.empty()) {
    ingress.items.push_back(Node::map({{.key = "ip", .value = Node::text(std::string(address))}}));
  } else {
    conditions.items.push_back(Node::map({{.key = "type", .value = Node::text(std::string(kCondition))},
                                          {.key = "status", .value = Node::text("True")},
                                          {.key = "reason", .value = Node::text("PortTaken")},
                                          {.key = "message", .value = Node::text(problem)},
                                          {.key = "lastTransitionTime", .value = Node::text(std::string(now))}}));
  }
  auto balancer = Node::map();
  balancer.set("ingress", std::move(ingress));
  auto status = Node::map();
  status.set("loadBalancer", std::move(balancer));
  status.set("conditions", std::move(conditions));
  auto document = Node::map();
  document.set("status", std::move(status));
  return support::write_json(document);
}

std::string event_of(const Node& service, const std::string& problem, std::string_view now) {
  const auto ns = text_at(service, {"metadata", "namespace"});
  const auto name = text_at(service, {"metadata", "name"});
  auto about = Node::map();
  about.set("apiVersion", Node::text("v1"));
  about.set("kind", Node::text("Service"));
  about.set("namespace", Node::text(ns));
  about.set("name", Node::text(name));
  about.set("uid", Node::text(text_at(service, {"metadata", "uid"})));
  auto metadata = Node::map();
  metadata.set("generateName", Node::text(name + "."));
  metadata.set("namespace", Node::text(ns));
  auto event = Node::map();
  event.set("apiVersion", Node::text("v1"));
  event.set("kind", Node::text("Event"));
  event.set("metadata", std::move(metadata));
  event.set("involvedObject", std::move(about));
  event.set("type", Node::text("Warning"));
  event.set("reason", Node::text("PortTaken"));
  event.set("message", Node::text("no address: " + problem));
  event.set("source", Node::map({{.key = "component", .value = Node::text("datamill")}}));
  event.set("firstTimestamp", Node::text(std::string(now)));
  event.set("lastTimestamp", Node::text(std::string(now)));
  event.set("count", Node::integer(1));
  return support::write_json(event);
}

}  // namespace

std::vector<AddressChange> address_changes(const Node& list, std::string_view address,
                                           const std::set<std::string>& taken, std::string_view now) {
  std::vector<const Node*> services;
  if (const auto* items = list.find("items")) {
    for (const auto& item : items->items) {
      if (is_ours(item)) services.push_back(&item);
    }
  }
  const std::vector<std::string> wanted{std::string(address)};
  const auto key = [&](const Node* service) {
    return std::tuple(addresses_of(*service) != wanted, text_at(*service, {"metadata", "creationTimestamp"}),
                      full_name(*service));
  };
  std::sort(services.begin(), services.end(), [&](const Node* a, const Node* b) { return key(a) < key(b); });
  std::map<std::string, std::string> holders;
  for (const auto& port : taken)
    holders.emplace(port, "the node itself");
  std::vector<AddressChange> changes;
  for (const auto* service : services) {
    const auto ports = ports_of(*service);
    std::string problem;
    for (const auto& port : ports) {
      if (const auto held = holders.find(port); held != holders.end() && problem.empty())
        problem = fmt::format("port {} is taken by {}", port, held->second);
    }
    if (problem.empty()) {
      for (const auto& port : ports)
        holders.emplace(port, "Service " + full_name(*service));
    }
    const bool has_address = addresses_of(*service) == wanted;
    if (has_address == problem.empty() && told_problem(*service) == problem) continue;
    changes.push_back({.ns = text_at(*service, {"metadata", "namespace"}),
                       .name = text_at(*service, {"metadata", "name"}),
                       .patch = patch_of(*service, address, problem, now),
                       .problem = problem,
                       .event = problem.empty() ? std::string{} : event_of(*service, problem, now)});
  }
  return changes;
}

}  // namespace datamill::node
