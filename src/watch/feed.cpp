#include "watch/feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::watch {

namespace {

using domain::ObjectRef;

struct KnownKind {
  std::string_view api_version{};
  std::string_view kind{};
  std::string_view plural{};
  bool namespaced = true;
};

// Kubernetes API reference. Pods first: they say the most.
constexpr std::array kKinds{
    KnownKind{"v1", "Pod", "pods"},
    KnownKind{"v1", "Event", "events"},
    KnownKind{"batch/v1", "Job", "jobs"},
    KnownKind{"apps/v1", "Deployment", "deployments"},
    KnownKind{"apps/v1", "StatefulSet", "statefulsets"},
    KnownKind{"apps/v1", "DaemonSet", "daemonsets"},
    KnownKind{"apps/v1", "ReplicaSet", "replicasets"},
    KnownKind{"v1", "PersistentVolumeClaim", "persistentvolumeclaims"},
    KnownKind{"v1", "Service", "services"},
    KnownKind{"v1", "Node", "nodes", false},
    KnownKind{"v1", "Namespace", "namespaces", false},
    KnownKind{"storage.k8s.io/v1", "StorageClass", "storageclasses", false},
    KnownKind{"v1", "PersistentVolume", "persistentvolumes", false},
};

constexpr std::string_view kDefinition = "CustomResourceDefinition";

constexpr std::array<std::string_view, 2> kUnread{"managedFields", "kubectl.kubernetes.io/last-applied-configuration"};
constexpr std::array<std::string_view, 12> kUnreadOfWorkloads{
    "managedFields", "kubectl.kubernetes.io/last-applied-configuration",
    "env",           "envFrom",
    "volumeMounts",  "command",
    "args",          "lifecycle",
    "projected",     "downwardAPI",
    "podIPs",        "hostIPs"};
constexpr std::array<std::string_view, 3> kUnreadOfReplicaSets{
    "managedFields", "kubectl.kubernetes.io/last-applied-configuration", "template"};
constexpr std::array<std::string_view, 6> kUnreadOfNodes{
    "managedFields",  "kubectl.kubernetes.io/last-applied-configuration", "images", "nodeInfo", "volumesInUse",
    "volumesAttached"};
constexpr std::array<std::string_view, 4> kUnreadOfDefinitions{
    "managedFields", "kubectl.kubernetes.io/last-applied-configuration", "schema", "additionalPrinterColumns"};

std::string root_of(std::string_view api_version) {
  const bool core = api_version.find('/') == std::string_view::npos;
  return fmt::format("{}{}", core ? "/api/" : "/apis/", api_version);
}

/// Percent-encodes all but what RFC 3986 calls unreserved.
std::string encoded(std::string_view text) {
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kPlain.find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string collection(const Feed& feed, const std::string& ns) {
  if (ns.empty() || !feed.namespaced) return fmt::format("{}/{}", feed.root, feed.plural);
  return fmt::format("{}/namespaces/{}/{}", feed.root, encoded(ns), feed.plural);
}

std::string selector(const Feed& feed) {
  return feed.name.empty() ? std::string{} : "&fieldSelector=metadata.name%3D" + encoded(feed.name);
}

}  // namespace

std::set<std::string> namespaces_of(const std::vector<plan::Awaited>& awaits) {
  std::set<std::string> namespaces;
  for (const auto& awaited : awaits) {
    const auto& object = awaited.object;
    if (!object.ns.empty()) namespaces.insert(object.ns);
    if (object.kind == "Namespace") namespaces.insert(object.name);
  }
  return namespaces;
}

bool is_watched_as_a_whole(const ObjectRef& object) {
  return std::any_of(kKinds.begin(), kKinds.end(), [&](const KnownKind& known) {
    return known.kind == object.kind && known.api_version == object.api_version;
  });
}

std::vector<Feed> first_feeds(const std::vector<plan::Awaited>& awaits) {
  const auto only_definitions =
      std::all_of(awaits.begin(), awaits.end(), [](const auto& awaited) { return awaited.object.kind == kDefinition; });
  if (only_definitions) return {};
  const auto namespaces = namespaces_of(awaits);
  std::vector<Feed> feeds;
  for (const auto& known : kKinds) {
    Feed feed{.kind = std::string(known.kind),
              .root = root_of(known.api_version),
              .plural = std::string(known.plural),
              .namespaced = known.namespaced,
              .only_new = known.kind == "Event"};
    // Pods of all namespaces: what a node has left for ours depends on the others.
    if (namespaces.size() == 1 && known.namespaced && known.kind != "Pod") feed.ns = *namespaces.begin();
    if (namespaces.size() == 1 && known.kind == "Namespace") feed.name = *namespaces.begin();
    feeds.push_back(std::move(feed));
  }
  return feeds;
}

std::optional<Feed> feed_of(const ObjectRef& object) {
  if (object.name.empty() || object.api_version.empty() || object.kind.empty()) return std::nullopt;
  if (object.kind == kDefinition) {
    return Feed{.kind = object.kind,
                .root = root_of(object.api_version),
                .plural = "customresourcedefinitions",
                .namespaced = false,
                .name = object.name};
  }
  // Of Kubernetes' own kinds only those above: nobody shall read Secrets here.
  const auto group = std::string_view(object.api_version).substr(0, object.api_version.find('/'));
  if (group.find('.') == std::string_view::npos || group.ends_with(".k8s.io")) return std::nullopt;
  const auto same_name =
      std::any_of(kKinds.begin(), kKinds.end(), [&](const KnownKind& known) { return known.kind == object.kind; });
  if (same_name) return std::nullopt;
  return Feed{.kind = object.kind, .root = root_of(object.api_version), .ns = object.ns, .name = object.name};
}

bool shows(const Feed& feed, std::string_view api_version, std::string_view kind, std::string_view ns,
           std::string_view name) {
  return feed.kind == kind && feed.root == root_of(api_version) && (feed.ns.empty() || feed.ns == ns) &&
         (feed.name.empty() || feed.name == name);
}

std::string discovery_path(const Feed& feed) {
  return feed.root;
}

std::string list_path(const Feed& feed, std::string_view next, bool recent) {
  const auto start = collection(feed, feed.ns);
  if (feed.only_new) return fmt::format("{}?limit=1", start);
  if (!next.empty()) return fmt::format("{}?limit=500{}&continue={}", start, selector(feed), encoded(next));
  return fmt::format("{}?limit=500{}{}", start, selector(feed), recent ? "" : "&resourceVersion=0");
}

std::string watch_path(const Feed& feed, std::string_view version, int seconds) {
  return fmt::format("{}?watch=1&allowWatchBookmarks=true&resourceVersion={}&timeoutSeconds={}{}",
                     collection(feed, feed.ns), encoded(version), seconds, selector(feed));
}

std::string object_path(const Feed& feed, const std::string& ns, const std::string& name) {
  return fmt::format("{}/{}", collection(feed, ns), encoded(name));
}

std::string log_path(const std::string& ns, const std::string& pod, const std::string& container, bool previous) {
  return fmt::format("/api/v1/namespaces/{}/pods/{}/log?container={}&tailLines=20&limitBytes=16384{}", encoded(ns),
                     encoded(pod), encoded(container), previous ? "&previous=true" : "");
}

std::span<const std::string_view> unread_keys(std::string_view kind) {
  if (kind == "ReplicaSet") return kUnreadOfReplicaSets;
  if (kind == "Node") return kUnreadOfNodes;
  if (kind == kDefinition) return kUnreadOfDefinitions;
  constexpr std::array<std::string_view, 5> kWorkloads{"Pod", "Deployment", "StatefulSet", "DaemonSet", "Job"};
  if (std::find(kWorkloads.begin(), kWorkloads.end(), kind) != kWorkloads.end()) return kUnreadOfWorkloads;
  return kUnread;
}

}  // namespace datamill::watch
