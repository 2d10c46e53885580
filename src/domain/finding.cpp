#include "datamill/domain/finding.hpp"

namespace datamill::domain {

using support::Node;

namespace {

Node object_node(const ObjectRef& object) {
  Node node = Node::map();
  node.set("kind", Node::text(object.kind));
  if (!object.ns.empty()) node.set("namespace", Node::text(object.ns));
  node.set("name", Node::text(object.name));
  return node;
}

Node shortfall_node(const NodeShortfall& shortfall) {
  Node node = Node::map();
  node.set("node", Node::text(shortfall.node));
  Node lacks = Node::sequence();
  for (const auto& [what, text] : shortfall.lacks) {
    Node lack = Node::map();
    lack.set("what", Node::text(what));
    lack.set("text", Node::text(text));
    lacks.items.push_back(std::move(lack));
  }
  node.set("lacks", std::move(lacks));
  return node;
}

template <class Item, class ToNode>
void set_list(Node& node, std::string key, const std::vector<Item>& items, ToNode to_node) {
  if (items.empty()) return;
  Node list = Node::sequence();
  for (const auto& item : items)
    list.items.push_back(to_node(item));
  node.set(std::move(key), std::move(list));
}

}  // namespace

Node finding_node(const Finding& finding) {
  Node node = Node::map();
  const auto text = [&node](std::string key, const std::string& value) {
    if (!value.empty()) node.set(std::move(key), Node::text(value));
  };
  text("code", finding.code);
  text("name", finding.name);
  node.set("hopeless", Node::boolean(finding.hopeless));
  set_list(node, "chain", finding.chain, object_node);
  if (finding.count > 1) node.set("count", Node::integer(finding.count));
  text("container", finding.container);
  text("reason", finding.reason);
  text("message", finding.message);
  if (finding.exit_code) node.set("exit_code", Node::integer(*finding.exit_code));
  set_list(node, "last_log", finding.last_log, [](const std::string& line) { return Node::text(line); });
  text("event", finding.event);
  set_list(node, "nodes", finding.nodes, shortfall_node);
  text("cause", finding.cause);
  text("next", finding.next);
  return node;
}

}  // namespace datamill::domain
