#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace datamill::plan {

/// Edges of a graph over 0..n-1: `needs[i]` come before i.
struct OrderResult {
  std::vector<std::size_t> order{};  ///< complete unless there is a cycle
  std::vector<std::size_t> cycle{};  ///< a→b→a: first element repeated at the end; empty if there is none
};

/// Stable topological order: among what may come next, the smallest index first. O(n log n + edges).
[[nodiscard]] OrderResult stable_order(const std::vector<std::vector<std::size_t>>& needs);

}  // namespace datamill::plan
