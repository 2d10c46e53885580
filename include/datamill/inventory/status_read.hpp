#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"
#include "datamill/inventory/debug_pods.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::inventory {

struct NodeHealth {
  std::string name{};
  std::string version{};  ///< of the kubelet; "kwok-v0.8.0" where it is simulated
  std::string address{};  ///< external, else internal; "" if it has none
  std::string problem{};  ///< why it is not ready; "" if it is
  bool ready = false;
  bool cordoned = false;
};

/// A pod that is neither ready nor done, with the reason its status gives.
struct PodProblem {
  std::string ns{};
  std::string name{};
  std::string phase{};
  std::string reason{};    ///< "ImagePullBackOff: Back-off ...", "Unschedulable: 0/3 nodes ..."; "" if it says none
  std::string last_end{};  ///< how a container ended last: "OOMKilled, exit code 137"; "" if none did
  int restarts = 0;
};

struct PodReport {
  int total = 0;
  int ready = 0;
  std::vector<PodProblem> problems{};
};

/// A Service that is meant to be reached from outside.
struct Endpoint {
  std::string ns{};
  std::string name{};
  std::string type{};                ///< "LoadBalancer", "NodePort"
  std::string address{};             ///< of the load balancer; "" if it has none yet
  std::vector<std::string> reach{};  ///< "192.0.2.7:80"; empty where there is no address
};

struct ClaimSize {
  std::string ns{};
  std::string name{};
  std::string phase{};  ///< "Bound", "Pending", "Lost"
  std::string storage_class{};
  std::string requested{};  ///< "20Gi"
  std::int64_t bytes = 0;
};

/// What `status` says of the cluster besides the snapshot.
struct ClusterReport {
  std::vector<NodeHealth> nodes{};
  PodReport pods{};                    ///< without debugging pods
  std::vector<DebugPod> debug_pods{};  ///< of all namespaces
  std::vector<Endpoint> endpoints{};
  std::vector<ClaimSize> claims{};
};

/// Nodes, pods, Services and volume claims: one kubectl process.
[[nodiscard]] command::Command status_read(const domain::KubeAccess& kube);
/// What stands in namespaces other than `namespaces` is left out.
[[nodiscard]] ClusterReport parse_status(std::string_view output, const std::vector<std::string>& namespaces);

/// Nodes and all that takes room on them or is taken once: pods, Services, StorageClasses and volume claims of all
/// namespaces as a JSON List, one kubectl process.
[[nodiscard]] command::Command room_read(const domain::KubeAccess& kube);

/// `kubectl get --raw /version` (kubernetes API: version.Info): for clusters whose nodes do not say it.
[[nodiscard]] command::Command version_read(const domain::KubeAccess& kube);
/// "v1.36.3", or "" where the answer is none.
[[nodiscard]] std::string parse_version(std::string_view output);

/// Bytes of a Kubernetes quantity ("20Gi", "1500M", "1e9"); 0 where it is none.
[[nodiscard]] std::int64_t parse_quantity(std::string_view text);
/// Thousandths of a Kubernetes quantity: "500m" is 500, "2" is 2000; 0 where it is none or beyond 2^63.
[[nodiscard]] std::int64_t parse_milli(std::string_view text);
/// "1.5Gi", "300Mi", for people.
[[nodiscard]] std::string format_bytes(std::int64_t bytes);

}  // namespace datamill::inventory
