#include "cli/commands/commands.hpp"
#include "cli/debug_run.hpp"
#include "cli/disk_use.hpp"
#include "cli/stale_pids.hpp"
#include "cli/status_report.hpp"
#include "datamill/node/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::cli {

using planner::ClusterState;
using support::ExitCode;

namespace {

std::vector<ClusterPart> node_parts(const std::string& folder) {
  std::vector<ClusterPart> parts;
  for (const auto& health : node::health_of(folder)) {
    parts.push_back({.name = health.record.name,
                     .running = health.running,
                     .since = health.since,
                     .resident_bytes = health.resident_bytes,
                     .restarts = health.record.restarts,
                     .last_end = health.record.last_end,
                     .last_end_at = health.record.last_end_at});
  }
  return parts;
}

/// Processes of a cluster of ours, by their pid files.
std::vector<ClusterPart> parts_of(const Session& session) {
  std::vector<ClusterPart> parts;
  const auto& provider = session.provider();
  if (!provider.node_folder.empty())
    return node_parts(fmt::format("{}/{}", session.context().places.cluster, provider.node_folder));
  if (provider.pid_folder == nullptr) return parts;
  const auto& files = session.app().files;
  const auto cluster = session.context().places.cluster;
  const auto folder = fmt::format("{}/{}", cluster, session.provider().pid_folder(session.target()));
  const auto stale = stale_pid_files(folder, cluster, files);
  for (const auto& name : files.list(folder)) {
    constexpr std::string_view kEnding = ".pid";
    if (!name.ends_with(kEnding)) continue;
    const auto is_stale = std::find(stale.begin(), stale.end(), fmt::format("{}/{}", folder, name)) != stale.end();
    parts.push_back({.name = name.substr(0, name.size() - kEnding.size()), .running = !is_stale});
  }
  return parts;
}

bool is_ill(const Session& session, const inventory::ClusterReport& report) {
  const auto& claims = report.claims;
  const auto& releases = session.snapshot().releases;
  return !report.pods.problems.empty() ||
         std::any_of(claims.begin(), claims.end(), [](const auto& claim) { return claim.phase != "Bound"; }) ||
         std::any_of(releases.begin(), releases.end(),
                     [](const auto& release) { return !release.component.empty() && release.status != "deployed"; });
}

/// What keeps components from being well; nothing is read where all is.
std::vector<Diagnosis> diagnose(Session& session, const inventory::ClusterReport& report) {
  if (!is_ill(session, report)) return {};
  std::set<std::string> names;
  for (const auto& entry : session.snapshot().inventory)
    names.insert(entry.component);
  std::vector<inventory::Belongings> all;
  for (const auto& name : names) {
    for (auto& one : inventory::find_belongings(session.snapshot(), name))
      all.push_back(std::move(one));
  }
  return diagnose_components(session, all);
}

/// The cluster's answers: one read, and a second one where its nodes do not say which version it is.
void ask(Session& session, Status& status) {
  std::set<std::string> namespaces;
  for (const auto& entry : session.snapshot().inventory)
    namespaces.insert(entry.ns);
  status.kubernetes_version = session.snapshot().facts.kubernetes_version;
  std::vector<command::Command> reads{inventory::status_read(session.access())};
  if (status.kubernetes_version.empty()) reads.push_back(inventory::version_read(session.access()));
  const auto answers = session.capture(reads);
  const auto report =
      answers.front().ok() ? answers.front().out : session.read(reads.front(), "nodes, pods, Services and volumes");
  status.report = inventory::parse_status(report, {namespaces.begin(), namespaces.end()});
  status.diagnoses = diagnose(session, status.report);
  if (answers.size() > 1 && answers[1].ok()) status.kubernetes_version = inventory::parse_version(answers[1].out);
  for (const auto& pod : status.report.debug_pods) {
    auto reason = leftover_reason(pod, session.app().files);
    if (!reason.empty()) status.leftovers.push_back({.pod = pod, .reason = std::move(reason)});
  }
}

Status look(Session& session) {
  if (session.cluster_state() == ClusterState::absent) return {.state = "absent"};
  Status status;
  if (session.provider().begun_marker != nullptr) {
    status.folder = session.context().places.cluster;
    status.folder_bytes = disk_use(status.folder);
  }
  if (const auto folder = session.provider().node_folder; !folder.empty())
    status.layers = node::layers_of(fmt::format("{}/{}", session.places().cluster, folder));
  if (session.cluster_state() == ClusterState::partial) {
    status.state = "unfinished";
    return status;
  }
  if (!session.look_for_tools()) session.get_tools();
  status.state = session.read_cluster() ? "running" : "stopped";
  status.parts_are_watched = !session.provider().node_folder.empty();
  if (status.state == "running" || status.parts_are_watched) status.parts = parts_of(session);
  if (status.state == "stopped") return status;
  ask(session, status);
  return status;
}

}  // namespace

ExitCode status_command(App& app) {
  Session session(app, Session::Use::cluster);
  const auto status = look(session);
  if (app.json()) {
    app.print(status_json(session, status));
  } else {
    app.print(
        status_text(session, status, app.options.output == Output::wide || !app.out.is_terminal ? 0 : app.out.width));
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli
