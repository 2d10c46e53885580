#pragma once

#include "cli/session.hpp"

#include <string>

namespace datamill::cli {

/// Brings an image of ours to the cluster, building it where it was never built.
/// @returns its reference there; "" where there is no such image, or no way to bring one to this cluster
/// @throws Failure where building or loading failed, after saying so
[[nodiscard]] std::string bring_own_image(Session& session, const std::string& name);

}  // namespace datamill::cli
