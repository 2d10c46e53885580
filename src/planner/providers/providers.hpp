#pragma once

#include "datamill/planner/provider.hpp"

#include <string>
#include <vector>

namespace datamill::planner {

// One function a file of this folder; the table in providers.cpp lists them.
[[nodiscard]] Provider kwok_provider();
[[nodiscard]] Provider minikube_provider();
[[nodiscard]] Provider existing_provider();

/// Reports keys of the target's block that neither all providers share nor this one owns (DM322, with suggestion).
void check_keys(const domain::Target& target, const std::vector<std::string>& own_keys,
                support::Diagnostics& diagnostics);

}  // namespace datamill::planner
