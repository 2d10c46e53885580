#pragma once

#include "datamill/domain/snapshot.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace datamill::capacity {

/// By resource name ("cpu", "memory", "ephemeral-storage", "pods", "nvidia.com/gpu"), in thousandths of its unit: a
/// core, a byte, one.
using Amounts = std::map<std::string, std::int64_t, std::less<>>;

/// One condition on labels (kubernetes docs: In, NotIn, Exists, DoesNotExist, and for nodes Gt and Lt).
struct Requirement {
  std::string key{};
  std::string op{};
  std::vector<std::string> values{};
};
/// All of them must hold; without any, everything is meant.
using Selector = std::vector<Requirement>;
using Labels = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] bool matches(const Selector& selector, const Labels& labels);

struct Taint {
  std::string key{};
  std::string value{};
  std::string effect{};
};
struct Toleration {
  std::string key{};  ///< "" with `Exists`: every taint
  std::string op{};
  std::string value{};
  std::string effect{};  ///< "": every effect
};
[[nodiscard]] bool tolerates(const std::vector<Toleration>& tolerations, const Taint& taint);

struct HostPort {
  int port = 0;
  std::string protocol = "TCP";
  friend auto operator<=>(const HostPort&, const HostPort&) = default;
};

/// Required anti-affinity: no such pod in the same place.
struct AntiAffinity {
  Selector selector{};
  std::string topology{};                 ///< label of nodes that says what one place is
  std::vector<std::string> namespaces{};  ///< of the pods that are meant
};
/// A topology spread constraint with DoNotSchedule.
struct Spread {
  Selector selector{};
  std::string topology{};
  int max_skew = 1;
};

/// What the scheduler looks at in a pod. Pod affinity is left out: it draws pods together and takes no room.
struct PodShape {
  std::string ns{};
  Amounts requests{};
  Labels labels{};
  Labels node_selector{};
  std::vector<Selector> node_affinity{};  ///< any one of them; none: every node
  std::vector<Toleration> tolerations{};
  std::vector<HostPort> host_ports{};
  std::vector<AntiAffinity> anti_affinity{};
  std::vector<Spread> spreads{};
};

/// What makes pods, as it will be.
struct Workload {
  std::string component{};
  domain::ObjectRef object{};
  int replicas = 1;
  bool per_node = false;  ///< a DaemonSet: one on every node it may run on
  bool assumed = false;   ///< stands for pods that an operator will make, by the component's `requests`
  PodShape pod{};
};

struct ClusterNode {
  std::string name{};
  Labels labels{};
  std::vector<Taint> taints{};
  bool cordoned = false;
  Amounts allocatable{};  ///< empty: it has not said yet, and is not judged
};

struct RunningPod {
  std::string name{};
  std::string node{};
  domain::ObjectRef owner{};  ///< its direct owner; a Deployment in place of the ReplicaSet
  PodShape shape{};
};

struct StorageClass {
  std::string name{};
  bool is_default = false;
};

/// What is there, from one read.
struct Cluster {
  std::vector<ClusterNode> nodes{};
  std::vector<RunningPod> pods{};  ///< on nodes, and not ended
  std::vector<StorageClass> classes{};
  std::vector<std::string> claims{};             ///< PersistentVolumeClaims, "<namespace>/<name>"
  std::map<HostPort, std::string> node_ports{};  ///< of Services: "<namespace>/<name>"
  bool autoscaled = false;                       ///< something adds nodes where pods find no room
};

}  // namespace datamill::capacity
