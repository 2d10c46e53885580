// Nodes and namespaces.
#include "diagnose/containers.hpp"
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace datamill::diagnose {

using domain::Finding;
using support::Node;

namespace {

bool is_unscheduled(const Node& pod) {
  return condition_is(pod, "PodScheduled", "False");
}

/// Nodes that pods of ours are on; all where one of them finds no place.
Objects nodes_that_count(const Case& rules) {
  std::set<std::string, std::less<>> names;
  bool all = false;
  for (const auto* pod : rules.pods()) {
    names.emplace(text_at(*pod, {"spec", "nodeName"}));
    all = all || is_unscheduled(*pod);
  }
  Objects nodes;
  for (const auto& entry : rules.world().of("Node")) {
    if (all || names.contains(entry.first.name)) nodes.push_back(&entry.second);
  }
  return nodes;
}

struct Pressure {
  std::string_view type{};
  std::string_view cause{};
  std::string_view next{};
};
/// kubernetes docs, "Node conditions".
constexpr std::array kPressures{
    Pressure{"MemoryPressure", "the node is running out of memory, so pods are evicted and new ones are kept away",
             "see who uses it with `kubectl top pods -A`, ask for less, or give the node more memory"},
    Pressure{"DiskPressure", "a disk of the node is nearly full, so pods are evicted and images removed",
             "make room on the node (`df -h`), or give it a bigger disk"},
    Pressure{"PIDPressure", "the node has nearly no process numbers left",
             "look for a program that starts processes without end (`ps -e | wc -l` on the node)"},
    Pressure{"NetworkUnavailable", "the node's network is not set up: the network plugin does not run there",
             "look at the network plugin's pods with `kubectl get pods -n kube-system -o wide`"},
};

std::string cause_of_unready(const Node& ready) {
  const auto message = lower(ready.text_at("message"));
  if (has_any(message, {"cni", "network plugin"}))
    return "the node's network plugin is not installed or does not run, so no pod gets an address";
  if (ready.text_at("status") == "Unknown")
    return "the node's kubelet has stopped to report: the machine is down, cut off, or out of memory";
  if (has_any(message, {"container runtime", "pleg"})) return "the container runtime on the node does not answer";
  return "the node's kubelet says that it is not ready";
}

/// "v1beta1.metrics.k8s.io (data-mill/metrics-server)" of each API that does not answer.
std::vector<std::string> dead_api_services(const Case& rules) {
  std::vector<std::string> names;
  for (const auto& entry : rules.world().of("APIService")) {
    if (condition_is(entry.second, "Available", "False")) names.push_back(entry.first.name);
  }
  return names;
}

/// The first of these conditions that holds, in the order in which they hinder.
const Node* hindrance(const Node& space) {
  for (const auto* type :
       {"NamespaceDeletionDiscoveryFailure", "NamespaceDeletionGroupVersionParsingFailure",
        "NamespaceDeletionContentFailure", "NamespaceFinalizersRemaining", "NamespaceContentRemaining"}) {
    if (condition_is(space, type, "True")) return condition(space, type);
  }
  return nullptr;
}

void explain_namespace(const Case& rules, const Node& space, Finding& finding) {
  const auto* why = hindrance(space);
  const auto name = name_of(space);
  finding.cause = "the namespace is being deleted, and nothing can be made in it until it is gone";
  finding.next = fmt::format("wait until it is gone (`kubectl get namespace {}`), then go on", name);
  if (why == nullptr) return;
  finding.reason = std::string(why->text_at("reason"));
  finding.message = one_line(why->text_at("message"));
  const auto dead = dead_api_services(rules);
  if (why->text_at("type") == "NamespaceDeletionDiscoveryFailure") {
    finding.cause = "the namespace cannot be deleted because an API that an extension serves does not answer";
    finding.next = dead.empty() ? "find it with `kubectl get apiservices`: bring its service back, or delete it"
                                : fmt::format("bring its service back, or `kubectl delete apiservice {}`",
                                              support::join(dead, " "));
  } else if (why->text_at("type") == "NamespaceFinalizersRemaining") {
    finding.cause = "objects in the namespace have finalizers, and who would take them off does not run any more";
    finding.next = fmt::format("bring the operator back that the finalizer belongs to, or take the finalizers off the "
                               "objects that `kubectl get all,pvc -n {}` and the message name",
                               name);
  }
}

}  // namespace

Findings nodes_not_ready(const Case& rules) {
  Findings found;
  for (const auto* node : nodes_that_count(rules)) {
    const auto* ready = condition(*node, "Ready");
    if (ready == nullptr || ready->text_at("status") == "True") continue;
    auto finding = about(rules, *node);
    finding.reason = std::string(ready->text_at("reason"));
    finding.message = one_line(ready->text_at("message"));
    finding.cause = cause_of_unready(*ready);
    finding.next = fmt::format("kubectl describe node {}", name_of(*node));
    found.push_back(std::move(finding));
  }
  return found;
}

Findings nodes_under_pressure(const Case& rules) {
  Findings found;
  for (const auto* node : nodes_that_count(rules)) {
    for (const auto& [type, cause, next] : kPressures) {
      if (!condition_is(*node, type, "True")) continue;
      auto finding = about(rules, *node);
      finding.reason = std::string(type);
      finding.message = one_line(condition(*node, type)->text_at("message"));
      finding.cause = std::string(cause);
      finding.next = std::string(next);
      found.push_back(std::move(finding));
    }
  }
  return found;
}

Findings pods_evicted(const Case& rules) {
  Findings found;
  for (const auto* pod : rules.pods()) {
    if (text_at(*pod, {"status", "reason"}) != "Evicted") continue;
    auto finding = about(rules, *pod);
    finding.reason = "Evicted";
    finding.message = one_line(text_at(*pod, {"status", "message"}));
    const auto resource = between(finding.message, "low on resource: ", ".");
    finding.cause = fmt::format("the node {} ran short of {} and put the pod out", text_at(*pod, {"spec", "nodeName"}),
                                resource.empty() ? "a resource" : resource);
    finding.next = fmt::format("set requests for {} in {}, so that it is only placed where there is enough",
                               resource.empty() ? "it" : resource, owner_of(finding));
    found.push_back(std::move(finding));
  }
  return found;
}

Findings namespaces_stuck(const Case& rules) {
  Findings found;
  for (const auto& name : rules.scope().namespaces) {
    const auto* space = rules.world().find("Namespace", {.name = name});
    if (space == nullptr || !is_being_deleted(*space)) continue;
    auto finding = about(rules, *space);
    finding.reason = "Terminating";
    explain_namespace(rules, *space, finding);
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace datamill::diagnose
