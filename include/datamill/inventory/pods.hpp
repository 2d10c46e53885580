#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace datamill::inventory {

/// A pod that is neither ready nor done, with the reason its status gives.
struct PodProblem {
  std::string ns{};
  std::string name{};
  std::string phase{};
  std::string
      reason{};  ///< "ImagePullBackOff: Back-off pulling image", "Unschedulable: 0/3 nodes ..."; "" if it says none
};

struct PodReport {
  int total = 0;
  int ready = 0;
  std::vector<PodProblem> problems{};
};

[[nodiscard]] command::Command pods_read(const domain::KubeAccess& kube);
/// Pods of namespaces that are not in `namespaces` are left out.
[[nodiscard]] PodReport parse_pods(std::string_view output, const std::vector<std::string>& namespaces);

}  // namespace datamill::inventory
