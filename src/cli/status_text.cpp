#include "cli/status_report.hpp"

#include "cli/debug_owner.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl_debug.hpp"
#include "datamill/ui/finding_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace datamill::cli {

namespace {

constexpr std::size_t kFewNodes = 5;

std::string release_text(const domain::InventoryEntry& entry, const domain::ClusterSnapshot& snapshot) {
  if (entry.kept) return "kept";
  std::vector<std::string> texts;
  for (const auto& release : entry.releases) {
    const auto* state = snapshot.release(release.ns, release.name);
    texts.push_back(state == nullptr ? fmt::format("{}: gone", release.name) : state->status);
  }
  return texts.empty() ? std::string("applied") : support::join(texts, ",");
}

std::string versions(const domain::InventoryEntry& entry) {
  std::vector<std::string> texts;
  for (const auto& release : entry.releases)
    texts.push_back(release.version.empty() ? release.chart : fmt::format("{} {}", release.chart, release.version));
  return support::join(texts, ",");
}

std::string headline(const Session& session, const Status& status) {
  const auto& snapshot = session.snapshot();
  auto text = fmt::format("{}: {}", planner::describe_cluster(session.target()), status.state);
  if (status.state != "running") return text + "\n";
  text += fmt::format(", {} of {} nodes ready", snapshot.ready_nodes, snapshot.nodes);
  if (!status.kubernetes_version.empty()) text += ", Kubernetes " + status.kubernetes_version;
  return text + (snapshot.facts.simulated ? ", pods are simulated\n" : "\n");
}

std::string parts_text(const std::vector<ClusterPart>& parts) {
  std::vector<std::string> running;
  std::vector<std::string> gone;
  for (const auto& part : parts)
    (part.running ? running : gone).push_back(part.name);
  if (gone.empty()) return running.empty() ? std::string{} : fmt::format("Parts: {}\n", support::join(running, ", "));
  return fmt::format("Parts: {}; not running: {}\n", support::join(running, ", "), support::join(gone, ", "));
}

std::string health_text(const std::vector<ClusterPart>& parts, int width) {
  if (parts.empty()) return {};
  const std::int64_t now = std::time(nullptr);
  const auto age = [&](std::int64_t since) {
    return support::format_duration(std::chrono::seconds(std::max<std::int64_t>(1, now - since)));
  };
  std::int64_t bytes = 0;
  std::vector<std::vector<std::string>> rows{{"PART", "RUNNING FOR", "MEMORY", "RESTARTS", "LAST END"}};
  for (const auto& part : parts) {
    bytes += part.resident_bytes;
    rows.push_back({part.name, part.running ? age(part.since) : "not running",
                    part.running ? inventory::format_bytes(part.resident_bytes) : "", fmt::format("{}", part.restarts),
                    part.last_end.empty() ? "" : fmt::format("{}, {} ago", part.last_end, age(part.last_end_at))});
  }
  rows.push_back({"all together", "", inventory::format_bytes(bytes), "", ""});
  return "\n" + ui::render_table(rows, width);
}

/// All nodes where they are few or `width` is 0 (-o wide), else those with a problem.
std::string nodes_text(const std::vector<inventory::NodeHealth>& nodes, int width) {
  const bool all = nodes.size() <= kFewNodes || width == 0;
  std::vector<std::vector<std::string>> rows{{"NODE", "STATE", "VERSION", "ADDRESS"}};
  for (const auto& node : nodes) {
    if (!all && node.ready && !node.cordoned) continue;
    std::string state = node.ready ? "ready" : "not ready";
    if (node.cordoned) state += ", cordoned";
    if (!node.problem.empty()) state += ": " + node.problem;
    rows.push_back({node.name, std::move(state), node.version, node.address});
  }
  return rows.size() == 1 ? std::string{} : "\n" + ui::render_table(rows, width);
}

std::string components_text(const domain::ClusterSnapshot& snapshot, int width) {
  if (snapshot.inventory.empty()) return "nothing is installed\n";
  std::vector<std::vector<std::string>> rows{{"COMPONENT", "NAMESPACE", "STATE", "CHARTS", "FLAVOURS"}};
  for (const auto& entry : snapshot.inventory) {
    rows.push_back(
        {entry.component, entry.ns, release_text(entry, snapshot), versions(entry), support::join(entry.claims, ",")});
  }
  return "\n" + ui::render_table(rows, width);
}

std::string pods_text(const inventory::PodReport& pods) {
  auto text = fmt::format("\nPods: {} of {} ready\n", pods.ready, pods.total);
  for (const auto& problem : pods.problems) {
    text += fmt::format("  {}/{}  {}  {}\n", problem.ns, problem.name, problem.phase, problem.reason);
    if (!problem.last_end.empty())
      text += fmt::format("      ended last with {}; {} restarts\n", problem.last_end, problem.restarts);
  }
  return text;
}

/// One line for each ill state; `why` has the rest.
std::string findings_text(const Session& session, const std::vector<Diagnosis>& diagnoses) {
  std::string text;
  for (const auto& diagnosis : diagnoses) {
    for (const auto& finding : diagnosis.findings)
      text += fmt::format("  {}: {}\n", diagnosis.belongings.component, ui::finding_line(finding));
  }
  if (text.empty()) return text;
  return fmt::format("\nWhat is ill (`{} why COMPONENT` says more):\n{}", session.app().program, text);
}

std::string endpoints_text(const std::vector<inventory::Endpoint>& endpoints, const domain::Facts& facts, int width) {
  if (endpoints.empty()) return {};
  std::vector<std::vector<std::string>> rows{{"SERVICE", "TYPE", "REACH"}};
  for (const auto& endpoint : endpoints) {
    auto reach = support::join(endpoint.reach, ", ");
    if (reach.empty()) reach = "no address yet";
    if (facts.simulated) reach += " (simulated: nothing answers)";
    rows.push_back({fmt::format("{}/{}", endpoint.ns, endpoint.name), endpoint.type, std::move(reach)});
  }
  return "\n" + ui::render_table(rows, width);
}

std::string disk_text(const Status& status) {
  std::int64_t bytes = 0;
  std::vector<std::string> unbound;
  for (const auto& claim : status.report.claims) {
    bytes += claim.bytes;
    if (claim.phase != "Bound" && !claim.phase.empty())
      unbound.push_back(fmt::format("{}/{} is {}", claim.ns, claim.name, claim.phase));
  }
  std::string text;
  if (!status.report.claims.empty()) {
    text += fmt::format("Volumes: {} claims, {} requested{}\n", status.report.claims.size(),
                        inventory::format_bytes(bytes), unbound.empty() ? "" : "; " + support::join(unbound, ", "));
  }
  if (!status.folder.empty())
    text += fmt::format("State: {} in {}\n", inventory::format_bytes(status.folder_bytes), status.folder);
  return text;
}

std::string leftovers_text(const Session& session, const std::vector<Leftover>& leftovers) {
  std::string text;
  for (const auto& [pod, reason] : leftovers) {
    const auto remove = to_command(tools::KubectlDeletePods{.ns = pod.ns, .names = {pod.name}}, session.access());
    text += fmt::format("Left over: debugging pod {}/{}, {} old: {}; the next `datamill debug` removes it, or: {}\n",
                        pod.ns, pod.name, support::format_duration(age_of(pod.created)), reason,
                        command::to_shell(remove, {}));
  }
  return text;
}

}  // namespace

std::string layers_text(const node::Layers& layers) {
  if (layers.reason.empty()) return {};
  return fmt::format("{} (every layer is a whole copy, which takes time and disk), for overlayfs fails here: {}",
                     layers.snapshotter, layers.reason);
}

std::string status_text(const Session& session, const Status& status, int width) {
  const auto& snapshot = session.snapshot();
  auto text = headline(session, status);
  if (status.parts_are_watched) text += health_text(status.parts, width);
  if (status.state == "running") {
    if (!status.parts_are_watched) text += parts_text(status.parts);
    text += nodes_text(status.report.nodes, width) + components_text(snapshot, width);
    if (!snapshot.inventory.empty()) text += pods_text(status.report.pods);
    text += findings_text(session, status.diagnoses);
    text += endpoints_text(status.report.endpoints, snapshot.facts, width);
  }
  text += disk_text(status);
  if (status.layers && !layers_text(*status.layers).empty())
    text += fmt::format("Images: {}\n", layers_text(*status.layers));
  return text + leftovers_text(session, status.leftovers);
}

}  // namespace datamill::cli
