#include "datamill/capacity/wanted.hpp"
#include "datamill/inventory/status_read.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::capacity {

using support::Node;

namespace {

/// Taints of a node that is still being made: they go by themselves (kubernetes docs, "Taint based Evictions").
constexpr std::array<std::string_view, 3> kPassing{"node.kubernetes.io/not-ready",
                                                   "node.kubernetes.io/network-unavailable",
                                                   "node.cloudprovider.kubernetes.io/uninitialized"};

std::string text_of(const Node& object, std::initializer_list<std::string_view> path) {
  const auto* node = object.find_path(path);
  return node == nullptr ? std::string{} : node->scalar;
}

ClusterNode read_node(const Node& object) {
  ClusterNode node{.name = text_of(object, {"metadata", "name"})};
  if (const auto* labels = object.find_path({"metadata", "labels"})) {
    for (const auto& entry : labels->entries)
      node.labels.emplace(entry.key, entry.value.scalar);
  }
  node.labels.emplace("metadata.name", node.name);  // what matchFields asks for
  node.cordoned = text_of(object, {"spec", "unschedulable"}) == "true";
  if (const auto* taints = object.find_path({"spec", "taints"})) {
    for (const auto& taint : taints->items) {
      const auto key = taint.text_at("key");
      // A cordoned node has a taint that says so a second time.
      if (key == "node.kubernetes.io/unschedulable") continue;
      if (std::find(kPassing.begin(), kPassing.end(), key) != kPassing.end()) continue;
      node.taints.push_back({.key = std::string(key),
                             .value = std::string(taint.text_at("value")),
                             .effect = std::string(taint.text_at("effect"))});
    }
  }
  if (const auto* allocatable = object.find_path({"status", "allocatable"})) {
    for (const auto& entry : allocatable->entries)
      node.allocatable[entry.key] = inventory::parse_milli(entry.value.scalar);
  }
  return node;
}

/// The ReplicaSet of a Deployment is named after it and the hash that its pods carry.
domain::ObjectRef owner_of(const Node& pod, const std::string& ns) {
  domain::ObjectRef owner{.ns = ns};
  const auto* owners = pod.find_path({"metadata", "ownerReferences"});
  if (owners == nullptr || owners->items.empty()) {
    owner.kind = "Pod";
    owner.name = text_of(pod, {"metadata", "name"});
    return owner;
  }
  const auto& first = owners->items.front();
  owner.kind = std::string(first.text_at("kind"));
  owner.name = std::string(first.text_at("name"));
  const auto suffix = "-" + text_of(pod, {"metadata", "labels", "pod-template-hash"});
  if (owner.kind == "ReplicaSet" && suffix.size() > 1 && owner.name.ends_with(suffix)) {
    owner.kind = "Deployment";
    owner.name.resize(owner.name.size() - suffix.size());
  }
  return owner;
}

void read_running(const Node& object, Cluster& cluster) {
  const auto phase = text_of(object, {"status", "phase"});
  const auto* spec = object.find("spec");
  if (spec == nullptr || phase == "Succeeded" || phase == "Failed") return;
  const auto ns = text_of(object, {"metadata", "namespace"});
  RunningPod pod{.name = text_of(object, {"metadata", "name"}),
                 .node = std::string(spec->text_at("nodeName")),
                 .owner = owner_of(object, ns),
                 .shape = read_pod(object.find("metadata"), *spec, ns)};
  const auto* containers = spec->find("containers");
  if (containers != nullptr) {
    for (const auto& container : containers->items) {
      const auto image = container.text_at("image");
      cluster.autoscaled = cluster.autoscaled || support::contains(image, "cluster-autoscaler") ||
                           support::contains(image, "karpenter/controller");
    }
  }
  if (!pod.node.empty()) cluster.pods.push_back(std::move(pod));
}

void read_service(const Node& object, Cluster& cluster) {
  Wanted ports;
  add_object(object, {}, {}, ports);
  for (const auto& port : ports.node_ports)
    cluster.node_ports.emplace(port.port, port.service);
}

void read_object(const Node& object, Cluster& cluster) {
  const auto kind = object.text_at("kind");
  if (kind == "Node") {
    cluster.nodes.push_back(read_node(object));
    // Managed autoscalers run outside of the cluster; their nodes say so (karpenter, EKS Auto Mode).
    const auto& labels = cluster.nodes.back().labels;
    cluster.autoscaled = cluster.autoscaled || labels.contains("karpenter.sh/nodepool");
  } else if (kind == "Pod") {
    read_running(object, cluster);
  } else if (kind == "Service") {
    read_service(object, cluster);
  } else if (kind == "StorageClass") {
    const auto is_default =
        text_of(object, {"metadata", "annotations", "storageclass.kubernetes.io/is-default-class"}) == "true";
    cluster.classes.push_back({.name = text_of(object, {"metadata", "name"}), .is_default = is_default});
  } else if (kind == "PersistentVolumeClaim") {
    cluster.claims.push_back(
        fmt::format("{}/{}", text_of(object, {"metadata", "namespace"}), text_of(object, {"metadata", "name"})));
  }
}

}  // namespace

Cluster read_cluster(const Node& list) {
  Cluster cluster;
  if (const auto* items = list.find("items")) {
    for (const auto& object : items->items)
      read_object(object, cluster);
  }
  std::sort(cluster.nodes.begin(), cluster.nodes.end(),
            [](const ClusterNode& a, const ClusterNode& b) { return a.name < b.name; });
  return cluster;
}

}  // namespace datamill::capacity
