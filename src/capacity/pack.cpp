#include "datamill/capacity/pack.hpp"

#include "capacity/room.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace datamill::capacity {

using domain::NodeShortfall;

namespace {

enum class Choice : std::uint8_t { first, fullest, emptiest };

bool makes(const Workload& workload, const RunningPod& pod) {
  return !workload.assumed && pod.owner.kind == workload.object.kind && pod.owner.ns == workload.object.ns &&
         pod.owner.name == workload.object.name;
}

/// The nodes with what stays on them: pods of the workloads themselves make room for their successors.
Room room_before(const Cluster& cluster, const std::vector<Workload>& workloads) {
  Room room(cluster, workloads);
  for (const auto& pod : cluster.pods) {
    const auto replaced =
        std::any_of(workloads.begin(), workloads.end(), [&](const Workload& workload) { return makes(workload, pod); });
    if (!replaced) room.occupy(pod);
  }
  return room;
}

std::string pod_name(const Workload& workload, int number) {
  const auto& object = workload.object;
  if (workload.assumed || object.kind == "Pod") return object.name;
  if (object.kind == "StatefulSet") return fmt::format("{}-{}", object.name, number);
  if (workload.replicas == 1) return fmt::format("of {} {}", object.kind, object.name);
  return fmt::format("{} of {} of {} {}", number + 1, workload.replicas, object.kind, object.name);
}

/// Those with the fewest nodes to choose from first, then the largest; equal ones in their own order.
std::vector<std::size_t> hardest_first(const Room& room, const std::vector<Workload>& workloads) {
  std::vector<std::size_t> order(workloads.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<std::pair<std::size_t, double>> weight;
  for (std::size_t i = 0; i < workloads.size(); ++i)
    weight.emplace_back(room.choices(i), room.share(i));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (weight[a].first != weight[b].first) return weight[a].first < weight[b].first;
    return weight[a].second > weight[b].second;
  });
  return order;
}

std::size_t choose(const Room& room, std::size_t workload, Choice choice) {
  std::size_t best = room.nodes();
  double best_fill = 0;
  for (std::size_t node = 0; node < room.nodes(); ++node) {
    if (!room.fits(workload, node)) continue;
    if (choice == Choice::first) return node;
    const double fill = room.fill(node);
    if (best == room.nodes() || (choice == Choice::fullest ? fill > best_fill : fill < best_fill)) {
      best = node;
      best_fill = fill;
    }
  }
  return best;
}

std::vector<NodeShortfall> shortfalls(const Room& room, std::size_t workload) {
  std::vector<NodeShortfall> nodes;
  for (std::size_t node = 0; node < room.nodes(); ++node)
    nodes.push_back(room.shortfall(workload, node));
  return nodes;
}

/// One pod on every node that the DaemonSet may use.
void place_daemons(Room& room, const std::vector<Workload>& workloads, std::size_t index, Packing& packing) {
  for (std::size_t node = 0; node < room.nodes(); ++node) {
    if (!room.suits(index, node)) continue;
    if (room.fits(index, node)) {
      room.place(index, node);
      packing.placed.push_back({.workload = index, .node = node});
    } else {
      packing.misfits.push_back({.workload = index,
                                 .pod = fmt::format("of DaemonSet {}", workloads[index].object.name),
                                 .nodes = {room.shortfall(index, node)}});
    }
  }
}

Packing attempt(Room room, const std::vector<Workload>& workloads, Choice choice) {
  Packing packing;
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    if (workloads[i].per_node) place_daemons(room, workloads, i, packing);
  }
  for (const auto i : hardest_first(room, workloads)) {
    if (workloads[i].per_node) continue;
    for (int number = 0; number < workloads[i].replicas; ++number) {
      const auto node = choose(room, i, choice);
      if (node == room.nodes()) {
        const bool first = packing.misfits.empty();
        packing.misfits.push_back({.workload = i,
                                   .pod = pod_name(workloads[i], number),
                                   .nodes = first ? shortfalls(room, i) : std::vector<NodeShortfall>{}});
      } else {
        room.place(i, node);
        packing.placed.push_back({.workload = i, .node = node});
      }
    }
  }
  return packing;
}

}  // namespace

Packing pack(const Cluster& cluster, const std::vector<Workload>& workloads) {
  const auto room = room_before(cluster, workloads);
  Packing best = attempt(room, workloads, Choice::first);
  for (const auto choice : {Choice::fullest, Choice::emptiest}) {
    if (best.misfits.empty()) return best;
    if (auto other = attempt(room, workloads, choice); other.misfits.size() < best.misfits.size())
      best = std::move(other);
  }
  for (const auto& misfit : best.misfits) {
    for (const auto& [name, amount] : workloads[misfit.workload].pod.requests)
      best.missing[name] += amount;
  }
  return best;
}

}  // namespace datamill::capacity
