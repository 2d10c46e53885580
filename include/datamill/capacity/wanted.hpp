#pragma once

#include "datamill/capacity/cluster.hpp"
#include "datamill/support/node.hpp"

#include <optional>
#include <string>
#include <vector>

namespace datamill::capacity {

/// A volume that will be asked for.
struct WantedClaim {
  std::string component{};
  std::string ns{};
  std::string name{};
  std::optional<std::string> storage_class{};  ///< nullopt: the default one; "": a volume made by hand
  std::int64_t bytes = 0;
};

struct WantedPort {
  std::string component{};
  std::string service{};  ///< "<namespace>/<name>"
  HostPort port{};
};

struct WantedImage {
  std::string component{};
  std::string reference{};  ///< as written
};

/// What rendered objects ask of a cluster.
struct Wanted {
  std::vector<Workload> workloads{};
  std::vector<WantedClaim> claims{};
  std::vector<WantedPort> node_ports{};
  std::vector<WantedImage> images{};       ///< each once per component
  std::vector<std::string> new_classes{};  ///< StorageClasses among the objects
  bool custom_resources = false;           ///< an operator may make more of them
};

/// Adds one object of a component; `ns` is where it goes if it does not say. Helm's hooks (annotation helm.sh/hook) and
/// CronJobs are left out: their pods come and go.
void add_object(const support::Node& object, const std::string& component, const std::string& ns, Wanted& wanted);

/// A pod's spec and the metadata of its template (which may be null), as the scheduler counts it: the sum of the
/// containers, or what one init container needs, whichever is more; sidecars and overhead on top. A request that is
/// not given is the limit (kubernetes docs).
[[nodiscard]] PodShape read_pod(const support::Node* metadata, const support::Node& spec, const std::string& ns);

/// `kubectl get nodes,pods,services,storageclasses,persistentvolumeclaims -A -o json`.
[[nodiscard]] Cluster read_cluster(const support::Node& list);

}  // namespace datamill::capacity
