#include "datamill/capacity/judge.hpp"

#include "datamill/inventory/status_read.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace datamill::capacity {

using domain::NodeShortfall;
using support::Diagnostic;
using support::Diagnostics;
using support::Severity;

namespace {

constexpr std::size_t kMostNotes = 8;
constexpr std::size_t kMostNames = 3;

std::string lacks_text(const NodeShortfall& shortfall) {
  std::vector<std::string> parts;
  for (const auto& [what, text] : shortfall.lacks)
    parts.push_back(fmt::format("{}: {}", what, text));
  return support::join(parts, "; ");
}

/// "node a", "nodes a, b", "17 nodes (a, b, c, ...)".
std::string nodes_text(const std::vector<std::string>& names) {
  if (names.size() == 1) return "node " + names.front();
  if (names.size() <= kMostNames) return "nodes " + support::join(names, ", ");
  const std::vector<std::string> some(names.begin(), names.begin() + kMostNames);
  return fmt::format("{} nodes ({}, ...)", names.size(), support::join(some, ", "));
}

/// One line for all nodes that lack the same, in the nodes' order.
std::vector<std::string> node_notes(const std::vector<NodeShortfall>& nodes) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  std::map<std::string, std::size_t> known;
  for (const auto& node : nodes) {
    const auto text = lacks_text(node);
    const auto [group, is_new] = known.emplace(text, groups.size());
    if (is_new) groups.push_back({text, {}});
    groups[group->second].second.push_back(node.node);
  }
  std::vector<std::string> notes;
  for (const auto& [text, names] : groups) {
    if (notes.size() == kMostNotes) {
      notes.push_back(fmt::format("and {} more kinds of nodes", groups.size() - kMostNotes));
      break;
    }
    notes.push_back(fmt::format("{}: {}", nodes_text(names), text));
  }
  if (nodes.empty()) notes.emplace_back("the cluster has no nodes");
  return notes;
}

std::string amounts_text(const Amounts& amounts) {
  std::vector<std::string> parts;
  for (const auto& [name, amount] : amounts) {
    if (name != "pods" && amount > 0) parts.push_back(fmt::format("{} {}", name, format_amount(name, amount)));
  }
  return parts.empty() ? "nothing but a place" : support::join(parts, ", ");
}

void judge_room(const Cluster& cluster, const Wanted& wanted, Severity severity, Diagnostics& diagnostics) {
  const auto packing = pack(cluster, wanted.workloads);
  if (packing.misfits.empty()) return;
  const auto& first = packing.misfits.front();
  const auto& workload = wanted.workloads[first.workload];
  Diagnostic diagnostic{.code = "DM860",
                        .severity = severity,
                        .message = fmt::format("pod {} (component {}) fits on no node", first.pod, workload.component),
                        .hint = "add a node, make one larger, or ask for less (`datamill config show` lists the "
                                "settings); `--preflight warn` goes on all the same"};
  if (workload.per_node)
    diagnostic.message = fmt::format("pod {} (component {}) does not fit on its node", first.pod, workload.component);
  diagnostic.notes = node_notes(first.nodes);
  if (workload.assumed) {
    diagnostic.notes.push_back(
        fmt::format("an operator makes its pods, so its size is the `requests` of components/{}/component.yaml",
                    workload.component));
  }
  const auto count = packing.misfits.size();
  diagnostic.notes.push_back(
      count == 1 ? fmt::format("it asks for {}", amounts_text(packing.missing))
                 : fmt::format("{} pods find no room; together they ask for {}", count, amounts_text(packing.missing)));
  diagnostics.add(std::move(diagnostic));
}

bool has_class(const Cluster& cluster, const Wanted& wanted, const std::string& name) {
  return std::any_of(cluster.classes.begin(), cluster.classes.end(),
                     [&](const StorageClass& known) { return known.name == name; }) ||
         std::find(wanted.new_classes.begin(), wanted.new_classes.end(), name) != wanted.new_classes.end();
}

void judge_class(const Cluster& cluster, const Wanted& wanted, const WantedClaim& claim, Severity severity,
                 Diagnostics& diagnostics) {
  const auto what = fmt::format("volume {}/{} (component {})", claim.ns, claim.name, claim.component);
  if (claim.storage_class) {
    if (claim.storage_class->empty() || has_class(cluster, wanted, *claim.storage_class)) return;
    std::vector<std::string> names;
    for (const auto& known : cluster.classes)
      names.push_back(known.name);
    diagnostics.add(
        {.code = "DM862",
         .severity = severity,
         .message = fmt::format("{} asks for StorageClass \"{}\", which is not there", what, *claim.storage_class),
         .hint = names.empty() ? "the cluster has no StorageClass at all: install one first"
                               : fmt::format("there are: {}", support::join(names, ", "))});
    return;
  }
  const auto any_default = std::any_of(cluster.classes.begin(), cluster.classes.end(),
                                       [](const StorageClass& known) { return known.is_default; });
  if (any_default || !wanted.new_classes.empty()) return;
  diagnostics.add({.code = "DM862",
                   .severity = severity,
                   .message = fmt::format("{} names no StorageClass, and the cluster has no default one", what),
                   .hint = "mark one as the default: kubectl annotate storageclass NAME "
                           "storageclass.kubernetes.io/is-default-class=true"});
}

void judge_claims(const Cluster& cluster, const Wanted& wanted, const Surroundings& around, Diagnostics& diagnostics) {
  std::int64_t bytes = 0;
  std::size_t count = 0;
  std::string component;
  for (const auto& claim : wanted.claims) {
    const auto name = fmt::format("{}/{}", claim.ns, claim.name);
    if (std::find(cluster.claims.begin(), cluster.claims.end(), name) != cluster.claims.end()) continue;
    bytes += claim.bytes;
    ++count;
    if (component == claim.component) continue;  // one message per component says it
    const auto before = diagnostics.items().size();
    judge_class(cluster, wanted, claim, around.severity, diagnostics);
    if (diagnostics.items().size() > before) component = claim.component;
  }
  if (around.free_disk && bytes > *around.free_disk) {
    diagnostics.warning("DM863", {},
                        fmt::format("{} new volume{} may grow to {} together, and the disk has {} free", count,
                                    count == 1 ? "" : "s", inventory::format_bytes(bytes),
                                    inventory::format_bytes(*around.free_disk)),
                        "volumes of this cluster are folders on this machine's disk: nothing holds them to their size");
  }
}

void judge_ports(const Cluster& cluster, const Wanted& wanted, Severity severity, Diagnostics& diagnostics) {
  auto taken = cluster.node_ports;
  for (const auto& port : wanted.node_ports) {
    const auto [owner, is_new] = taken.emplace(port.port, port.service);
    if (is_new || owner->second == port.service) continue;
    diagnostics.add(
        {.code = "DM864",
         .severity = severity,
         .message = fmt::format("Service {} (component {}) asks for NodePort {}/{}, which Service {} has", port.service,
                                port.component, port.port.port, port.port.protocol, owner->second),
         .hint = "choose another port in the component's values, or none: the cluster takes a free one"});
  }
}

void judge_images(const Wanted& wanted, const std::vector<GoneImages>& gone, const Surroundings& around,
                  Diagnostics& diagnostics) {
  for (const auto& image : wanted.images) {
    const auto full = full_reference(image.reference);
    const auto row =
        std::find_if(gone.begin(), gone.end(), [&](const GoneImages& known) { return full.starts_with(known.prefix); });
    if (row == gone.end()) continue;
    const bool refuse = around.images_are_pulled && !row->some_left;
    diagnostics.add({.code = "DM866",
                     .severity = refuse ? around.severity : Severity::warning,
                     .message = fmt::format("image \"{}\" (component {}) {}", image.reference, image.component,
                                            row->some_left ? "may no longer be there" : "can no longer be had"),
                     .hint = row->instead,
                     .notes = {fmt::format("since {}: {}", row->since, row->what)}});
  }
}

}  // namespace

Diagnostics judge(const Cluster& cluster, const Wanted& wanted, const std::vector<GoneImages>& gone,
                  const Surroundings& around) {
  Diagnostics diagnostics;
  judge_room(cluster, wanted, around.severity, diagnostics);
  judge_claims(cluster, wanted, around, diagnostics);
  judge_ports(cluster, wanted, around.severity, diagnostics);
  judge_images(wanted, gone, around, diagnostics);
  return diagnostics;
}

std::string full_reference(const std::string& reference) {
  const auto slash = reference.find('/');
  const auto first = reference.substr(0, slash);
  const bool registry =
      slash != std::string::npos && (first.find_first_of(".:") != std::string::npos || first == "localhost");
  if (!registry) return full_reference(fmt::format("docker.io/{}", reference));
  if (first == "index.docker.io" || first == "registry-1.docker.io")
    return full_reference("docker.io" + reference.substr(slash));
  if (first == "docker.io" && reference.find('/', slash + 1) == std::string::npos)
    return fmt::format("docker.io/library{}", reference.substr(slash));
  return reference;
}

}  // namespace datamill::capacity
