#include "datamill/inventory/inventory.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

namespace datamill::inventory {

using domain::InventoryEntry;
using domain::InventoryRelease;
using domain::ObjectRef;
using support::Node;

namespace {

Node text_list(const std::vector<std::string>& values) {
  auto list = Node::sequence();
  for (const auto& value : values)
    list.items.push_back(Node::text(value));
  return list;
}

std::vector<std::string> read_text_list(const Node& node, std::string_view key) {
  std::vector<std::string> values;
  if (const auto* list = node.find(key)) {
    for (const auto& item : list->items)
      values.push_back(item.scalar);
  }
  return values;
}

Node release_node(const InventoryRelease& release) {
  auto node = Node::map();
  node.set("namespace", Node::text(release.ns));
  node.set("name", Node::text(release.name));
  node.set("chart", Node::text(release.chart));
  node.set("version", Node::text(release.version));
  node.set("digest", Node::text(release.digest));
  node.set("revision", Node::text(release.revision));
  return node;
}

Node object_node(const ObjectRef& object) {
  auto node = Node::map();
  node.set("apiVersion", Node::text(object.api_version));
  node.set("kind", Node::text(object.kind));
  if (!object.ns.empty()) node.set("namespace", Node::text(object.ns));
  node.set("name", Node::text(object.name));
  if (object.holds_data) node.set("data", Node::boolean(true));
  if (!object.keep_annotation.empty()) node.set("keepAnnotation", Node::text(object.keep_annotation));
  if (!object.keep_condition.empty()) node.set("keepCondition", Node::text(object.keep_condition));
  return node;
}

std::string text_of(const Node& node, std::string_view key) {
  return std::string(node.text_at(key));
}

std::vector<InventoryRelease> read_releases(const Node& node) {
  std::vector<InventoryRelease> releases;
  const auto* list = node.find("releases");
  if (list == nullptr) return releases;
  for (const auto& item : list->items) {
    releases.push_back({.ns = text_of(item, "namespace"),
                        .name = text_of(item, "name"),
                        .chart = text_of(item, "chart"),
                        .version = text_of(item, "version"),
                        .digest = text_of(item, "digest"),
                        .revision = text_of(item, "revision")});
  }
  return releases;
}

std::vector<ObjectRef> read_objects(const Node& node) {
  std::vector<ObjectRef> objects;
  const auto* list = node.find("objects");
  if (list == nullptr) return objects;
  for (const auto& item : list->items) {
    objects.push_back({.api_version = text_of(item, "apiVersion"),
                       .kind = text_of(item, "kind"),
                       .ns = text_of(item, "namespace"),
                       .name = text_of(item, "name"),
                       .holds_data = item.text_at("data") == "true",
                       .keep_annotation = text_of(item, "keepAnnotation"),
                       .keep_condition = text_of(item, "keepCondition")});
  }
  return objects;
}

}  // namespace

std::string record_name(std::string_view component) {
  return fmt::format("datamill.{}", component);
}

Node to_node(const InventoryEntry& entry) {
  auto node = Node::map();
  node.set("v", Node::integer(1));
  node.set("component", Node::text(entry.component));
  node.set("namespace", Node::text(entry.ns));
  node.set("digest", Node::text(entry.digest));
  auto releases = Node::sequence();
  for (const auto& release : entry.releases)
    releases.items.push_back(release_node(release));
  node.set("releases", std::move(releases));
  auto objects = Node::sequence();
  for (const auto& object : entry.objects)
    objects.items.push_back(object_node(object));
  node.set("objects", std::move(objects));
  node.set("secrets", text_list(entry.secrets));
  node.set("crds", text_list(entry.crds));
  node.set("namespaces", text_list(entry.namespaces));
  node.set("claims", text_list(entry.claims));
  node.set("needs", text_list(entry.needs));
  if (entry.kept) node.set("kept", Node::boolean(true));
  return node;
}

InventoryEntry from_json(std::string_view json) {
  const auto node = support::read_json(json, "an inventory record of datamill");
  InventoryEntry entry{.component = text_of(node, "component"),
                       .ns = text_of(node, "namespace"),
                       .digest = text_of(node, "digest"),
                       .releases = read_releases(node),
                       .objects = read_objects(node),
                       .secrets = read_text_list(node, "secrets"),
                       .crds = read_text_list(node, "crds"),
                       .namespaces = read_text_list(node, "namespaces"),
                       .claims = read_text_list(node, "claims"),
                       .kept = node.text_at("kept") == "true",
                       .needs = read_text_list(node, "needs")};
  if (entry.component.empty() || entry.ns.empty()) {
    throw support::Failure(
        support::ExitCode::preflight, "DM550",
        "an inventory record in the cluster (ConfigMap \"datamill.*\") is damaged: it names no component",
        "look at it with: kubectl get configmap -A -l app.kubernetes.io/managed-by=datamill -o yaml");
  }
  return entry;
}

Node config_map(const InventoryEntry& entry) {
  auto labels = Node::map();
  labels.set(std::string(tools::kManagedByLabel), Node::text(std::string(tools::kManagedByValue)));
  labels.set(std::string(tools::kComponentLabel), Node::text(entry.component));
  auto metadata = Node::map();
  metadata.set("name", Node::text(record_name(entry.component)));
  metadata.set("namespace", Node::text(entry.ns));
  metadata.set("labels", std::move(labels));
  auto data = Node::map();
  data.set("component.json", Node::text(support::write_json(to_node(entry))));
  auto map = Node::map();
  map.set("apiVersion", Node::text("v1"));
  map.set("kind", Node::text("ConfigMap"));
  map.set("metadata", std::move(metadata));
  map.set("data", std::move(data));
  return map;
}

}  // namespace datamill::inventory
