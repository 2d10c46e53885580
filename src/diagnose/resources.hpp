#pragma once

#include "datamill/diagnose/world.hpp"
#include "diagnose/objects.hpp"

#include <map>
#include <string>
#include <string_view>

namespace datamill::diagnose {

/// Amounts by resource: cores of "cpu", bytes of "memory", pieces of "nvidia.com/gpu".
using Amounts = std::map<std::string, double, std::less<>>;

/// What the scheduler reserves for a pod: its containers and sidecars together, or its greediest init container with
/// the sidecars before it, whichever is more; and the overhead of its runtime class (kubernetes docs, "Init
/// Containers").
[[nodiscard]] Amounts requests_of(const support::Node& pod);

/// What a node has for pods.
[[nodiscard]] Amounts allocatable_of(const support::Node& node);

/// For people: "1.5", "200m" of cpu; "1.5Gi" of memory and storage; a number of anything else.
[[nodiscard]] std::string amount_text(std::string_view resource, double amount);

}  // namespace datamill::diagnose
