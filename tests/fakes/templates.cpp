#include "datamill/support/text.hpp"
#include "tools.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace datamill::fake {

using support::Node;

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kPlurals{{
    {"namespaces", "Namespace"},
    {"storageclasses", "StorageClass"},
    {"nodes", "Node"},
    {"persistentvolumeclaims", "PersistentVolumeClaim"},
    {"configmaps", "ConfigMap"},
    {"secrets", "Secret"},
    {"pods", "Pod"},
    {"services", "Service"},
    {"deployments", "Deployment"},
    {"statefulsets", "StatefulSet"},
    {"daemonsets", "DaemonSet"},
    {"jobs", "Job"},
    {"cronjobs", "CronJob"},
    {"serviceaccounts", "ServiceAccount"},
    {"ingresses", "Ingress"},
    {"roles", "Role"},
    {"rolebindings", "RoleBinding"},
    {"replicasets", "ReplicaSet"},
    {"events", "Event"},
}};

std::vector<Object> selected(const Cluster& cluster, const Words& words) {
  const auto selector = words.value("--selector");
  const auto equals = selector.find('=');
  std::vector<Object> objects;
  for (const auto& plural : support::split(words.plain.at(1), ',')) {
    for (const auto& [name, kind] : kPlurals) {
      if (name != plural) continue;
      for (auto& object : cluster.list(kind, words.value("--namespace"))) {
        const auto label = object.label(selector.substr(0, equals));
        // Without a value the label only has to be there.
        if (selector.empty() || (equals == std::string::npos ? !label.empty() : label == selector.substr(equals + 1)))
          objects.push_back(std::move(object));
      }
    }
  }
  return objects;
}

std::string cluster_line(const Object& object) {
  auto line = fmt::format("{}\t{}\t{}\t", object.kind, object.ns, object.name);
  if (object.kind == "Namespace") {
    line += fmt::format("uid-of-{}\t{}\tActive", object.name, object.label("app.kubernetes.io/managed-by"));
  } else if (object.kind == "StorageClass") {
    line += object.annotation("storageclass.kubernetes.io/is-default-class");
  } else if (object.kind == "Node") {
    const auto simulated = object.annotation("kwok.x-k8s.io/node");
    line += fmt::format("{}\t{}\tTrue\t\t", simulated.empty() ? "v1.36.3" : "kwok-v0.8.0", simulated);
  } else {
    line += fmt::format("{}\t{}\t{}\t{}\t{}", object.annotation("meta.helm.sh/release-name"),
                        object.label("app.kubernetes.io/instance"), object.label("release"),
                        object.label("cnpg.io/cluster"), object.label("app"));
  }
  return line + "\n";
}

std::string record_line(const Object& object) {
  const auto* data = object.body.find("data");
  const auto text = object.kind == "ConfigMap" && data != nullptr ? data->text_at("component.json") : "";
  return fmt::format("{}\t{}\t{}\t{}\n", object.kind, object.ns, object.name, text);
}

std::string release_line(const Object& object) {
  return fmt::format("{}\t{}\t{}\t{}\t{}\n", object.ns, object.label("name"), object.label("status"),
                     object.label("version"), object.label("datamill.io/component"));
}

std::string leftover_line(const Object& object) {
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", object.body.text_at("apiVersion"), object.kind, object.name,
                     object.annotation("meta.helm.sh/release-name"), object.label("app.kubernetes.io/instance"),
                     object.label("release"));
}

std::string debug_label(const Object& object) {
  return object.label("datamill.io/debug");
}

/// A phase that a test wrote into the object, or "Running".
std::string phase(const Object& object) {
  const auto* status = object.body.find("status");
  return status == nullptr ? "Running" : std::string(status->text_at("phase"));
}

std::string status_line(const Object& object) {
  auto line = fmt::format("{}\t{}\t{}\t", object.kind, object.ns, object.name);
  if (object.kind == "Node") {
    const auto simulated = !object.annotation("kwok.x-k8s.io/node").empty();
    line += fmt::format("{}\tTrue\t\tInternalIP=192.0.2.1 \t", simulated ? "kwok-v0.8.0" : "v1.36.3");
  } else if (object.kind == "Pod") {
    line += fmt::format("{}\tTrue\t\t\t\t0 \t{}\t2026-11-21T10:00:00Z\t{}", phase(object), debug_label(object),
                        object.annotation("datamill.io/debug-owner"));
  } else if (object.kind == "Service") {
    line += "ClusterIP\t80/ \t";
  } else {
    line += "Bound\tstandard\t10Gi";
  }
  return line + "\n";
}

std::string debug_line(const Object& object) {
  return fmt::format("{}\t{}\t{}\t2026-11-21T10:00:00Z\t{}\n", object.ns, object.name, phase(object),
                     object.annotation("datamill.io/debug-owner"));
}

/// A Job's pod: what a test wrote as its state ("running", "terminated Error 3"), or one that has ended well.
std::string job_pod_line(const Object& object) {
  const auto* status = object.body.find("status");
  const auto state = status == nullptr ? "terminated\tCompleted\t\t0" : std::string(status->text_at("line"));
  return fmt::format("2026-11-21T10:00:00Z\t{}\t{}\t\t\t\t\t{}\n", object.name, phase(object), state);
}

std::string job_line(const Object& object) {
  return fmt::format("{}\t2026-11-21T10:00:00Z\t\t1\t\tx:1\n", object.name);
}

std::string name_line(const Object& object) {
  return object.name + " ";
}

std::string text_at(const Node& body, std::initializer_list<std::string_view> keys, std::string fallback = {}) {
  const auto* node = body.find_path(keys);
  return node == nullptr ? fallback : node->scalar;
}

/// The one key of a container's `state`, and what stands behind it.
std::string container_fields(std::string_view group, const Node& status) {
  const auto* state = status.find("state");
  const bool known = state != nullptr && !state->entries.empty();
  const auto message = known ? state->entries.front().value.text_at("message") : std::string_view{};
  return fmt::format("\t{}\t{}\t{}\t{}\t{}\t{}", group, status.text_at("name"), status.text_at("restartCount"),
                     known ? std::string_view(state->entries.front().key) : "running",
                     known ? state->entries.front().value.text_at("reason") : std::string_view{},
                     message.empty() ? std::string{} : fmt::format("\"{}\"", message));
}

/// A pod without a status runs, and has one container "main".
std::string pod_fields(const Node& body) {
  const auto ready = body.find_path({"status", "ready"});
  auto line = fmt::format("\t{}\t{}\t{}\t{}", text_at(body, {"status", "phase"}, "Running"),
                          ready == nullptr ? "True" : ready->scalar, text_at(body, {"metadata", "deletionTimestamp"}),
                          text_at(body, {"status", "reason"}));
  if (body.find("status") == nullptr) return line + "\tmain\tmain\t0\trunning\t\t";
  for (const auto& [key, group] :
       {std::pair{"initContainerStatuses", "init"}, std::pair{"containerStatuses", "main"}}) {
    const auto* statuses = body.find_path({"status", key});
    if (statuses == nullptr) continue;
    for (const auto& status : statuses->items)
      line += container_fields(group, status);
  }
  return line;
}

std::string object_line(const Object& object) {
  auto line = fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t", object.kind, object.ns, object.name,
                          object.annotation("meta.helm.sh/release-name"), object.label("app.kubernetes.io/instance"),
                          object.label("release"));
  if (const auto* owners = object.body.find_path({"metadata", "ownerReferences"})) {
    for (const auto& owner : owners->items)
      line += fmt::format("{}/{},", owner.text_at("kind"), owner.text_at("name"));
  }
  if (object.kind == "Pod") line += pod_fields(object.body);
  if (object.kind == "Deployment")
    line += fmt::format("\t{}\t{}", text_at(object.body, {"spec", "replicas"}, "1"),
                        text_at(object.body, {"status", "problem"}));
  return line + "\n";
}

std::string event_line(const Object& object) {
  const auto& body = object.body;
  return fmt::format("\t{}\t\t\t{}\t{}\t{}\t{}\t{}\t1\t\"{}\"\n", body.text_at("lastTimestamp"), body.text_at("type"),
                     body.text_at("reason"), object.ns, text_at(body, {"involvedObject", "kind"}),
                     text_at(body, {"involvedObject", "name"}), body.text_at("message"));
}

}  // namespace

std::string answer_json(const Cluster& cluster, const Words& words) {
  auto items = Node::sequence();
  for (const auto& object : selected(cluster, words))
    items.items.push_back(object.body);
  auto list = Node::map();
  list.set("kind", Node::text("List"));
  list.set("items", std::move(items));
  return support::write_json(list) + "\n";
}

std::string answer_template(const Cluster& cluster, const Words& words) {
  const auto text = words.value("--output");
  std::string (*line)(const Object&) = nullptr;
  if (support::contains(text, "kubeletVersion")) line = cluster_line;
  if (support::contains(text, "component.json")) line = record_line;
  if (support::contains(text, "index . \"status\"")) line = release_line;
  if (support::contains(text, "{{.apiVersion}}")) line = leftover_line;
  if (support::contains(text, "initContainerStatuses")) line = status_line;
  // Every container that is asked for runs.
  if (support::contains(text, "ephemeralContainerStatuses")) return "Running\t\t\t\trunning";
  if (line == nullptr && support::contains(text, "debug-owner")) line = debug_line;
  if (line == nullptr && support::contains(text, "{{.exitCode}}")) line = job_pod_line;
  if (line == nullptr && support::contains(text, ".status.succeeded")) line = job_line;
  if (line == nullptr && support::contains(text, "{{if eq .status.phase \"Running\"}}")) line = name_line;
  if (text == "go-template={{range .items}}{{.metadata.name}} {{end}}") line = name_line;
  if (support::contains(text, "ownerReferences")) line = object_line;
  if (support::contains(text, "involvedObject")) line = event_line;
  if (line == nullptr) return "the fake kubectl does not know this template\n";
  std::string answer;
  for (const auto& object : selected(cluster, words))
    answer += line(object);
  // What every namespace has by itself.
  if (line == leftover_line) answer += "v1\tServiceAccount\tdefault\t\t\t\nv1\tConfigMap\tkube-root-ca.crt\t\t\t\n";
  return answer;
}

}  // namespace datamill::fake
