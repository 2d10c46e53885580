#pragma once

#include "datamill/support/node.hpp"

#include <optional>
#include <string>

namespace datamill::diagnose {

/// What of a NodeSelector (a list of terms, one of which must hold) a node does not have: "zone in (eu-1a, eu-1b)";
/// nullopt where it matches. (kubernetes API: NodeSelector; terms are or-ed, their expressions and-ed.)
[[nodiscard]] std::optional<std::string> unmet(const support::Node& selector, const support::Node& node);

/// The first taint of the node that keeps a pod without a toleration for it away: "gpu=true:NoSchedule"; nullopt where
/// there is none. Taints that only repeat a condition (unschedulable) are left out.
[[nodiscard]] std::optional<std::string> repelling_taint(const support::Node& pod, const support::Node& node);

}  // namespace datamill::diagnose
