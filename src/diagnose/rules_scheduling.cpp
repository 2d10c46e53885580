#include "diagnose/containers.hpp"
#include "diagnose/node_fit.hpp"
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

namespace datamill::diagnose {

using domain::Finding;
using support::Node;

namespace {

/// What most of the nodes lack, and how many of them.
std::pair<std::string, std::size_t> commonest_lack(const Finding& finding) {
  std::map<std::string, std::size_t> counts;
  for (const auto& node : finding.nodes) {
    std::map<std::string, bool> seen;
    for (const auto& [what, text] : node.lacks) {
      if (seen.emplace(what, true).second) ++counts[what];
    }
  }
  std::pair<std::string, std::size_t> best;
  for (const auto& [what, count] : counts) {
    if (count > best.second) best = {what, count};
  }
  return best;
}

/// The text of the first node's lack of this kind, which is the nearest to fitting.
std::string lack_text(const Finding& finding, const std::string& what) {
  for (const auto& node : finding.nodes) {
    for (const auto& [kind, text] : node.lacks) {
      if (kind == what) return text;
    }
  }
  return {};
}

double largest(const World& world, const std::string& resource) {
  double most = 0;
  for (const auto& entry : world.of("Node")) {
    const auto has = allocatable_of(entry.second);
    if (const auto found = has.find(resource); found != has.end()) most = std::max(most, found->second);
  }
  return most;
}

void explain_amount(const World& world, const std::string& resource, double wanted, Finding& finding) {
  const auto most = largest(world, resource);
  const auto owner = owner_of(finding);
  if (most <= 0) {
    finding.cause = fmt::format("the pod needs {} of {}, and no node has any", amount_text(resource, wanted), resource);
    finding.next = fmt::format("add a node with {}, and the device plugin that announces it", resource);
  } else if (wanted > most) {
    finding.cause = fmt::format("the pod asks for {} of {}, and the largest node has {}", amount_text(resource, wanted),
                                resource, amount_text(resource, most));
    finding.next = fmt::format("lower resources.requests.{} in {}, or add a larger node", resource, owner);
  } else {
    finding.cause = fmt::format("no node has {} of {} left", amount_text(resource, wanted), resource);
    finding.next =
        fmt::format("lower resources.requests.{} in {}, uninstall something, or add a node", resource, owner);
  }
}

/// Of what cannot be counted only the scheduler's sentence tells the kind.
void explain_other(Finding& finding) {
  const auto text = lower(finding.message);
  finding.next = fmt::format("see the pod's rules with `kubectl describe {}`", kubectl_words(finding.chain.back()));
  if (has_any(text, {"affinity", "spread"})) {
    finding.cause = "a rule about other pods (affinity, anti-affinity or spread) leaves no node";
  } else if (has_any(text, {"volume", "storage"})) {
    finding.cause = "a volume of the pod cannot be used or made on any node";
    finding.next = fmt::format("kubectl describe pvc -n {}", finding.chain.back().ns);
  } else {
    finding.cause = "the scheduler leaves out every node for the reason that it says";
  }
}

void explain_rule(const std::string& what, Finding& finding) {
  const auto text = lack_text(finding, what);
  const auto owner = owner_of(finding);
  const auto& node = finding.nodes.front().node;
  if (what == "taint") {
    finding.cause = fmt::format("nodes are reserved by a taint that the pod does not tolerate: {}", text);
    finding.next = fmt::format("add a toleration for it to {}, or take the taint off: kubectl taint node {} {}-", owner,
                               node, text);
  } else if (what == "cordoned") {
    finding.cause = "nodes are closed to new pods";
    finding.next = fmt::format("kubectl uncordon {}", node);
  } else if (what == "selector") {
    finding.cause = fmt::format("the pod only goes to nodes with the label {}, and no node that has room has it", text);
    finding.next = fmt::format("kubectl label node {} {}, or change nodeSelector in {}", node, text, owner);
  } else if (what == "affinity") {
    finding.cause = fmt::format("the pod only goes to nodes where {}, and no node that has room is one", text);
    finding.next = fmt::format("change nodeAffinity in {}, or label a node", owner);
  } else if (what == "volume zone") {
    finding.cause = fmt::format("the pod's volume is not where a free node is: {}", text);
    finding.next = "make room on a node of the volume's place, or start with a new volume";
  } else if (what == "pods") {
    finding.cause = "the nodes have as many pods as they may have";
    finding.next = "uninstall something, raise the kubelet's maxPods, or add a node";
  } else if (what == "host port") {
    finding.cause = fmt::format("the pod wants a port of its node that another one has: {}", text);
    finding.next = fmt::format("use another hostPort in {}", owner);
  } else {
    explain_other(finding);
  }
}

/// The claim that the pod waits for; nullptr where all are bound or bind late.
const Node* unbound_claim(const Case& rules, const Node& pod) {
  for (const auto& volume : items_at(pod, {"spec", "volumes"})) {
    const auto name = text_at(volume, {"persistentVolumeClaim", "claimName"});
    if (name.empty()) continue;
    const auto* claim =
        rules.world().find("PersistentVolumeClaim", {.ns = namespace_of(pod), .name = std::string(name)});
    if (claim != nullptr && text_at(*claim, {"status", "phase"}) == "Pending") return claim;
  }
  return nullptr;
}

void explain_claim(const Node& claim, Finding& finding) {
  finding.cause = fmt::format("the pod waits for its claim {}, which has no volume yet", name_of(claim));
  finding.next = fmt::format("kubectl describe {}", kubectl_words(ref_of(claim)));
}

void explain_nodes(const Case& rules, const Node& pod, Finding& finding) {
  if (finding.nodes.empty()) {
    finding.cause = "the cluster has no nodes";
    finding.next = "add a node; `datamill status` shows what there is";
    return;
  }
  const auto [what, count] = commonest_lack(finding);
  const auto wanted = requests_of(pod);
  if (const auto amount = wanted.find(what); amount != wanted.end()) {
    explain_amount(rules.world(), what, amount->second, finding);
  } else {
    explain_rule(what, finding);
  }
  const auto others = finding.nodes.size() - count;
  if (others == 1) finding.cause += "; another node lacks something else";
  if (others > 1) finding.cause += fmt::format("; {} other nodes lack something else", others);
}

void explain(const Case& rules, const NodeLoads& loads, const Node& pod, Finding& finding) {
  if (const auto* gate = condition(pod, "PodScheduled"); gate->text_at("reason") == "SchedulingGated") {
    finding.cause = "a scheduling gate holds the pod back until its controller removes it";
    finding.next = fmt::format("kubectl describe {}", kubectl_words(finding.chain.back()));
    return;
  }
  const auto text = lower(finding.message);
  const auto* claim = unbound_claim(rules, pod);
  const auto missing = between(finding.message, "persistentvolumeclaim \"", "\" not found");
  if (!missing.empty()) {
    finding.cause = fmt::format("the claim \"{}\" that the pod mounts does not exist", missing);
    finding.next = fmt::format("create the PersistentVolumeClaim {} in namespace {}, or correct its name in {}",
                               missing, finding.chain.back().ns, owner_of(finding));
  } else if (claim != nullptr && has_any(text, {"unbound immediate"})) {
    explain_claim(*claim, finding);
  } else if (rules.world().knows("Node")) {
    finding.nodes = shortfalls(rules.world(), loads, pod);
    explain_nodes(rules, pod, finding);
    if (claim != nullptr && commonest_lack(finding).first == "other") explain_claim(*claim, finding);
  }
}

}  // namespace

Findings pods_unschedulable(const Case& rules) {
  Findings found;
  Objects pods = rules.pods();
  std::erase_if(pods, [](const Node* pod) { return !condition_is(*pod, "PodScheduled", "False"); });
  if (pods.empty()) return found;
  const NodeLoads loads(rules.world());
  for (const auto* pod : pods) {
    auto finding = about(rules, *pod);
    const auto* scheduled = condition(*pod, "PodScheduled");
    finding.reason = std::string(scheduled->text_at("reason"));
    finding.message = one_line(scheduled->text_at("message"));
    if (const auto* event = rules.warning(*pod, {"FailedScheduling"}); event != nullptr)
      finding.event = event_text(*event);
    explain(rules, loads, *pod, finding);
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace datamill::diagnose
