#pragma once

#include "config/flavour_reader.hpp"

#include <set>
#include <string>
#include <vector>

namespace datamill::config {

/// Names of every component that a run may use: those listed, asked for or given settings, and what they need,
/// conditions ignored. For a capability every candidate counts: listed or chosen providers, else its defaults, else
/// all.
[[nodiscard]] std::set<std::string> reachable(const Flavour& flavour,
                                              const std::vector<domain::ListedComponent>& requested,
                                              const Catalogue& catalogue, const Capabilities& capabilities);

}  // namespace datamill::config
