#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/ownership.hpp"
#include "datamill/domain/snapshot.hpp"
#include "datamill/domain/target.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::inventory {

/// What the cluster holds of one component in one namespace: by its record, and by helm's labels where no record was
/// written yet (a first installation that still runs or has failed).
struct Belongings {
  using Release = domain::ReleaseRef;
  std::string component{};
  std::string ns{};
  std::vector<Release> releases{};
  std::vector<domain::ObjectRef> objects{};

  /// All namespaces it has something in, each once, its own first.
  [[nodiscard]] std::vector<std::string> namespaces() const;
};
/// One per namespace the component is installed in; what was only kept after an uninstallation does not count.
[[nodiscard]] std::vector<Belongings> find_belongings(const domain::ClusterSnapshot& snapshot,
                                                      std::string_view component);

struct ContainerState {
  enum class Phase : std::uint8_t { waiting, running, ended };
  std::string name{};
  bool init = false;
  int restarts = 0;
  Phase phase = Phase::waiting;
  std::string reason{};   ///< "ContainerCreating", "CrashLoopBackOff", "Completed"; "" if it says none
  std::string message{};  ///< of a waiting one
  /// Whether there is a log.
  [[nodiscard]] bool ever_ran() const { return phase != Phase::waiting || restarts > 0; }
};

struct Pod {
  std::string ns{};
  std::string name{};
  std::string phase{};  ///< Pending, Running, Succeeded, Failed, Unknown
  bool ready = false;
  bool ending = false;                       ///< being deleted
  std::string owner_kind{};                  ///< of its direct owner; "" if it has none
  std::string reason{};                      ///< of a condition that does not hold: "Unschedulable: 0/3 nodes ..."
  std::vector<ContainerState> containers{};  ///< init containers first; without those the kubelet has not seen
};

/// What makes pods: a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob.
struct Workload {
  std::string kind{};
  std::string ns{};
  std::string name{};
  int wanted = 0;         ///< pods; 0 also where it does not say
  std::string problem{};  ///< "FailedCreate: exceeded quota"; "" if it reports none
};

struct ComponentObjects {
  std::vector<Pod> pods{};                   ///< by namespace and name
  std::vector<Workload> workloads{};         ///< likewise
  std::vector<domain::ObjectRef> objects{};  ///< everything that belongs to it, these among them
  std::vector<domain::ObjectRef> foreign{};  ///< what else is in its namespaces
};

/// One kubectl process for pods, what makes them, Services and volume claims.
[[nodiscard]] command::Command objects_read(const Belongings& belongings, const domain::KubeAccess& kube);
/// Keeps what belongs to the component: by helm's annotation, our record, owner references up to one of these, or the
/// labels that say which release or custom resource made it.
[[nodiscard]] ComponentObjects parse_objects(std::string_view output, const Belongings& belongings);

/// Why it is not ready: "Unschedulable: 0/3 nodes are available", "main: ImagePullBackOff: Back-off pulling"; "" where
/// nothing says why.
[[nodiscard]] std::string why_not_ready(const Pod& pod);

}  // namespace datamill::inventory
