#include "datamill/inventory/diagnosis_reads.hpp"

#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"
#include "inventory/go_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace datamill::inventory {

using support::Node;

namespace {

constexpr std::string_view kDefinitions =
    "{{range .items}}{{.metadata.name}}\t{{.spec.group}}\t{{.spec.names.kind}}"
    "{{range .status.conditions}}\t{{.type}}\t{{.status}}\t{{.reason}}\t{{printf \"%q\" .message}}{{end}}"
    "{{\"\\n\"}}{{end}}";
constexpr std::size_t kFirstCondition = 3;
constexpr std::size_t kConditionFields = 4;

Node metadata_of(std::string name, std::string ns = {}) {
  auto metadata = Node::map();
  metadata.set("name", Node::text(std::move(name)));
  if (!ns.empty()) metadata.set("namespace", Node::text(std::move(ns)));
  return metadata;
}

Node read_definition(const std::vector<std::string>& fields) {
  auto names = Node::map();
  names.set("kind", Node::text(field_at(fields, 2)));
  auto spec = Node::map();
  spec.set("group", Node::text(field_at(fields, 1)));
  spec.set("names", std::move(names));
  auto conditions = Node::sequence();
  for (auto at = kFirstCondition; at + kConditionFields <= fields.size(); at += kConditionFields) {
    auto condition = Node::map();
    condition.set("type", Node::text(field_at(fields, at)));
    condition.set("status", Node::text(field_at(fields, at + 1)));
    condition.set("reason", Node::text(field_at(fields, at + 2)));
    condition.set("message", Node::text(unquoted(field_at(fields, at + 3))));
    conditions.items.push_back(std::move(condition));
  }
  auto status = Node::map();
  status.set("conditions", std::move(conditions));
  auto definition = Node::map();
  definition.set("apiVersion", Node::text("apiextensions.k8s.io/v1"));
  definition.set("kind", Node::text("CustomResourceDefinition"));
  definition.set("metadata", metadata_of(field_at(fields, 0)));
  definition.set("spec", std::move(spec));
  definition.set("status", std::move(status));
  return definition;
}

}  // namespace

ObjectsRead namespaced_objects(const std::vector<std::string>& namespaces) {
  return {.plurals = {"pods", "events", "deployments", "statefulsets", "daemonsets", "replicasets", "jobs", "cronjobs",
                      "services", "persistentvolumeclaims"},
          .kinds = {"Pod", "Event", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Service",
                    "PersistentVolumeClaim"},
          .ns = namespaces.size() == 1 ? namespaces.front() : std::string{}};
}

ObjectsRead cluster_objects() {
  return {.plurals = {"nodes", "namespaces", "storageclasses", "persistentvolumes", "apiservices"},
          .kinds = {"Node", "Namespace", "StorageClass", "PersistentVolume", "APIService"}};
}

ObjectsRead all_pods() {
  return {.plurals = {"pods"}, .kinds = {"Pod"}};
}

command::Command to_command(const ObjectsRead& read, const domain::KubeAccess& kube) {
  return to_command(tools::KubectlGetJson{.kinds = read.plurals, .ns = read.ns}, kube);
}

command::Command definitions_read(const domain::KubeAccess& kube) {
  return to_command(
      tools::KubectlGetTemplate{.kinds = {"customresourcedefinitions"}, .go_template = std::string(kDefinitions)},
      kube);
}

std::vector<Node> parse_definitions(std::string_view output) {
  std::vector<Node> definitions;
  for (const auto& line : support::split_lines(output)) {
    const auto fields = support::split(line, '\t');
    if (fields.size() >= kFirstCondition) definitions.push_back(read_definition(fields));
  }
  return definitions;
}

std::vector<Node> release_secrets(const domain::ClusterSnapshot& snapshot) {
  std::vector<Node> secrets;
  for (const auto& release : snapshot.releases) {
    auto labels = Node::map();
    labels.set("owner", Node::text("helm"));
    labels.set("name", Node::text(release.name));
    labels.set("status", Node::text(release.status));
    labels.set("version", Node::text(fmt::format("{}", release.revision)));
    auto metadata = metadata_of(fmt::format("sh.helm.release.v1.{}.v{}", release.name, release.revision), release.ns);
    metadata.set("labels", std::move(labels));
    auto secret = Node::map();
    secret.set("apiVersion", Node::text("v1"));
    secret.set("kind", Node::text("Secret"));
    secret.set("metadata", std::move(metadata));
    secrets.push_back(std::move(secret));
  }
  return secrets;
}

}  // namespace datamill::inventory
