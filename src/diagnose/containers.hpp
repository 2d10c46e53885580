#pragma once

#include "diagnose/case.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace datamill::diagnose {

/// A container of a pod with what the kubelet says of it.
struct Container {
  enum class Role : std::uint8_t { main, init, sidecar };  ///< sidecar: an init container with restartPolicy Always
  const support::Node* pod = nullptr;
  const support::Node* status = nullptr;  ///< never nullptr
  const support::Node* spec = nullptr;    ///< nullptr where the pod does not have it
  Role role = Role::main;
  std::string name{};

  [[nodiscard]] std::string_view waiting_reason() const { return text_at(*status, {"state", "waiting", "reason"}); }
  [[nodiscard]] bool waits_with(std::initializer_list<std::string_view> reasons) const;
  [[nodiscard]] bool is_running() const { return status->find_path({"state", "running"}) != nullptr; }
  [[nodiscard]] bool is_ready() const { return is_true(*status, {"ready"}); }
  /// How it ended: now, or before its last restart; nullptr where it never did.
  [[nodiscard]] const support::Node* ended_now() const { return status->find_path({"state", "terminated"}); }
  [[nodiscard]] const support::Node* last_end() const;
  [[nodiscard]] std::string image() const;
};

/// Of all pods of the case, those that the kubelet has seen; pods in their order.
[[nodiscard]] std::vector<Container> containers(const Case& rules);
[[nodiscard]] std::vector<Container> containers_of(const support::Node& pod);

/// A finding about a container: chain, container, the reason and message it waits or ended with, exit code, last log
/// lines.
[[nodiscard]] domain::Finding about(const Case& rules, const Container& container);

/// The newest Warning of this reason that names the container (or none) and contains one of `parts`, if there are any.
[[nodiscard]] const support::Node* warning_of(const Case& rules, const Container& container, std::string_view reason,
                                              std::initializer_list<std::string_view> parts = {});

/// The newest event says that a liveness or startup probe had the container killed; `probe` is "Liveness" or "Startup".
[[nodiscard]] const support::Node* killed_by_probe(const Case& rules, const Container& container,
                                                   std::string_view probe);

/// "container app of Deployment web": where a setting of it stands.
[[nodiscard]] std::string place_of(const domain::Finding& finding);
/// "Deployment web": the top of the chain.
[[nodiscard]] std::string owner_of(const domain::Finding& finding);
/// `kubectl logs POD -c CONTAINER -n NS`, with --previous on demand.
enum class Run : std::uint8_t { current, previous };
[[nodiscard]] std::string logs_command(const domain::Finding& finding, Run run);

}  // namespace datamill::diagnose
