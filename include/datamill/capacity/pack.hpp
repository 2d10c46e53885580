#pragma once

#include "datamill/capacity/cluster.hpp"
#include "datamill/domain/finding.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::capacity {

/// A pod for which there is no room.
struct Misfit {
  std::size_t workload = 0;                    ///< index
  std::string pod{};                           ///< "lake-0", "web-1": where the cluster names it, "pod 1 of web"
  std::vector<domain::NodeShortfall> nodes{};  ///< what each node lacks; of a DaemonSet only the one it is meant for
};

struct Placement {
  std::size_t workload = 0;
  std::size_t node = 0;
};

struct Packing {
  std::vector<Placement> placed{};
  std::vector<Misfit> misfits{};  ///< the hardest to place first
  Amounts missing{};              ///< what all of them ask for together
};

/// Places pods on the nodes as they are: hard constraints (taints, selectors, required node affinity, required pod
/// anti-affinity, spreading with DoNotSchedule, host ports), what runs already, and every resource that a node counts.
/// Pods of the same workloads that run already make room. The hardest to place come first, large ones before small
/// ones, each to the first node that has room; where that fails, also to the fullest and to the emptiest one, and the
/// best outcome counts. Replacing a pod may need room for both for a moment; that is not asked for.
[[nodiscard]] Packing pack(const Cluster& cluster, const std::vector<Workload>& workloads);

/// "2", "0.4" cores; "1.5Gi"; "3" of anything else.
[[nodiscard]] std::string format_amount(std::string_view resource, std::int64_t milli);

}  // namespace datamill::capacity
