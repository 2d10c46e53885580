#include "datamill/inventory/pods.hpp"

#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::inventory {

namespace {

// namespace, name, phase, readiness, then "reason: message" of conditions that are false and of waiting containers, one
// field each.
constexpr std::string_view kTemplate =
    "{{range .items}}{{.metadata.namespace}}\t{{.metadata.name}}\t{{.status.phase}}\t"
    "{{range .status.conditions}}{{if eq .type \"Ready\"}}{{.status}}{{end}}{{end}}\t"
    "{{range .status.containerStatuses}}{{with .state.waiting}}{{.reason}}: {{with .message}}{{printf \"%q\" "
    ".}}{{end}}{{end}}{{end}}\t"
    "{{range .status.conditions}}{{if eq .status \"False\"}}{{with .reason}}{{.}}{{end}}: "
    "{{with .message}}{{printf \"%q\" .}}{{end}}{{end}}{{end}}{{\"\\n\"}}{{end}}";

std::string cleaned(std::string text) {
  text = support::replace_all(std::move(text), "\"", "");
  return std::string(support::trim(text)) == ":" ? std::string{} : support::elide_middle(support::trim(text), 160);
}

}  // namespace

command::Command pods_read(const domain::KubeAccess& kube) {
  return to_command(tools::KubectlGetTemplate{.kinds = {"pods"}, .go_template = std::string(kTemplate)}, kube);
}

PodReport parse_pods(std::string_view output, const std::vector<std::string>& namespaces) {
  PodReport report;
  for (const auto& line : support::split_lines(output)) {
    const auto fields = support::split(line, '\t');
    if (fields.size() < 6 || std::find(namespaces.begin(), namespaces.end(), fields[0]) == namespaces.end()) continue;
    ++report.total;
    if (fields[3] == "True" || fields[2] == "Succeeded") {
      ++report.ready;
      continue;
    }
    auto reason = cleaned(fields[4]);
    if (reason.empty()) reason = cleaned(fields[5]);
    report.problems.push_back({.ns = fields[0], .name = fields[1], .phase = fields[2], .reason = reason});
  }
  return report;
}

}  // namespace datamill::inventory
