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
  domain::OwnershipMarks marks{};
  std::vector<std::string> fields{};
};

Item read_item(const std::string& line) {
  Item item{.fields = support::split(line, '\t')};
  auto& marks = item.marks;
  marks.object = {.kind = field_at(item.fields, 0), .ns = field_at(item.fields, 1), .name = field_at(item.fields, 2)};
  marks.release = field_at(item.fields, 3);
  for (const std::size_t i : {4U, 5U}) {
    if (auto label = field_at(item.fields, i); !label.empty()) marks.labels.push_back(std::move(label));
  }
  marks.owners = support::split_list(field_at(item.fields, 6), ",");
  return item;
}

std::vector<bool> whose(const std::vector<Item>& items, const Belongings& belongings) {
  std::vector<domain::OwnershipMarks> marks;
  marks.reserve(items.size());
  for (const auto& item : items)
    marks.push_back(item.marks);
  return domain::belonging(marks, {.releases = belongings.releases, .objects = belongings.objects});
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
  const auto& [object, release, release_ns, labels, owners] = item.marks;
  Pod pod{.ns = object.ns,
          .name = object.name,
          .phase = field_at(item.fields, 7),
          .ready = field_at(item.fields, 8) == "True",
          .ending = !field_at(item.fields, 9).empty(),
          .reason = plain_reason(field_at(item.fields, 10))};
  if (!owners.empty()) pod.owner_kind = owners.front().substr(0, owners.front().find('/'));
  for (auto at = kFirstContainer; at + kContainerFields <= item.fields.size(); at += kContainerFields)
    pod.containers.push_back(read_container(item.fields, at));
  return pod;
}

Workload read_workload(const Item& item) {
  const auto& object = item.marks.object;
  Workload workload{
      .kind = object.kind, .ns = object.ns, .name = object.name, .wanted = number(field_at(item.fields, 7))};
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
    if (std::find(namespaces.begin(), namespaces.end(), item.marks.object.ns) == namespaces.end()) continue;
    items.push_back(std::move(item));
  }
  const auto belongs = whose(items, belongings);
  ComponentObjects found{.objects = belongings.objects};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& object = items[i].marks.object;
    (belongs[i] ? found.objects : found.foreign).push_back(object);
    if (!belongs[i]) continue;
    if (object.kind == "Pod") found.pods.push_back(read_pod(items[i]));
    if (std::find(kWorkloads.begin(), kWorkloads.end(), object.kind) != kWorkloads.end())
      found.workloads.push_back(read_workload(items[i]));
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
