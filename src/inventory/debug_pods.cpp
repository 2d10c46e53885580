#include "datamill/inventory/debug_pods.hpp"

#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::inventory {

using support::Node;

namespace {

constexpr std::string_view kListTemplate =
    "{{range .items}}{{.metadata.namespace}}\t{{.metadata.name}}\t"
    "{{if .metadata.deletionTimestamp}}Terminating{{else}}{{.status.phase}}{{end}}\t{{.metadata.creationTimestamp}}\t"
    "{{with .metadata.annotations}}{{with index . \"datamill.io/debug-owner\"}}{{.}}{{end}}{{end}}{{\"\\n\"}}{{end}}";

// Messages are quoted: they may hold newlines and tabs.
constexpr std::string_view kStateHead =
    "{{with .status.phase}}{{.}}{{end}}\t{{with .status.reason}}{{.}}{{end}}\t"
    "{{with .status.message}}{{printf \"%q\" .}}{{end}}\t"
    "{{range .status.conditions}}{{if eq .type \"PodScheduled\"}}{{if eq .status \"False\"}}"
    "{{with .message}}{{printf \"%q\" .}}{{end}}{{end}}{{end}}{{end}}\t";
constexpr std::string_view kStateOfContainer =
    "{{with .state.waiting}}waiting\t{{with .reason}}{{.}}{{end}}\t{{with .message}}{{printf \"%q\" .}}{{end}}{{end}}"
    "{{with .state.running}}running{{end}}"
    "{{with .state.terminated}}terminated\t{{with .reason}}{{.}}{{end}}\t"
    "{{with .message}}{{printf \"%q\" .}}{{end}}{{end}}";

constexpr std::array<std::string_view, 7> kImageReasons{
    "ErrImagePull",        "ImagePullBackOff",  "InvalidImageName",         "ErrImageNeverPull",
    "RegistryUnavailable", "ImageInspectError", "SignatureValidationFailed"};
constexpr std::array<std::string_view, 5> kStartReasons{"CreateContainerConfigError", "CreateContainerError",
                                                        "RunContainerError", "CrashLoopBackOff", "StartError"};

Node list_of(const std::vector<std::string>& words) {
  auto list = Node::sequence();
  for (const auto& word : words)
    list.items.push_back(Node::text(word));
  return list;
}

Node pair(std::string key, Node value) {
  auto map = Node::map();
  map.set(std::move(key), std::move(value));
  return map;
}

Node container(const DebugPodSpec& spec) {
  auto variable = Node::map();
  variable.set("name", Node::text("POD_NAMESPACE"));
  variable.set("valueFrom", pair("fieldRef", pair("fieldPath", Node::text("metadata.namespace"))));
  auto node = Node::map();
  node.set("name", Node::text(std::string(kDebugContainer)));
  node.set("image", Node::text(spec.image));
  node.set("command", list_of(spec.words));
  node.set("env", Node::sequence({std::move(variable)}));
  return node;
}

Node pod_spec(const DebugPodSpec& spec) {
  auto node = Node::map();
  node.set("restartPolicy", Node::text("Never"));
  node.set("activeDeadlineSeconds", Node::integer(spec.limit.count()));
  node.set("terminationGracePeriodSeconds", Node::integer(1));
  node.set("automountServiceAccountToken", Node::boolean(!spec.service_account.empty()));
  if (!spec.service_account.empty()) node.set("serviceAccountName", Node::text(spec.service_account));
  if (!spec.node.empty()) {
    // Whoever names a node wants this one, also when it is cordoned or tainted.
    node.set("nodeName", Node::text(spec.node));
    node.set("tolerations", Node::sequence({pair("operator", Node::text("Exists"))}));
  }
  node.set("containers", Node::sequence({container(spec)}));
  return node;
}

std::string unquoted(std::string text) {
  text = support::replace_all(std::move(text), "\\n", " ");
  text = support::replace_all(std::move(text), "\\\"", "'");
  return std::string(support::trim(support::replace_all(std::move(text), "\"", "")));
}

}  // namespace

Node debug_pod(const DebugPodSpec& spec) {
  auto labels = pair(std::string(tools::kManagedByLabel), Node::text(std::string(tools::kManagedByValue)));
  labels.set(std::string(kDebugLabel), Node::text(spec.kind));
  auto metadata = Node::map();
  metadata.set("name", Node::text(spec.name));
  metadata.set("namespace", Node::text(spec.ns));
  metadata.set("labels", std::move(labels));
  metadata.set("annotations", pair(std::string(kDebugOwner), Node::text(spec.owner)));
  auto pod = Node::map();
  pod.set("apiVersion", Node::text("v1"));
  pod.set("kind", Node::text("Pod"));
  pod.set("metadata", std::move(metadata));
  pod.set("spec", pod_spec(spec));
  return pod;
}

command::Command debug_pods_read(const domain::KubeAccess& kube) {
  return to_command(tools::KubectlGetTemplate{.kinds = {"pods"},
                                              .selector = std::string(kDebugLabel),
                                              .go_template = std::string(kListTemplate)},
                    kube);
}

std::vector<DebugPod> parse_debug_pods(std::string_view output) {
  std::vector<DebugPod> pods;
  for (const auto& line : support::split_lines(output)) {
    const auto fields = support::split(line, '\t');
    if (fields.size() < 5) continue;
    pods.push_back({.ns = fields[0], .name = fields[1], .phase = fields[2], .created = fields[3], .owner = fields[4]});
  }
  return pods;
}

command::Command node_names_read(const domain::KubeAccess& kube) {
  return to_command(
      tools::KubectlGetTemplate{.kinds = {"nodes"}, .go_template = "{{range .items}}{{.metadata.name}} {{end}}"}, kube);
}

command::Command container_read(const std::string& ns, const std::string& pod, const std::string& container,
                                const domain::KubeAccess& kube) {
  std::string text(kStateHead);
  for (const auto* list : {"containerStatuses", "ephemeralContainerStatuses"}) {
    text += fmt::format("{{{{range .status.{}}}}}{{{{if eq .name \"{}\"}}}}{}{{{{end}}}}{{{{end}}}}", list, container,
                        kStateOfContainer);
  }
  return to_command(tools::KubectlGetTemplate{.kinds = {"pod/" + pod}, .ns = ns, .go_template = std::move(text)}, kube);
}

DebugProgress parse_container(std::string_view output) {
  auto fields = support::split(support::split_lines(output).empty() ? "" : support::split_lines(output).front(), '\t');
  fields.resize(7);
  DebugProgress state{.phase = fields[0], .unschedulable = unquoted(fields[3]), .state = fields[4]};
  state.pod_reason = fields[2].empty() ? fields[1] : fmt::format("{}: {}", fields[1], unquoted(fields[2]));
  state.reason = fields[5];
  state.message = unquoted(fields[6]);
  return state;
}

bool is_image_problem(const DebugProgress& state) {
  return state.state == "waiting" &&
         std::find(kImageReasons.begin(), kImageReasons.end(), state.reason) != kImageReasons.end();
}

bool cannot_start(const DebugProgress& state) {
  if (state.state == "terminated" || state.phase == "Failed" || state.phase == "Succeeded") return true;
  return state.state == "waiting" &&
         std::find(kStartReasons.begin(), kStartReasons.end(), state.reason) != kStartReasons.end();
}

}  // namespace datamill::inventory
