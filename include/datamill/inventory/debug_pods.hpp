#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"
#include "datamill/support/node.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::inventory {

/// Every debugging pod carries this label (its value is the kind: "net", "app") and the annotation, which names the
/// process that made it.
inline constexpr std::string_view kDebugLabel = "datamill.io/debug";
inline constexpr std::string_view kDebugOwner = "datamill.io/debug-owner";
/// The pod's one container.
inline constexpr std::string_view kDebugContainer = "debug";

struct DebugPodSpec {
  std::string ns{};
  std::string name{};
  std::string kind{};
  std::string owner{};
  std::string image{};
  std::vector<std::string> words{};  ///< its command, which only waits
  std::string service_account{};     ///< "": the default one, without a token
  std::string node{};                ///< "": the scheduler chooses
  std::chrono::seconds limit{};      ///< activeDeadlineSeconds
};
/// The pod: POD_NAMESPACE is in its environment (kubernetes docs: downward API), it never restarts.
[[nodiscard]] support::Node debug_pod(const DebugPodSpec& spec);

/// One debugging pod in the cluster.
struct DebugPod {
  std::string ns{};
  std::string name{};
  std::string phase{};    ///< "Terminating" while it is being deleted
  std::string created{};  ///< "2026-11-21T11:37:22Z"
  std::string owner{};
};
[[nodiscard]] command::Command debug_pods_read(const domain::KubeAccess& kube);
[[nodiscard]] std::vector<DebugPod> parse_debug_pods(std::string_view output);

/// Names of all nodes, separated by blanks.
[[nodiscard]] command::Command node_names_read(const domain::KubeAccess& kube);

/// How far the container to debug in is.
struct DebugProgress {
  std::string phase{};          ///< of the pod
  std::string pod_reason{};     ///< why the pod failed: "Evicted: The node was low on resource"
  std::string unschedulable{};  ///< what the scheduler says; "" once it has a node
  std::string state{};          ///< "waiting", "running", "terminated", "" before the kubelet knows of it
  std::string reason{};         ///< "ErrImagePull"
  std::string message{};
};
[[nodiscard]] command::Command container_read(const std::string& ns, const std::string& pod,
                                              const std::string& container, const domain::KubeAccess& kube);
[[nodiscard]] DebugProgress parse_container(std::string_view output);

/// Whether the container waits because its image cannot be had (kubelet: ErrImagePull, ImagePullBackOff,
/// InvalidImageName, ErrImageNeverPull, ...).
[[nodiscard]] bool is_image_problem(const DebugProgress& state);
/// Whether it will not start for another reason: bad configuration, a command that does not exist, an ended pod.
[[nodiscard]] bool cannot_start(const DebugProgress& state);

}  // namespace datamill::inventory
