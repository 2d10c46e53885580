#include "cli/image_graph_text.hpp"

#include <fmt/format.h>

#include <set>

namespace datamill::cli {

using domain::ImageGraph;
using support::Node;

namespace {

/// Edges from a base, ours or not, to an image built on it.
std::vector<std::pair<std::string, std::string>> edges(const ImageGraph& graph) {
  std::vector<std::pair<std::string, std::string>> edges;
  for (const auto& name : graph.order) {
    const auto& image = graph.images.at(name);
    for (const auto& base : image.outside_bases())
      edges.emplace_back(base, name);
    for (const auto& base : image.own_bases())
      edges.emplace_back(base, name);
  }
  return edges;
}

void add_branch(const ImageGraph& graph, const std::string& base, int depth, std::string& text) {
  for (const auto& [from, to] : edges(graph)) {
    if (from != base) continue;
    text += fmt::format("{:{}}{}  {}\n", "", 2 * depth, to, graph.images.at(to).tag());
    add_branch(graph, to, depth + 1, text);
  }
}

Node texts(const std::vector<std::string>& names) {
  auto list = Node::sequence();
  for (const auto& name : names)
    list.items.push_back(Node::text(name));
  return list;
}

}  // namespace

std::string graph_tree(const ImageGraph& graph) {
  std::string text;
  std::set<std::string> roots;
  for (const auto& [from, to] : edges(graph)) {
    if (graph.find(from) == nullptr && roots.insert(from).second) {
      text += from + "\n";
      add_branch(graph, from, 1, text);
    }
  }
  for (const auto& name : graph.order) {
    const auto& image = graph.images.at(name);
    if (!image.own_bases().empty() || !image.outside_bases().empty()) continue;
    text += fmt::format("scratch\n  {}  {}\n", name, image.tag());
    add_branch(graph, name, 2, text);
  }
  return text;
}

std::string graph_dot(const ImageGraph& graph) {
  std::string text = "digraph images {\n  rankdir=LR;\n";
  for (const auto& name : graph.order)
    text += fmt::format("  \"{}\" [shape=box];\n", name);
  for (const auto& [from, to] : edges(graph))
    text += fmt::format("  \"{}\" -> \"{}\";\n", from, to);
  return text + "}\n";
}

std::string graph_mermaid(const ImageGraph& graph) {
  std::string text = "flowchart LR\n";
  std::map<std::string, std::string> ids;
  const auto id_of = [&](const std::string& name) {
    const auto known = ids.find(name);
    if (known != ids.end()) return known->second;
    const auto id = fmt::format("n{}", ids.size());
    ids.emplace(name, id);
    text += fmt::format("  {}[\"{}\"]\n", id, name);
    return id;
  };
  for (const auto& name : graph.order)
    (void)id_of(name);
  for (const auto& [from, to] : edges(graph)) {
    const auto source = id_of(from);
    text += fmt::format("  {} --> {}\n", source, id_of(to));
  }
  return text;
}

Node graph_node(const ImageGraph& graph) {
  auto images = Node::sequence();
  for (const auto& name : graph.order) {
    const auto& image = graph.images.at(name);
    auto node = Node::map();
    node.set("name", Node::text(name));
    node.set("summary", Node::text(image.summary));
    node.set("version", Node::text(image.version));
    node.set("tag", Node::text(image.tag()));
    node.set("reference", Node::text(domain::image_reference(domain::kLocalRegistry, image)));
    node.set("bases", texts(image.own_bases()));
    node.set("outside_bases", texts(image.outside_bases()));
    images.items.push_back(std::move(node));
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("images", std::move(images));
  return document;
}

}  // namespace datamill::cli
