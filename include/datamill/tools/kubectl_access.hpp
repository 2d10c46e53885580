#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::tools {

/// May we do this?
struct AccessQuestion {
  std::string verb{};
  std::string group{};     ///< "apps"; "" for the core API
  std::string resource{};  ///< plural: "deployments"
  std::string ns{};        ///< "": all of the cluster
  friend auto operator<=>(const AccessQuestion&, const AccessQuestion&) = default;
};

/// All questions in one process: `kubectl create` of SelfSubjectAccessReviews, which are answered and never kept
/// (kubernetes docs, "Checking API access"). One line of output each, in their order: "true" or "false".
[[nodiscard]] command::Command access_review(const std::vector<AccessQuestion>& questions,
                                             const domain::KubeAccess& kube);
/// Those that were answered with no; nothing where the answers are not as many as the questions.
[[nodiscard]] std::vector<AccessQuestion> refused(const std::vector<AccessQuestion>& questions,
                                                  std::string_view output);

/// "Ingress" -> "ingresses", "NetworkPolicy" -> "networkpolicies" (apimachinery: UnsafeGuessKindToResource).
[[nodiscard]] std::string resource_of_kind(std::string_view kind);

}  // namespace datamill::tools
