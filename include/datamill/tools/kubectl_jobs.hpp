#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"

#include <string>

namespace datamill::tools {

/// `kubectl delete job NAME --cascade=background --wait=false`: the answer comes at once, its pods go behind it
/// (kubectl docs: background is the default cascade).
struct KubectlDeleteJob {
  std::string ns{};
  std::string name{};
};
[[nodiscard]] command::Command to_command(const KubectlDeleteJob& erase, const domain::KubeAccess& kube);

/// `kubectl delete pods --selector=... --grace-period=0 --force`: killed at once.
struct KubectlKillPods {
  std::string ns{};
  std::string selector{};
};
[[nodiscard]] command::Command to_command(const KubectlKillPods& kill, const domain::KubeAccess& kube);

}  // namespace datamill::tools
