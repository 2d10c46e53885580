#include "capacity/room.hpp"

#include "datamill/capacity/pack.hpp"
#include "datamill/inventory/status_read.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::capacity {

using domain::NodeShortfall;

namespace {

bool stays_away(const std::vector<Toleration>& tolerations, const Taint& taint) {
  return taint.effect != "PreferNoSchedule" && !tolerates(tolerations, taint);
}

bool selector_holds(const PodShape& pod, const ClusterNode& node) {
  return std::all_of(pod.node_selector.begin(), pod.node_selector.end(), [&](const auto& wanted) {
    const auto label = node.labels.find(wanted.first);
    return label != node.labels.end() && label->second == wanted.second;
  });
}

bool affinity_holds(const PodShape& pod, const ClusterNode& node) {
  return pod.node_affinity.empty() ||
         std::any_of(pod.node_affinity.begin(), pod.node_affinity.end(),
                     [&](const Selector& term) { return !term.empty() && matches(term, node.labels); });
}

bool node_suits(const Workload& workload, const ClusterNode& node) {
  const auto& pod = workload.pod;
  if (!selector_holds(pod, node) || !affinity_holds(pod, node)) return false;
  // The pods of DaemonSets are put on cordoned nodes too (kubernetes docs, "Taints and tolerations" of DaemonSets).
  if (node.cordoned && !workload.per_node) return false;
  return std::none_of(node.taints.begin(), node.taints.end(),
                      [&](const Taint& taint) { return stays_away(pod.tolerations, taint); });
}

bool meant(const AntiAffinity& anti, const PodShape& pod) {
  return std::find(anti.namespaces.begin(), anti.namespaces.end(), pod.ns) != anti.namespaces.end() &&
         matches(anti.selector, pod.labels);
}

std::string selector_text(const Labels& selector) {
  std::vector<std::string> words;
  for (const auto& [key, value] : selector)
    words.push_back(fmt::format("{}={}", key, value));
  return support::join(words, ",");
}

std::string taint_text(const Taint& taint) {
  const auto value = taint.value.empty() ? std::string{} : "=" + taint.value;
  return fmt::format("{}{}:{}", taint.key, value, taint.effect);
}

}  // namespace

Room::Room(const Cluster& cluster, const std::vector<Workload>& workloads)
    : cluster_(&cluster), workloads_(&workloads), residents_(cluster.nodes.size()), ports_(cluster.nodes.size()) {
  for (const auto& workload : workloads) {
    needs_.push_back(numbered(workload.pod.requests));
    auto& row = suits_.emplace_back();
    for (const auto& node : cluster.nodes)
      row.push_back(node_suits(workload, node));
  }
  for (std::size_t i = 0; i < cluster.nodes.size(); ++i) {
    total_.push_back(numbered(cluster.nodes[i].allocatable));
    node_numbers_.emplace(cluster.nodes[i].name, i);
  }
  for (auto& amounts : total_)
    amounts.resize(resources_.size(), 0);
  free_ = total_;
}

std::size_t Room::number_of(const std::string& resource) {
  const auto [known, is_new] = numbers_.emplace(resource, resources_.size());
  if (is_new) resources_.push_back(resource);
  return known->second;
}

std::vector<std::int64_t> Room::numbered(const Amounts& amounts) {
  std::vector<std::int64_t> row;
  for (const auto& [name, amount] : amounts) {
    const auto number = number_of(name);
    if (row.size() <= number) row.resize(number + 1, 0);
    row[number] = amount;
  }
  return row;
}

void Room::settle(const PodShape& shape, std::size_t node) {
  residents_[node].push_back(&shape);
  ports_[node].insert(shape.host_ports.begin(), shape.host_ports.end());
  if (!shape.anti_affinity.empty()) keepers_.push_back({.shape = &shape, .node = node});
}

void Room::occupy(const RunningPod& pod) {
  const auto node = node_numbers_.find(pod.node);
  if (node == node_numbers_.end()) return;
  for (const auto& [name, amount] : pod.shape.requests) {
    // What no node and no pod of the plan knows is of no interest.
    if (const auto number = numbers_.find(name); number != numbers_.end())
      free_[node->second][number->second] -= amount;
  }
  settle(pod.shape, node->second);
}

void Room::place(std::size_t workload, std::size_t node) {
  const auto& needs = needs_[workload];
  for (std::size_t i = 0; i < needs.size(); ++i)
    free_[node][i] -= needs[i];
  settle((*workloads_)[workload].pod, node);
}

bool Room::fits(std::size_t workload, std::size_t node) const {
  if (!suits_[workload][node]) return false;
  if (!cluster_->nodes[node].allocatable.empty()) {
    const auto& needs = needs_[workload];
    const auto& free = free_[node];
    for (std::size_t i = 0; i < needs.size(); ++i) {
      if (needs[i] > 0 && needs[i] > free[i]) return false;
    }
  }
  const auto& pod = (*workloads_)[workload].pod;
  return ports_free(pod, node) && kept_apart(pod, node) && spread_allows(pod, workload, node);
}

bool Room::ports_free(const PodShape& pod, std::size_t node) const {
  return std::none_of(pod.host_ports.begin(), pod.host_ports.end(),
                      [&](const HostPort& port) { return ports_[node].contains(port); });
}

const std::string* Room::place_of(std::size_t node, const std::string& topology) const {
  const auto& labels = cluster_->nodes[node].labels;
  // A node without the label is its own place where hosts are meant: its name says which.
  const auto label = labels.find(topology);
  if (label != labels.end()) return &label->second;
  return topology == "kubernetes.io/hostname" ? &cluster_->nodes[node].name : nullptr;
}

bool Room::same_place(std::size_t a, std::size_t b, const std::string& topology) const {
  const auto* here = place_of(a, topology);
  const auto* there = place_of(b, topology);
  return here != nullptr && there != nullptr && *here == *there;
}

/// Both ways: it may keep away from who is there, and who is there from it.
bool Room::kept_apart(const PodShape& pod, std::size_t node) const {
  for (const auto& anti : pod.anti_affinity) {
    for (std::size_t other = 0; other < nodes(); ++other) {
      if (!same_place(node, other, anti.topology)) continue;
      const auto& residents = residents_[other];
      if (std::any_of(residents.begin(), residents.end(), [&](const PodShape* shape) { return meant(anti, *shape); }))
        return false;
    }
  }
  return std::none_of(keepers_.begin(), keepers_.end(), [&](const Keeper& keeper) {
    const auto& terms = keeper.shape->anti_affinity;
    return std::any_of(terms.begin(), terms.end(), [&](const AntiAffinity& anti) {
      return meant(anti, pod) && same_place(node, keeper.node, anti.topology);
    });
  });
}

bool Room::spread_allows(const PodShape& pod, std::size_t workload, std::size_t node) const {
  for (const auto& spread : pod.spreads) {
    const auto* here = place_of(node, spread.topology);
    if (here == nullptr) return false;
    std::map<std::string, int> counts;
    for (std::size_t other = 0; other < nodes(); ++other) {
      const auto* there = place_of(other, spread.topology);
      // Only places the pod could go to count (kubernetes docs: nodeAffinityPolicy Honor).
      if (there == nullptr || !suits_[workload][other]) continue;
      auto& count = counts[*there];
      for (const auto* resident : residents_[other])
        count += resident->ns == pod.ns && matches(spread.selector, resident->labels) ? 1 : 0;
    }
    int least = counts.empty() ? 0 : counts.begin()->second;
    for (const auto& [name, count] : counts)
      least = std::min(least, count);
    if (counts[*here] + 1 - least > spread.max_skew) return false;
  }
  return true;
}

std::size_t Room::choices(std::size_t workload) const {
  return static_cast<std::size_t>(std::count(suits_[workload].begin(), suits_[workload].end(), true));
}

double Room::share(std::size_t workload) const {
  double largest = 0;
  const auto& needs = needs_[workload];
  for (std::size_t i = 0; i < needs.size(); ++i) {
    std::int64_t most = 0;
    for (const auto& node : total_)
      most = std::max(most, node[i]);
    if (most > 0) largest = std::max(largest, static_cast<double>(needs[i]) / static_cast<double>(most));
  }
  return largest;
}

double Room::fill(std::size_t node) const {
  double sum = 0;
  for (const auto* name : {"cpu", "memory"}) {
    const auto number = numbers_.find(name);
    if (number == numbers_.end() || total_[node][number->second] <= 0) continue;
    sum += 1 - static_cast<double>(free_[node][number->second]) / static_cast<double>(total_[node][number->second]);
  }
  return sum / 2;
}

void Room::add_static_lacks(const PodShape& pod, const ClusterNode& node, NodeShortfall& shortfall) const {
  if (node.cordoned) shortfall.lacks.emplace_back("cordoned", "kubectl uncordon takes pods again");
  for (const auto& taint : node.taints) {
    if (stays_away(pod.tolerations, taint)) shortfall.lacks.emplace_back("taint", taint_text(taint));
  }
  if (!selector_holds(pod, node))
    shortfall.lacks.emplace_back("selector", "asks for " + selector_text(pod.node_selector));
  if (!affinity_holds(pod, node)) shortfall.lacks.emplace_back("affinity", "required node affinity does not hold");
}

NodeShortfall Room::shortfall(std::size_t workload, std::size_t node) const {
  const auto& pod = (*workloads_)[workload].pod;
  NodeShortfall shortfall{.node = cluster_->nodes[node].name};
  if (!suits_[workload][node]) add_static_lacks(pod, cluster_->nodes[node], shortfall);
  const auto& needs = needs_[workload];
  for (std::size_t i = 0; i < needs.size() && !cluster_->nodes[node].allocatable.empty(); ++i) {
    if (needs[i] <= 0 || needs[i] <= free_[node][i]) continue;
    const auto& name = resources_[i];
    const auto free = std::max<std::int64_t>(free_[node][i], 0);
    shortfall.lacks.emplace_back(name, fmt::format("needs {}, {} of {} free", format_amount(name, needs[i]),
                                                   format_amount(name, free), format_amount(name, total_[node][i])));
  }
  if (!ports_free(pod, node)) shortfall.lacks.emplace_back("port", "a host port it asks for is taken");
  if (!kept_apart(pod, node)) shortfall.lacks.emplace_back("anti-affinity", "keeps away from a pod that is there");
  if (!spread_allows(pod, workload, node))
    shortfall.lacks.emplace_back("spread", "its topology spread constraint does not allow another one there");
  return shortfall;
}

std::string format_amount(std::string_view resource, std::int64_t milli) {
  if (resource == "memory" || resource == "ephemeral-storage" || resource.starts_with("hugepages-"))
    return inventory::format_bytes(milli / 1000);
  auto text = fmt::format("{}.{:03}", milli / 1000, milli % 1000);
  while (text.ends_with('0'))
    text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace datamill::capacity
