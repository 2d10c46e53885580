#include "datamill/inventory/component_objects.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"
#include "inventory/go_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace datamill::inventory {

using domain::ObjectRef;

namespace {

// Kind, namespace, name, helm's annotation, two labels, owners; then a workload's pods and problems; then a pod's
// phase, readiness, deletion and reason, and six fields for each of its containers.
constexpr std::string_view kTemplate =
    "{{range .items}}{{.kind}}\t{{.metadata.namespace}}\t{{.metadata.name}}\t"
    "{{with .metadata.annotations}}{{with index . \"meta.helm.sh/release-name\"}}{{.}}{{end}}{{end}}\t"
    "{{with .metadata.labels}}{{with index . \"app.kubernetes.io/instance\"}}{{.}}{{end}}{{end}}\t"
    "{{with .metadata.labels}}{{with index . \"release\"}}{{.}}{{end}}{{end}}\t"
    "{{range .metadata.ownerReferences}}{{.kind}}/{{.name}},{{end}}"
    "{{if eq .kind \"Pod\"}}\t{{.status.phase}}\t"
    "{{range .status.conditions}}{{if eq .type \"Ready\"}}{{.status}}{{end}}{{end}}\t"
    "{{with .metadata.deletionTimestamp}}{{.}}{{end}}\t"
    "{{range .status.conditions}}{{if and (eq .type \"PodScheduled\") (eq .status \"False\")}}"
    "{{with .reason}}{{.}}{{end}}: {{with .message}}{{printf \"%q\" .}}{{end}}{{end}}{{end}}"
    "{{range .status.initContainerStatuses}}\tinit\t{{.name}}\t{{.restartCount}}\t"
    "{{range $phase, $state := .state}}{{$phase}}{{end}}\t{{range .state}}{{with .reason}}{{.}}{{end}}{{end}}\t"
    "{{range .state}}{{with .message}}{{printf \"%q\" .}}{{end}}{{end}}{{end}}"
    "{{range .status.containerStatuses}}\tmain\t{{.name}}\t{{.restartCount}}\t"
    "{{range $phase, $state := .state}}{{$phase}}{{end}}\t{{range .state}}{{with .reason}}{{.}}{{end}}{{end}}\t"
    "{{range .state}}{{with .message}}{{printf \"%q\" .}}{{end}}{{end}}{{end}}"
    "{{else if eq .kind \"DaemonSet\"}}\t{{.status.desiredNumberScheduled}}\t"
    "{{else if eq .kind \"Deployment\" \"StatefulSet\" \"ReplicaSet\"}}\t{{.spec.replicas}}\t"
    "{{range .status.conditions}}{{if or (eq .type \"ReplicaFailure\") (eq .status \"False\")}}"
    "{{with .reason}}{{.}}{{end}}: {{with .message}}{{printf \"%q\" .}}{{end}}|{{end}}{{end}}"
    "{{end}}{{\"\\n\"}}{{end}}";

constexpr std::array<std::string_view, 6> kWorkloads{"Deployment", "StatefulSet", "DaemonSet",
                                                     "ReplicaSet", "Job",         "CronJob"};
constexpr std::size_t kContainerFields = 6;
constexpr std::size_t kFirstContainer = 11;

struct Item {
  ObjectRef object{};
  std::string release{};              ///< helm's annotation
  std::vector<std::string> labels{};  ///< what the labels say made it
  std::vector<std::string> owners{};  ///< "Kind/name"
  std::vector<std::string> fields{};
  bool belongs = false;
};

Item read_item(const std::string& line) {
  Item item{.fields = support::split(line, '\t')};
  item.object = {.kind = field_at(item.fields, 0), .ns = field_at(item.fields, 1), .name = field_at(item.fields, 2)};
  item.release = field_at(item.fields, 3);
  for (const std::size_t i : {4U, 5U}) {
    if (auto label = field_at(item.fields, i); !label.empty()) item.labels.push_back(std::move(label));
  }
  item.owners = support::split_list(field_at(item.fields, 6), ",");
  return item;
}

/// Operators label their pods with the custom resource's name; Kubernetes' own kinds do not.
bool is_custom(const ObjectRef& object) {
  return support::contains(object.api_version, ".") && !support::contains(object.api_version, ".k8s.io/");
}

bool belongs_by_itself(const Item& item, const Belongings& belongings) {
  const auto is_release = [&](const std::string& name) {
    return std::any_of(belongings.releases.begin(), belongings.releases.end(),
                       [&](const auto& release) { return release.ns == item.object.ns && release.name == name; });
  };
  if (!item.release.empty()) return is_release(item.release);
  const auto in_record = [&](const ObjectRef& object) {
    if (!object.ns.empty() && object.ns != item.object.ns) return false;
    if (object.kind == item.object.kind && object.name == item.object.name) return true;
    const auto owner = fmt::format("{}/{}", object.kind, object.name);
    if (std::find(item.owners.begin(), item.owners.end(), owner) != item.owners.end()) return true;
    return is_custom(object) && std::find(item.labels.begin(), item.labels.end(), object.name) != item.labels.end();
  };
  return std::any_of(item.labels.begin(), item.labels.end(), is_release) ||
         std::any_of(belongings.objects.begin(), belongings.objects.end(), in_record);
}

bool owned_by_one(const Item& item, const std::vector<Item>& items) {
  return std::any_of(items.begin(), items.end(), [&](const Item& other) {
    return other.belongs && other.object.ns == item.object.ns &&
           std::find(item.owners.begin(), item.owners.end(),
                     fmt::format("{}/{}", other.object.kind, other.object.name)) != item.owners.end();
  });
}

/// Down the owner references: Deployment, ReplicaSet, Pod; CronJob, Job, Pod. Three rounds reach the end.
void follow_owners(std::vector<Item>& items) {
  for (bool found = true; found;) {
    found = false;
    for (auto& item : items) {
      if (item.belongs || !owned_by_one(item, items)) continue;
      item.belongs = true;
      found = true;
    }
  }
}

int number(const std::string& text) {
  return static_cast<int>(support::parse_integer(text).value_or(0));
}

/// `Unschedulable: "0/3 nodes ..."` without the quotes.
std::string plain_reason(const std::string& text) {
  const auto colon = text.find(": ");
  if (colon == std::string::npos) return text;
  return fmt::format("{}: {}", text.substr(0, colon), unquoted(std::string_view(text).substr(colon + 2)));
}

ContainerState read_container(const std::vector<std::string>& fields, std::size_t at) {
  ContainerState container{.name = field_at(fields, at + 1),
                           .init = field_at(fields, at) == "init",
                           .restarts = number(field_at(fields, at + 2)),
                           .reason = field_at(fields, at + 4),
                           .message = unquoted(field_at(fields, at + 5))};
  const auto phase = field_at(fields, at + 3);
  if (phase == "running") container.phase = ContainerState::Phase::running;
  if (phase == "terminated") container.phase = ContainerState::Phase::ended;
  return container;
}

Pod read_pod(const Item& item) {
  Pod pod{.ns = item.object.ns,
          .name = item.object.name,
          .phase = field_at(item.fields, 7),
          .ready = field_at(item.fields, 8) == "True",
          .ending = !field_at(item.fields, 9).empty(),
          .reason = plain_reason(field_at(item.fields, 10))};
  if (!item.owners.empty()) pod.owner_kind = item.owners.front().substr(0, item.owners.front().find('/'));
  for (auto at = kFirstContainer; at + kContainerFields <= item.fields.size(); at += kContainerFields)
    pod.containers.push_back(read_container(item.fields, at));
  return pod;
}

Workload read_workload(const Item& item) {
  Workload workload{.kind = item.object.kind,
                    .ns = item.object.ns,
                    .name = item.object.name,
                    .wanted = number(field_at(item.fields, 7))};
  const auto problems = support::split(field_at(item.fields, 8), '|');
  if (!problems.empty()) workload.problem = plain_reason(problems.front());
  return workload;
}

template <class Named>
void sort_by_name(std::vector<Named>& list) {
  std::sort(list.begin(), list.end(),
            [](const Named& a, const Named& b) { return std::tie(a.ns, a.name) < std::tie(b.ns, b.name); });
}

}  // namespace

std::vector<std::string> Belongings::namespaces() const {
  std::vector<std::string> names{ns};
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const auto& release : releases)
    add(release.ns);
  for (const auto& object : objects)
    add(object.ns);
  return names;
}

std::vector<Belongings> find_belongings(const domain::ClusterSnapshot& snapshot, std::string_view component) {
  std::vector<Belongings> found;
  const auto in = [&](const std::string& ns) -> Belongings& {
    const auto there = std::find_if(found.begin(), found.end(), [&](const Belongings& b) {
      const auto names = b.namespaces();
      return std::find(names.begin(), names.end(), ns) != names.end();
    });
    if (there != found.end()) return *there;
    return found.emplace_back(Belongings{.component = std::string(component), .ns = ns});
  };
  for (const auto& entry : snapshot.inventory) {
    if (entry.component != component || entry.kept) continue;
    auto& one = found.emplace_back(Belongings{.component = entry.component, .ns = entry.ns, .objects = entry.objects});
    for (const auto& release : entry.releases)
      one.releases.push_back({.ns = release.ns, .name = release.name});
  }
  for (const auto& release : snapshot.releases) {
    if (release.component != component) continue;
    auto& releases = in(release.ns).releases;
    const auto known = std::any_of(releases.begin(), releases.end(),
                                   [&](const auto& r) { return r.ns == release.ns && r.name == release.name; });
    if (!known) releases.push_back({.ns = release.ns, .name = release.name});
  }
  return found;
}

command::Command objects_read(const Belongings& belongings, const domain::KubeAccess& kube) {
  const auto namespaces = belongings.namespaces();
  return to_command(
      tools::KubectlGetTemplate{.kinds = {"pods", "deployments", "statefulsets", "daemonsets", "replicasets", "jobs",
                                          "cronjobs", "services", "persistentvolumeclaims"},
                                .ns = namespaces.size() == 1 ? namespaces.front() : std::string{},
                                .go_template = std::string(kTemplate)},
      kube);
}

ComponentObjects parse_objects(std::string_view output, const Belongings& belongings) {
  const auto namespaces = belongings.namespaces();
  std::vector<Item> items;
  for (const auto& line : support::split_lines(output)) {
    auto item = read_item(line);
    if (std::find(namespaces.begin(), namespaces.end(), item.object.ns) == namespaces.end()) continue;
    item.belongs = belongs_by_itself(item, belongings);
    items.push_back(std::move(item));
  }
  follow_owners(items);
  ComponentObjects found{.objects = belongings.objects};
  for (const auto& item : items) {
    (item.belongs ? found.objects : found.foreign).push_back(item.object);
    if (!item.belongs) continue;
    if (item.object.kind == "Pod") found.pods.push_back(read_pod(item));
    if (std::find(kWorkloads.begin(), kWorkloads.end(), item.object.kind) != kWorkloads.end())
      found.workloads.push_back(read_workload(item));
  }
  sort_by_name(found.pods);
  sort_by_name(found.workloads);
  return found;
}

std::string why_not_ready(const Pod& pod) {
  if (pod.ending) return "it is being deleted";
  for (const auto& container : pod.containers) {
    if (container.phase == ContainerState::Phase::running || container.reason == "Completed") continue;
    // What waits for a container before it says nothing of its own.
    if (container.reason.empty() || container.reason == "PodInitializing") continue;
    const auto message = container.message.empty() ? std::string{} : ": " + container.message;
    return support::elide_middle(fmt::format("{}: {}{}", container.name, container.reason, message), 200);
  }
  return support::elide_middle(pod.reason, 200);
}

}  // namespace datamill::inventory
