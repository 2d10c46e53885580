#pragma once

#include <optional>
#include <string_view>

namespace datamill::support {

/// A Kubernetes quantity ("500m", "1.5Gi", "12e6", "3") as a number: cores, bytes, pieces. nullopt for anything else
/// and for negative ones. (kubernetes docs, "Quantity": binary suffixes are powers of 1024, decimal ones of 1000.)
[[nodiscard]] std::optional<double> parse_quantity(std::string_view text);

}  // namespace datamill::support
