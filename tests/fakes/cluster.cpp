#include "cluster.hpp"

#include "call.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace datamill::fake {

namespace fs = std::filesystem;
using support::Node;

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::string from_metadata(const Node& body, std::string_view map, std::string_view key) {
  const auto* node = body.find_path({"metadata", map});
  return node == nullptr ? std::string{} : std::string(node->text_at(key));
}

Node text_map(const std::vector<std::pair<std::string, std::string>>& values) {
  auto map = Node::map();
  for (const auto& [key, value] : values)
    map.set(key, Node::text(value));
  return map;
}

Object make_namespace(const std::string& name) {
  auto object = make_object("v1", "Namespace", "", name);
  return object;
}

}  // namespace

std::string Object::label(std::string_view key) const {
  return from_metadata(body, "labels", key);
}
void Object::set_metadata(const std::string& key, Node value) {
  const auto* old = body.find("metadata");
  auto metadata = old == nullptr ? Node::map() : *old;
  metadata.set(key, std::move(value));
  body.set("metadata", std::move(metadata));
}

std::string Object::annotation(std::string_view key) const {
  return from_metadata(body, "annotations", key);
}

bool is_cluster_scoped(std::string_view kind) {
  constexpr std::array<std::string_view, 8> kKinds{
      "Namespace",          "Node",         "Stage",           "CustomResourceDefinition", "ClusterRole",
      "ClusterRoleBinding", "StorageClass", "PersistentVolume"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

Object make_object(std::string_view api_version, std::string_view kind, const std::string& ns, const std::string& name,
                   const Labels& labels) {
  auto metadata = Node::map();
  metadata.set("name", Node::text(name));
  if (!ns.empty()) metadata.set("namespace", Node::text(ns));
  metadata.set("labels", text_map(labels.labels));
  metadata.set("annotations", text_map(labels.annotations));
  auto body = Node::map();
  body.set("apiVersion", Node::text(std::string(api_version)));
  body.set("kind", Node::text(std::string(kind)));
  body.set("metadata", std::move(metadata));
  return {.kind = std::string(kind), .ns = ns, .name = name, .body = std::move(body)};
}

Cluster::Cluster(const std::string& state, const std::string& kubeconfig)
    : folder_(fmt::format("{}/clusters/{}", state, support::sha256_hex(kubeconfig).substr(0, 16))) {}

bool Cluster::exists() const {
  return fs::exists(folder_ + "/running") || fs::exists(folder_ + "/stopped");
}
bool Cluster::running() const {
  return fs::exists(folder_ + "/running");
}

void Cluster::create(int nodes) {
  fs::create_directories(folder_ + "/objects");
  for (const auto* name : {"default", "kube-system", "kube-public", "kube-node-lease"})
    put(make_namespace(name));
  put(make_object("storage.k8s.io/v1", "StorageClass", "", "standard",
                  {.annotations = {{"storageclass.kubernetes.io/is-default-class", "true"}}}));
  for (int i = 0; i < nodes; ++i)
    put(make_object("v1", "Node", "", fmt::format("node-{}", i)));
  write_file(folder_ + "/running", "");
}

void Cluster::set_running(bool running) {
  fs::remove(folder_ + (running ? "/stopped" : "/running"));
  write_file(folder_ + (running ? "/running" : "/stopped"), "");
}

void Cluster::erase() {
  fs::remove_all(folder_);
}

void Cluster::add_simulated_nodes(int count) {
  for (int i = 0; i < count; ++i)
    put(make_object("v1", "Node", "", fmt::format("node-{:06}", i), {.annotations = {{"kwok.x-k8s.io/node", "fake"}}}));
}

std::string Cluster::path_of(std::string_view kind, const std::string& ns, const std::string& name) const {
  return fmt::format("{}/objects/{},{},{}", folder_, lower(kind), ns, name);
}

void Cluster::put(Object object) {
  write_file(path_of(object.kind, object.ns, object.name), support::write_json(object.body));
}

std::optional<Object> Cluster::find(std::string_view kind, const std::string& ns, const std::string& name) const {
  // Files appear whole; one that is gone, also since it was listed, reads as nothing.
  const auto text = read_file(path_of(kind, ns, name));
  if (text.empty()) return std::nullopt;
  auto body = support::read_json(text, "an object of the fake cluster");
  auto real_kind = std::string(body.text_at("kind"));
  return Object{.kind = std::move(real_kind), .ns = ns, .name = name, .body = std::move(body)};
}

void Cluster::remove(const Object& object) {
  if (object.kind == "Namespace") {
    for (const auto& inside : list({}, object.name))
      remove(inside);
  }
  fs::remove(path_of(object.kind, object.ns, object.name));
}

std::vector<Object> Cluster::list(std::string_view kind, const std::string& ns) const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder_ + "/objects", error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  std::vector<Object> objects;
  for (const auto& name : names) {
    const auto parts = support::split(name, ',');
    if (name.front() == '.') continue;  // half written
    if (parts.size() != 3 || (!kind.empty() && parts[0] != lower(kind)) || (!ns.empty() && parts[1] != ns)) continue;
    // A file may go while we look: another call deletes its object.
    if (auto object = find(parts[0], parts[1], parts[2])) objects.push_back(std::move(*object));
  }
  return objects;
}

}  // namespace datamill::fake
