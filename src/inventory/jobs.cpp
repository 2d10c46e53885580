#include "datamill/inventory/jobs.hpp"

#include "datamill/inventory/debug_pods.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"
#include "inventory/go_text.hpp"

#include <fmt/format.h>

namespace datamill::inventory {

using support::Node;

namespace {

constexpr int kHour = 3600;

// Messages are quoted: they may hold newlines and tabs.
constexpr std::string_view kPodTemplate =
    "{{range .items}}{{.metadata.creationTimestamp}}\t{{.metadata.name}}\t{{with .status.phase}}{{.}}{{end}}\t"
    "{{with .status.reason}}{{.}}{{end}}\t{{with .status.message}}{{printf \"%q\" .}}{{end}}\t"
    "{{range .status.conditions}}{{if eq .type \"PodScheduled\"}}{{if eq .status \"False\"}}"
    "{{with .message}}{{printf \"%q\" .}}{{end}}{{end}}{{end}}{{end}}\t"
    "{{if .metadata.deletionTimestamp}}ending{{end}}\t"
    "{{range .status.containerStatuses}}"
    "{{with .state.waiting}}waiting\t{{with .reason}}{{.}}{{end}}\t{{with .message}}{{printf \"%q\" .}}{{end}}\t{{end}}"
    "{{with .state.running}}running\t\t\t{{end}}"
    "{{with .state.terminated}}terminated\t{{with .reason}}{{.}}{{end}}\t"
    "{{with .message}}{{printf \"%q\" .}}{{end}}\t{{.exitCode}}{{end}}{{end}}{{\"\\n\"}}{{end}}";

constexpr std::string_view kJobsTemplate =
    "{{range .items}}{{.metadata.name}}\t{{.metadata.creationTimestamp}}\t"
    "{{with .status.active}}{{.}}{{end}}\t{{with .status.succeeded}}{{.}}{{end}}\t"
    "{{range .status.conditions}}{{if eq .type \"Failed\"}}{{with .reason}}{{.}}{{end}}: "
    "{{with .message}}{{printf \"%q\" .}}{{end}}{{end}}{{end}}\t"
    "{{range .spec.template.spec.containers}}{{.image}}{{end}}{{\"\\n\"}}{{end}}";

Node pair(std::string key, Node value) {
  auto map = Node::map();
  map.set(std::move(key), std::move(value));
  return map;
}

Node labels_of(const std::string& job) {
  auto labels = pair(std::string(tools::kManagedByLabel), Node::text(std::string(tools::kManagedByValue)));
  labels.set(std::string(kJobLabel), Node::text(job));
  return labels;
}

Node metadata_of(const JobSpec& spec) {
  auto metadata = pair("name", Node::text(spec.name));
  metadata.set("namespace", Node::text(spec.ns));
  metadata.set("labels", labels_of(spec.name));
  return metadata;
}

Node variable_node(const JobVariable& variable) {
  auto node = pair("name", Node::text(variable.name));
  if (variable.secret.empty()) {
    node.set("value", Node::text(variable.value));
    return node;
  }
  auto ref = pair("name", Node::text(variable.secret));
  ref.set("key", Node::text(variable.key));
  node.set("valueFrom", pair("secretKeyRef", std::move(ref)));
  return node;
}

/// Memory is asked for and limited alike, so that nobody else's pod is thrown out for ours; CPU time may be borrowed.
Node resources_of(const JobSpec& spec) {
  auto requests = Node::map();
  auto limits = Node::map();
  if (!spec.cpu.empty()) requests.set("cpu", Node::text(spec.cpu));
  if (!spec.memory.empty()) {
    requests.set("memory", Node::text(spec.memory));
    limits.set("memory", Node::text(spec.memory));
  }
  // kubernetes docs: GPUs are given as limits only.
  if (spec.gpus > 0) limits.set("nvidia.com/gpu", Node::integer(spec.gpus));
  auto resources = Node::map();
  if (!requests.entries.empty()) resources.set("requests", std::move(requests));
  if (!limits.entries.empty()) resources.set("limits", std::move(limits));
  return resources;
}

Node container_of(const JobSpec& spec) {
  auto node = pair("name", Node::text(std::string(kJobContainer)));
  node.set("image", Node::text(spec.image));
  if (!spec.words.empty()) {
    auto words = Node::sequence();
    for (const auto& word : spec.words)
      words.items.push_back(Node::text(word));
    node.set("command", std::move(words));
  }
  auto variables = Node::sequence();
  for (const auto& variable : spec.variables)
    variables.items.push_back(variable_node(variable));
  if (!variables.items.empty()) node.set("env", std::move(variables));
  if (auto resources = resources_of(spec); !resources.entries.empty()) node.set("resources", std::move(resources));
  if (!spec.file.empty()) {
    auto mount = pair("name", Node::text("file"));
    mount.set("mountPath", Node::text(std::string(kJobFolder)));
    mount.set("readOnly", Node::boolean(true));
    node.set("volumeMounts", Node::sequence({std::move(mount)}));
  }
  return node;
}

Node pod_of(const JobSpec& spec) {
  auto node = pair("restartPolicy", Node::text("Never"));
  node.set("automountServiceAccountToken", Node::boolean(false));
  node.set("enableServiceLinks", Node::boolean(false));
  node.set("containers", Node::sequence({container_of(spec)}));
  if (!spec.file.empty()) {
    constexpr int kReadAndExecute = 0555;
    auto source = pair("name", Node::text(spec.name));
    source.set("defaultMode", Node::integer(kReadAndExecute));
    auto volume = pair("name", Node::text("file"));
    volume.set("configMap", std::move(source));
    node.set("volumes", Node::sequence({std::move(volume)}));
  }
  return node;
}

}  // namespace

Node job(const JobSpec& spec) {
  auto body = pair("backoffLimit", Node::integer(0));
  if (!spec.keep) body.set("ttlSecondsAfterFinished", Node::integer(kHour));
  auto pod = pair("metadata", pair("labels", labels_of(spec.name)));
  pod.set("spec", pod_of(spec));
  body.set("template", std::move(pod));
  auto node = pair("apiVersion", Node::text("batch/v1"));
  node.set("kind", Node::text("Job"));
  node.set("metadata", metadata_of(spec));
  node.set("spec", std::move(body));
  return node;
}

Node job_file(const JobSpec& spec, const std::string& content, const std::string& uid) {
  auto owner = pair("apiVersion", Node::text("batch/v1"));
  owner.set("kind", Node::text("Job"));
  owner.set("name", Node::text(spec.name));
  owner.set("uid", Node::text(uid));
  auto metadata = metadata_of(spec);
  metadata.set("ownerReferences", Node::sequence({std::move(owner)}));
  auto node = pair("apiVersion", Node::text("v1"));
  node.set("kind", Node::text("ConfigMap"));
  node.set("metadata", std::move(metadata));
  node.set("binaryData", pair(spec.file, Node::text(support::base64_encode(content))));
  return node;
}

command::Command job_pod_read(const std::string& ns, const std::string& job, const domain::KubeAccess& kube) {
  return to_command(tools::KubectlGetTemplate{.kinds = {"pods"},
                                              .ns = ns,
                                              .selector = fmt::format("{}={}", kJobLabel, job),
                                              .go_template = std::string(kPodTemplate)},
                    kube);
}

JobProgress parse_job_pod(std::string_view output) {
  JobProgress state;
  std::string newest;
  for (const auto& line : support::split_lines(output)) {
    const auto fields = support::split(line, '\t');
    if (fields.size() < 7 || (fields[0] < newest && !state.pod.empty())) continue;
    newest = fields[0];
    state = {.pod = fields[1], .phase = fields[2], .unschedulable = unquoted(fields[5])};
    state.pod_reason = fields[4].empty() ? fields[3] : fmt::format("{}: {}", fields[3], unquoted(fields[4]));
    state.ending = !fields[6].empty();
    state.state = field_at(fields, 7);
    state.reason = field_at(fields, 8);
    state.message = unquoted(field_at(fields, 9));
    if (const auto code = support::parse_integer(field_at(fields, 10))) state.exit_code = static_cast<int>(*code);
  }
  return state;
}

ImageTrouble image_trouble(const JobProgress& state) {
  if (!is_image_problem({.state = state.state, .reason = state.reason})) return ImageTrouble::none;
  return state.reason == "ErrImagePull" || state.reason == "RegistryUnavailable" ? ImageTrouble::maybe
                                                                                 : ImageTrouble::certain;
}

bool cannot_start(const JobProgress& state) {
  // One that ended has started.
  if (state.state == "terminated" || state.exit_code) return state.reason == "StartError";
  return cannot_start(DebugProgress{.phase = state.phase, .state = state.state, .reason = state.reason});
}

command::Command jobs_read(const std::string& ns, const domain::KubeAccess& kube) {
  return to_command(
      tools::KubectlGetTemplate{
          .kinds = {"jobs"}, .ns = ns, .selector = std::string(kJobLabel), .go_template = std::string(kJobsTemplate)},
      kube);
}

std::vector<JobRow> parse_jobs(std::string_view output) {
  std::vector<JobRow> rows;
  for (const auto& line : support::split_lines(output)) {
    const auto fields = support::split(line, '\t');
    if (fields.size() < 6) continue;
    JobRow row{.name = fields[0], .created = fields[1], .state = "waiting", .image = fields[5]};
    if (!fields[2].empty()) row.state = "running";
    if (!fields[3].empty()) row.state = "done";
    if (!fields[4].empty()) {
      row.state = "failed";
      const auto colon = fields[4].find(": ");
      row.reason = fmt::format("{}{}", fields[4].substr(0, colon + 2), unquoted(fields[4].substr(colon + 2)));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

command::Command secret_names_read(const std::string& ns, const domain::KubeAccess& kube) {
  return to_command(tools::KubectlGetTemplate{.kinds = {"secrets"},
                                              .ns = ns,
                                              .go_template = "{{range .items}}{{.metadata.name}} {{end}}"},
                    kube);
}

}  // namespace datamill::inventory
