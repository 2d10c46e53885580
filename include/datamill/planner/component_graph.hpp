#pragma once

#include "datamill/planner/selection.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::planner {

/// The lists of component.yaml that put one component before another.
enum class EdgeKind : std::uint8_t { needs, uses, after };
[[nodiscard]] std::string_view to_name(EdgeKind kind);

/// `first` is installed before `then`.
struct GraphEdge {
  std::size_t first = 0;
  std::size_t then = 0;
  EdgeKind kind = EdgeKind::needs;
  std::string capability{};  ///< what is needed of it; "" where `then` names the component itself
};

struct GraphComponent {
  std::string name{};
  std::string ns{};
  std::string reason{};  ///< "listed", "needed by mlflow: s3"
  std::string summary{};
  std::chrono::seconds estimate{};  ///< as its component.yaml has it
  std::size_t level = 0;            ///< 0: needs nothing; else one more than the highest before it
  bool critical = false;            ///< on the longest path by estimates
};

/// A need that a service outside of the cluster meets.
struct OutsideNeed {
  std::size_t component = 0;
  std::string capability{};
};

/// The components of a run and what puts them in order: the graph over which plan_install() lays its steps.
struct ComponentGraph {
  std::vector<GraphComponent> components{};  ///< in the order of the plan
  std::vector<GraphEdge> edges{};            ///< by `then`, in the order of its file
  std::vector<OutsideNeed> outside{};
  std::vector<std::size_t> critical_path{};  ///< first one first
  std::chrono::seconds expected{};           ///< sum of the estimates along that path
};

[[nodiscard]] ComponentGraph component_graph(const Selection& selection, const Context& context);

}  // namespace datamill::planner
