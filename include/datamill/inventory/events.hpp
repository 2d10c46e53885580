#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"
#include "datamill/inventory/component_objects.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::inventory {

/// A Kubernetes Event: what a controller, the scheduler or a kubelet says of an object. The cluster forgets them after
/// an hour.
struct ClusterEvent {
  std::string time{};  ///< RFC 3339 in UTC, of its newest occurrence
  std::string type{};  ///< Normal or Warning
  std::string reason{};
  std::string ns{};
  std::string kind{};
  std::string name{};
  int count = 1;
  std::string message{};  ///< one line
};

/// Events of one namespace where there is only one, else of all.
[[nodiscard]] command::Command events_read(const std::vector<std::string>& namespaces, const domain::KubeAccess& kube);
/// Those of the namespaces, oldest first.
[[nodiscard]] std::vector<ClusterEvent> parse_events(std::string_view output,
                                                     const std::vector<std::string>& namespaces);

/// Whether the event is of the component: of one of its objects, or of a pod, ReplicaSet or Job that is gone and has
/// the name of one of its workloads before its own.
[[nodiscard]] bool concerns(const ClusterEvent& event, const ComponentObjects& objects);

/// "2026-11-21T11:37:23Z" and with fractions of a second, which are cut off; nullopt for anything else.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_time(std::string_view text);
/// As kubectl has it: "42s", "5m", "3h", "2d".
[[nodiscard]] std::string format_age(std::chrono::seconds age);

}  // namespace datamill::inventory
