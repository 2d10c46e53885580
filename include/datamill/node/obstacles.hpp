#pragma once

#include "datamill/node/spec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace datamill::node {

struct Obstacle {
  std::string text{};
  std::string remedy{};
};

/// Why this machine cannot be a node as `spec` wants it: not root, another kubelet, a network that is in use, too
/// little space on the device. Only looks. A specification without a network asks about the machine alone.
[[nodiscard]] std::vector<Obstacle> obstacles(const Spec& spec);

/// The links whose routes overlap `network` ("10.89.0.0/24"), except `own`; `routes` is the text of /proc/net/route.
[[nodiscard]] std::vector<std::string> overlapping_links(std::string_view routes, std::string_view network,
                                                         std::string_view own);

}  // namespace datamill::node
