#pragma once

#include "datamill/planner/component_graph.hpp"
#include "datamill/support/node.hpp"

#include <string>

namespace datamill::cli {

/// For people: components by level, what each comes after and why; those on the expected critical path are marked.
[[nodiscard]] std::string component_graph_text(const planner::ComponentGraph& graph, const std::string& title);
/// Graphviz (dot) and Mermaid flowcharts; arrows go from what is installed first to what comes after it, dashed ones
/// for mere order (`after`).
[[nodiscard]] std::string component_graph_dot(const planner::ComponentGraph& graph);
[[nodiscard]] std::string component_graph_mermaid(const planner::ComponentGraph& graph);
/// {"v":1,"title","components":[{"name","namespace","reason","level","estimate_s","critical","comes_after":[{"name",
/// "kind","capability"}],"outside":[capability]}],"critical_path":[names],"expected_s"}
[[nodiscard]] support::Node component_graph_node(const planner::ComponentGraph& graph, const std::string& title);

}  // namespace datamill::cli
