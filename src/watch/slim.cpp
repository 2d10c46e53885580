#include "watch/slim.hpp"

#include <utility>

namespace datamill::watch {

namespace {

using support::Node;

std::string text_in(const Node& object, std::string_view part, std::string_view key) {
  const Node* node = object.find(part);
  return node == nullptr ? std::string{} : std::string(node->text_at(key));
}

Node containers_of(const Node& spec, std::string_view list) {
  auto slim = Node::sequence();
  if (const Node* containers = spec.find(list)) {
    for (const auto& container : containers->items) {
      auto one = Node::map();
      one.set("name", Node::text(std::string(container.text_at("name"))));
      if (const Node* resources = container.find("resources")) one.set("resources", *resources);
      if (const auto restarts = container.text_at("restartPolicy"); !restarts.empty())
        one.set("restartPolicy", Node::text(std::string(restarts)));
      slim.items.push_back(std::move(one));
    }
  }
  return slim;
}

Node load_of(const Node& pod) {
  const Node* spec = pod.find("spec");
  auto metadata = Node::map();
  metadata.set("name", Node::text(text_in(pod, "metadata", "name")));
  metadata.set("namespace", Node::text(text_in(pod, "metadata", "namespace")));
  auto slim_spec = Node::map();
  slim_spec.set("nodeName", Node::text(text_in(pod, "spec", "nodeName")));
  slim_spec.set("containers", containers_of(*spec, "containers"));
  slim_spec.set("initContainers", containers_of(*spec, "initContainers"));
  if (const Node* overhead = spec->find("overhead")) slim_spec.set("overhead", *overhead);
  auto status = Node::map();
  status.set("phase", Node::text(text_in(pod, "status", "phase")));
  auto slim = Node::map();
  slim.set("kind", Node::text("Pod"));
  slim.set("metadata", std::move(metadata));
  slim.set("spec", std::move(slim_spec));
  slim.set("status", std::move(status));
  return slim;
}

}  // namespace

bool keep_object(Node& object, const std::set<std::string>& namespaces) {
  const auto ns = text_in(object, "metadata", "namespace");
  if (ns.empty() || namespaces.empty() || namespaces.contains(ns)) return true;
  // What happens to a node is told in the namespace "default".
  if (object.text_at("kind") == "Event") return text_in(object, "involvedObject", "kind") == "Node";
  if (object.text_at("kind") != "Pod") return false;
  const auto phase = text_in(object, "status", "phase");
  if (text_in(object, "spec", "nodeName").empty() || phase == "Succeeded" || phase == "Failed") return false;
  object = load_of(object);
  return true;
}

}  // namespace datamill::watch
