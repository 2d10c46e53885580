#include "cli/component_graph_text.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace datamill::cli {

using planner::ComponentGraph;
using planner::EdgeKind;
using support::Node;

namespace {

/// Why one component comes after another, all reasons in one: "needs s3, postgres", "after".
struct Arrow {
  std::size_t first = 0;
  std::size_t then = 0;
  EdgeKind kind = EdgeKind::after;          ///< the strongest
  std::vector<std::string> capabilities{};  ///< each once
};

std::vector<Arrow> arrows_of(const ComponentGraph& graph) {
  std::vector<Arrow> arrows;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> places;
  for (const auto& edge : graph.edges) {
    const auto [place, is_new] = places.emplace(std::pair(edge.first, edge.then), arrows.size());
    if (is_new) arrows.push_back({.first = edge.first, .then = edge.then, .kind = edge.kind});
    auto& arrow = arrows[place->second];
    arrow.kind = std::min(arrow.kind, edge.kind);
    auto& known = arrow.capabilities;
    if (!edge.capability.empty() && std::find(known.begin(), known.end(), edge.capability) == known.end())
      known.push_back(edge.capability);
  }
  return arrows;
}

bool on_path(const ComponentGraph& graph, const Arrow& arrow) {
  const auto& path = graph.critical_path;
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (path[i - 1] == arrow.first && path[i] == arrow.then) return true;
  }
  return false;
}

/// What is written at an arrow: "s3, postgres"; "" where a component names the other and nothing but that.
std::string label_of(const Arrow& arrow) {
  if (!arrow.capabilities.empty()) return support::join(arrow.capabilities, ", ");
  return arrow.kind == EdgeKind::needs ? std::string{} : std::string(planner::to_name(arrow.kind));
}

std::string component_lines(const ComponentGraph& graph, std::size_t index, const std::vector<Arrow>& arrows,
                            std::size_t width) {
  const auto& component = graph.components[index];
  auto text = fmt::format("  {} {:<{}}  {:>7}  {}\n", component.critical ? '*' : ' ', component.name, width,
                          support::format_duration(component.estimate), component.reason);
  for (const auto& arrow : arrows) {
    if (arrow.then != index) continue;
    const auto what =
        arrow.capabilities.empty() ? std::string{} : fmt::format(": {}", support::join(arrow.capabilities, ", "));
    text += fmt::format("      {} {}{}\n", planner::to_name(arrow.kind), graph.components[arrow.first].name, what);
  }
  for (const auto& outside : graph.outside) {
    if (outside.component == index) text += fmt::format("      needs a service outside: {}\n", outside.capability);
  }
  return text;
}

/// In double quotes, as the DOT language reads them: a quote and a backslash are escaped, `line` begins a new line.
std::string dot_text(const std::string& text, const std::string& line = {}) {
  const auto escaped = [](std::string part) {
    return support::replace_all(support::replace_all(std::move(part), "\\", "\\\\"), "\"", "\\\"");
  };
  return fmt::format("\"{}{}{}\"", escaped(text), line.empty() ? "" : "\\n", escaped(line));
}

/// In double quotes, as Mermaid reads them: its entity codes stand for what has a meaning there.
std::string mermaid_text(std::string text) {
  for (const auto& [from, to] : {std::pair("#", "#35;"), std::pair("\"", "#quot;"), std::pair("<", "#lt;"),
                                 std::pair(">", "#gt;"), std::pair("|", "#124;"), std::pair("`", "#96;")})
    text = support::replace_all(std::move(text), from, to);
  return fmt::format("\"{}\"", text);
}

Node edges_node(const ComponentGraph& graph, std::size_t index) {
  auto list = Node::sequence();
  for (const auto& edge : graph.edges) {
    if (edge.then != index) continue;
    auto node = Node::map();
    node.set("name", Node::text(graph.components[edge.first].name));
    node.set("kind", Node::text(std::string(planner::to_name(edge.kind))));
    node.set("capability", Node::text(edge.capability));
    list.items.push_back(std::move(node));
  }
  return list;
}

Node component_node(const ComponentGraph& graph, std::size_t index) {
  const auto& component = graph.components[index];
  auto node = Node::map();
  node.set("name", Node::text(component.name));
  node.set("namespace", Node::text(component.ns));
  node.set("summary", Node::text(component.summary));
  node.set("reason", Node::text(component.reason));
  node.set("level", Node::integer(static_cast<long long>(component.level)));
  node.set("estimate_s", Node::integer(component.estimate.count()));
  node.set("critical", Node::boolean(component.critical));
  node.set("comes_after", edges_node(graph, index));
  auto outside = Node::sequence();
  for (const auto& need : graph.outside) {
    if (need.component == index) outside.items.push_back(Node::text(need.capability));
  }
  node.set("outside", std::move(outside));
  return node;
}

}  // namespace

std::string component_graph_text(const ComponentGraph& graph, const std::string& title) {
  std::size_t width = 0;
  std::size_t levels = 0;
  for (const auto& component : graph.components) {
    width = std::max(width, component.name.size());
    levels = std::max(levels, component.level + 1);
  }
  const auto arrows = arrows_of(graph);
  auto text =
      fmt::format("{}: {} {} in {} {}\n", title, graph.components.size(),
                  graph.components.size() == 1 ? "component" : "components", levels, levels == 1 ? "level" : "levels");
  for (std::size_t level = 0; level < levels; ++level) {
    text += fmt::format("level {}\n", level + 1);
    for (std::size_t i = 0; i < graph.components.size(); ++i) {
      if (graph.components[i].level == level) text += component_lines(graph, i, arrows, width);
    }
  }
  std::vector<std::string> names;
  for (const auto index : graph.critical_path)
    names.push_back(graph.components[index].name);
  if (!names.empty())
    text += fmt::format("* expected critical path, {} by the components' estimates: {}\n",
                        support::format_duration(graph.expected), support::join(names, " > "));
  return text;
}

std::string component_graph_dot(const ComponentGraph& graph) {
  std::string text = "digraph components {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const auto& component : graph.components) {
    text += fmt::format("  {} [label={}{}];\n", dot_text(component.name),
                        dot_text(component.name, support::format_duration(component.estimate)),
                        component.critical ? ", color=\"#c0392b\", penwidth=2" : "");
  }
  for (const auto& arrow : arrows_of(graph)) {
    std::vector<std::string> attributes;
    if (const auto label = label_of(arrow); !label.empty()) attributes.push_back("label=" + dot_text(label));
    if (arrow.kind != EdgeKind::needs) attributes.emplace_back("style=dashed");
    if (on_path(graph, arrow)) attributes.emplace_back("color=\"#c0392b\", penwidth=2");
    text += fmt::format("  {} -> {}{};\n", dot_text(graph.components[arrow.first].name),
                        dot_text(graph.components[arrow.then].name),
                        attributes.empty() ? "" : fmt::format(" [{}]", support::join(attributes, ", ")));
  }
  return text + "}\n";
}

std::string component_graph_mermaid(const ComponentGraph& graph) {
  std::string text = "flowchart LR\n";
  std::vector<std::string> critical;
  for (std::size_t i = 0; i < graph.components.size(); ++i) {
    const auto& component = graph.components[i];
    text +=
        fmt::format("  n{}[{}]\n", i,
                    mermaid_text(fmt::format("{}, {}", component.name, support::format_duration(component.estimate))));
    if (component.critical) critical.push_back(fmt::format("n{}", i));
  }
  for (const auto& arrow : arrows_of(graph)) {
    const auto label = label_of(arrow);
    text += fmt::format("  n{} {}{} n{}\n", arrow.first, arrow.kind == EdgeKind::needs ? "-->" : "-.->",
                        label.empty() ? "" : fmt::format("|{}|", mermaid_text(label)), arrow.then);
  }
  if (!critical.empty())
    text += fmt::format("  classDef critical stroke:#c0392b,stroke-width:3px\n  class {} critical\n",
                        support::join(critical, ","));
  return text;
}

Node component_graph_node(const ComponentGraph& graph, const std::string& title) {
  auto components = Node::sequence();
  for (std::size_t i = 0; i < graph.components.size(); ++i)
    components.items.push_back(component_node(graph, i));
  auto path = Node::sequence();
  for (const auto index : graph.critical_path)
    path.items.push_back(Node::text(graph.components[index].name));
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("title", Node::text(title));
  document.set("components", std::move(components));
  document.set("critical_path", std::move(path));
  document.set("expected_s", Node::integer(graph.expected.count()));
  return document;
}

}  // namespace datamill::cli
