#pragma once

#include "datamill/domain/image.hpp"
#include "datamill/support/node.hpp"

#include <string>

namespace datamill::cli {

/// The graph as a tree for people: each image under the one it is built on.
[[nodiscard]] std::string graph_tree(const domain::ImageGraph& graph);
/// Graphviz (dot) and Mermaid flowcharts; arrows go from a base to what is built on it.
[[nodiscard]] std::string graph_dot(const domain::ImageGraph& graph);
[[nodiscard]] std::string graph_mermaid(const domain::ImageGraph& graph);
/// {"v":1,"images":[{"name","summary","version","tag","reference","bases":[],"outside_bases":[]}]}, bases first.
[[nodiscard]] support::Node graph_node(const domain::ImageGraph& graph);

}  // namespace datamill::cli
