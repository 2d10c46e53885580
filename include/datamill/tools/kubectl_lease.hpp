#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace datamill::tools {

/// Who holds the lock in a cluster: `coordination.k8s.io/v1` Lease "datamill" in namespace "default", which every
/// cluster has.
struct Lease {
  std::string holder{};      ///< "host/boot/pid/start, user@host: datamill install": the part before ", " is exact
  std::string renewed{};     ///< RFC 3339 with microseconds, UTC
  int duration_seconds = 0;  ///< it counts for so long after `renewed`
  std::string resource_version{};  ///< "" for one that is still to be made
};

/// Fails with AlreadyExists where there is one.
[[nodiscard]] command::Command create_lease(const Lease& lease, const domain::KubeAccess& kube);
/// Fails with Conflict where somebody else changed it since `resource_version`.
[[nodiscard]] command::Command replace_lease(const Lease& lease, const domain::KubeAccess& kube);
[[nodiscard]] command::Command read_lease(const domain::KubeAccess& kube);
/// Fails (a test of a JSON patch, RFC 6902) where somebody else holds it.
[[nodiscard]] command::Command renew_lease(const Lease& lease, const domain::KubeAccess& kube);
[[nodiscard]] command::Command delete_lease(const domain::KubeAccess& kube);

/// Out of `kubectl get -o json`. @throws Failure DM110
[[nodiscard]] Lease parse_lease(std::string_view json);

/// Kubernetes' MicroTime, both ways.
[[nodiscard]] std::string micro_time(std::chrono::system_clock::time_point time);
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_micro_time(const std::string& text);

}  // namespace datamill::tools
