#pragma once

#include "datamill/capacity/cluster.hpp"
#include "datamill/domain/finding.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace datamill::capacity {

/// Nodes while they are being filled. Resources are numbered and what never changes is judged once, so that a question
/// costs a handful of comparisons. Keeps references to the cluster and the workloads.
class Room {
public:
  Room(const Cluster& cluster, const std::vector<Workload>& workloads);

  [[nodiscard]] std::size_t nodes() const { return cluster_->nodes.size(); }
  /// Counts a pod that stays.
  void occupy(const RunningPod& pod);
  void place(std::size_t workload, std::size_t node);

  /// Whether the node would take the pod if it were empty of others: taints, selectors, affinity to nodes.
  [[nodiscard]] bool suits(std::size_t workload, std::size_t node) const { return suits_[workload][node]; }
  [[nodiscard]] bool fits(std::size_t workload, std::size_t node) const;
  /// Number of nodes that suit it.
  [[nodiscard]] std::size_t choices(std::size_t workload) const;
  /// How much of the largest node one pod takes, of the resource it takes most of.
  [[nodiscard]] double share(std::size_t workload) const;
  /// How much of the node is taken, on average of cpu and memory.
  [[nodiscard]] double fill(std::size_t node) const;
  /// Why it does not fit; empty lacks where it does.
  [[nodiscard]] domain::NodeShortfall shortfall(std::size_t workload, std::size_t node) const;

private:
  /// A pod that wants others kept away.
  struct Keeper {
    const PodShape* shape = nullptr;
    std::size_t node = 0;
  };

  [[nodiscard]] std::size_t number_of(const std::string& resource);
  [[nodiscard]] std::vector<std::int64_t> numbered(const Amounts& amounts);
  void settle(const PodShape& shape, std::size_t node);
  [[nodiscard]] bool ports_free(const PodShape& pod, std::size_t node) const;
  [[nodiscard]] bool kept_apart(const PodShape& pod, std::size_t node) const;
  [[nodiscard]] bool spread_allows(const PodShape& pod, std::size_t workload, std::size_t node) const;
  [[nodiscard]] const std::string* place_of(std::size_t node, const std::string& topology) const;
  [[nodiscard]] bool same_place(std::size_t a, std::size_t b, const std::string& topology) const;
  void add_static_lacks(const PodShape& pod, const ClusterNode& node, domain::NodeShortfall& shortfall) const;

  const Cluster* cluster_;
  const std::vector<Workload>* workloads_;
  std::vector<std::string> resources_{};
  std::map<std::string, std::size_t> numbers_{};
  std::vector<std::vector<std::int64_t>> needs_{};         ///< by workload
  std::vector<std::vector<std::int64_t>> total_{};         ///< by node
  std::vector<std::vector<std::int64_t>> free_{};          ///< by node
  std::vector<std::vector<bool>> suits_{};                 ///< by workload and node
  std::vector<std::vector<const PodShape*>> residents_{};  ///< by node
  std::vector<std::set<HostPort>> ports_{};                ///< taken, by node
  std::vector<Keeper> keepers_{};
  std::map<std::string, std::size_t, std::less<>> node_numbers_{};
};

}  // namespace datamill::capacity
