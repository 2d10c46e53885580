#include "datamill/inventory/snapshot_reads.hpp"

#include "datamill/inventory/inventory.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace datamill::inventory {

using domain::ClusterSnapshot;
using domain::ReleaseState;

namespace {

// Fields are separated by tabs, which no Kubernetes name, label or one-line JSON text holds. `index` on an absent map
// fails in Go templates, hence the `with` around each.
constexpr std::string_view kClusterTemplate =
    "{{range .items}}{{.kind}}\t{{with .metadata.namespace}}{{.}}{{end}}\t{{.metadata.name}}\t"
    "{{if eq .kind \"Namespace\"}}{{.metadata.uid}}\t"
    "{{with .metadata.labels}}{{with index . \"app.kubernetes.io/managed-by\"}}{{.}}{{end}}{{end}}\t"
    "{{.status.phase}}"
    "{{else if eq .kind \"StorageClass\"}}"
    "{{with .metadata.annotations}}{{with index . \"storageclass.kubernetes.io/is-default-class\"}}{{.}}{{end}}{{end}}"
    "{{else if eq .kind \"Node\"}}{{.status.nodeInfo.kubeletVersion}}\t"
    "{{with .metadata.annotations}}{{with index . \"kwok.x-k8s.io/node\"}}{{.}}{{end}}{{end}}\t"
    "{{range .status.conditions}}{{if eq .type \"Ready\"}}{{.status}}{{end}}{{end}}\t"
    "{{with .spec.providerID}}{{.}}{{end}}\t{{with index .status.capacity \"nvidia.com/gpu\"}}{{.}}{{end}}"
    "{{else}}"
    "{{with .metadata.annotations}}{{with index . \"meta.helm.sh/release-name\"}}{{.}}{{end}}{{end}}\t"
    "{{with .metadata.labels}}{{with index . \"app.kubernetes.io/instance\"}}{{.}}{{end}}\t"
    "{{with index . \"release\"}}{{.}}{{end}}\t{{with index . \"cnpg.io/cluster\"}}{{.}}{{end}}\t"
    "{{with index . \"app\"}}{{.}}{{end}}{{end}}"
    "{{end}}{{\"\\n\"}}{{end}}";

constexpr std::string_view kRecordsTemplate = "{{range .items}}{{.kind}}\t{{.metadata.namespace}}\t{{.metadata.name}}\t"
                                              "{{if eq .kind \"ConfigMap\"}}{{with .data}}{{with index . "
                                              "\"component.json\"}}{{.}}{{end}}{{end}}{{end}}{{\"\\n\"}}{{end}}";

constexpr std::string_view kReleasesTemplate =
    "{{range .items}}{{.metadata.namespace}}\t{{with .metadata.labels}}{{index . \"name\"}}\t{{index . \"status\"}}\t"
    "{{index . \"version\"}}\t{{with index . \"datamill.io/component\"}}{{.}}{{end}}{{end}}{{\"\\n\"}}{{end}}";

constexpr std::string_view kLeftoverTemplate =
    "{{range .items}}{{.apiVersion}}\t{{.kind}}\t{{.metadata.name}}\t"
    "{{with .metadata.annotations}}{{with index . \"meta.helm.sh/release-name\"}}{{.}}{{end}}{{end}}\t"
    "{{with .metadata.labels}}{{with index . \"app.kubernetes.io/instance\"}}{{.}}{{end}}\t"
    "{{with index . \"release\"}}{{.}}{{end}}{{end}}{{\"\\n\"}}{{end}}";

std::string field(const std::vector<std::string>& fields, std::size_t index) {
  return index < fields.size() && fields[index] != "<no value>" ? fields[index] : std::string{};
}

std::string first_of(const std::vector<std::string>& fields, std::size_t from) {
  for (std::size_t i = from; i < fields.size(); ++i) {
    if (auto value = field(fields, i); !value.empty()) return value;
  }
  return {};
}

struct NodeTally {
  int simulated = 0;
  bool cloud = false;
};

void read_node(const std::vector<std::string>& fields, ClusterSnapshot& snapshot, NodeTally& tally) {
  ++snapshot.nodes;
  if (!field(fields, 4).empty()) ++tally.simulated;
  if (field(fields, 5) == "True") ++snapshot.ready_nodes;
  const auto provider_id = field(fields, 6);
  for (const auto* cloud : {"aws://", "gce://", "azure://"}) {
    tally.cloud = tally.cloud || provider_id.starts_with(cloud);
  }
  if (!field(fields, 7).empty() && field(fields, 7) != "0") snapshot.facts.gpu = true;
  // A simulated node's own version says nothing about the cluster ("kwok-v0.8.0").
  if (field(fields, 3).starts_with("v")) snapshot.facts.kubernetes_version = field(fields, 3);
}

void read_cluster_line(const std::string& line, ClusterSnapshot& snapshot, NodeTally& tally) {
  const auto fields = support::split(line, '\t');
  const auto kind = field(fields, 0);
  if (kind == "Namespace") {
    if (field(fields, 2) == "kube-system") snapshot.cluster_uid = field(fields, 3);
    snapshot.namespaces.push_back({.name = field(fields, 2),
                                   .ours = field(fields, 4) == tools::kManagedByValue,
                                   .terminating = field(fields, 5) == "Terminating"});
  } else if (kind == "StorageClass") {
    if (field(fields, 3) == "true") snapshot.facts.storage_class = field(fields, 2);
  } else if (kind == "Node") {
    read_node(fields, snapshot, tally);
  } else if (kind == "PersistentVolumeClaim") {
    snapshot.claims.push_back({.ns = field(fields, 1), .name = field(fields, 2), .owner = first_of(fields, 3)});
  }
}

void read_records(const std::string& output, ClusterSnapshot& snapshot) {
  for (const auto& line : support::split_lines(output)) {
    const auto fields = support::split(line, '\t');
    if (field(fields, 0) == "Secret") {
      snapshot.our_secrets.push_back(fmt::format("{}/{}", field(fields, 1), field(fields, 2)));
    } else if (field(fields, 0) == "ConfigMap" && field(fields, 2).starts_with("datamill.")) {
      snapshot.inventory.push_back(from_json(field(fields, 3)));
    }
  }
}

/// helm keeps one Secret per revision: the highest one is the release's state.
void add_revision(ReleaseState state, std::map<std::string, ReleaseState>& newest) {
  const auto worked = state.status == "deployed" || state.status == "superseded";
  const auto failed = state.status == "failed" || state.status.starts_with("pending-");
  auto& slot = newest[fmt::format("{}/{}", state.ns, state.name)];
  state.good_revision = std::max(slot.good_revision, worked ? state.revision : 0);
  state.never_worked = failed && (slot.revision == 0 || slot.never_worked);
  if (state.revision > slot.revision) {
    slot = std::move(state);
  } else {
    slot.good_revision = state.good_revision;
    slot.never_worked = state.never_worked;
  }
}

void read_releases(const std::string& output, ClusterSnapshot& snapshot) {
  std::map<std::string, ReleaseState> newest;
  for (const auto& line : support::split_lines(output)) {
    const auto fields = support::split(line, '\t');
    const auto revision = support::parse_integer(field(fields, 3));
    if (!revision) continue;
    ReleaseState state{.ns = field(fields, 0),
                       .name = field(fields, 1),
                       .status = field(fields, 2),
                       .revision = static_cast<int>(*revision),
                       .component = field(fields, 4)};
    add_revision(std::move(state), newest);
  }
  for (auto& [key, state] : newest)
    snapshot.releases.push_back(std::move(state));
}

bool is_default_object(const LeftoverObject& object) {
  if (object.kind == "ServiceAccount" && object.name == "default") return true;
  if (object.kind == "ConfigMap" && object.name == "kube-root-ca.crt") return true;
  return object.kind == "Event" || object.kind == "Endpoints" || object.kind == "EndpointSlice";
}

}  // namespace

SnapshotReads snapshot_reads(const domain::KubeAccess& kube) {
  const auto managed = fmt::format("{}={}", tools::kManagedByLabel, tools::kManagedByValue);
  const tools::KubectlGetTemplate cluster{.kinds = {"namespaces", "storageclasses", "nodes", "persistentvolumeclaims"},
                                          .go_template = std::string(kClusterTemplate)};
  const tools::KubectlGetTemplate records{
      .kinds = {"configmaps", "secrets"}, .selector = managed, .go_template = std::string(kRecordsTemplate)};
  const tools::KubectlGetTemplate releases{
      .kinds = {"secrets"}, .selector = "owner=helm", .go_template = std::string(kReleasesTemplate)};
  return {.commands = {to_command(cluster, kube), to_command(records, kube), to_command(releases, kube)}};
}

ClusterSnapshot parse_snapshot(const std::array<std::string, SnapshotReads::kCount>& outputs,
                               const domain::Facts& provider_facts) {
  ClusterSnapshot snapshot{.known = true, .facts = provider_facts};
  NodeTally tally;
  for (const auto& line : support::split_lines(outputs[0]))
    read_cluster_line(line, snapshot, tally);
  if (tally.cloud) snapshot.facts.load_balancer = true;
  if (snapshot.nodes > 0 && tally.simulated == snapshot.nodes) snapshot.facts.simulated = true;
  read_records(outputs[1], snapshot);
  read_releases(outputs[2], snapshot);
  std::sort(snapshot.inventory.begin(), snapshot.inventory.end(),
            [](const auto& a, const auto& b) { return std::tie(a.ns, a.component) < std::tie(b.ns, b.component); });
  return snapshot;
}

command::Command leftover_read(const std::string& ns, const domain::KubeAccess& kube) {
  const tools::KubectlGetTemplate get{.kinds = {"pods", "services", "deployments", "statefulsets", "daemonsets", "jobs",
                                                "cronjobs", "configmaps", "secrets", "persistentvolumeclaims",
                                                "serviceaccounts", "roles", "rolebindings", "ingresses",
                                                "networkpolicies", "poddisruptionbudgets", "horizontalpodautoscalers"},
                                      .ns = ns,
                                      .go_template = std::string(kLeftoverTemplate)};
  return to_command(get, kube);
}

std::vector<LeftoverObject> parse_leftovers(std::string_view output) {
  std::vector<LeftoverObject> objects;
  for (const auto& line : support::split_lines(output)) {
    const auto fields = support::split(line, '\t');
    if (fields.size() < 3) continue;
    LeftoverObject object{.api_version = field(fields, 0),
                          .kind = field(fields, 1),
                          .name = field(fields, 2),
                          .owner = first_of(fields, 3)};
    if (!is_default_object(object)) objects.push_back(std::move(object));
  }
  return objects;
}

}  // namespace datamill::inventory
