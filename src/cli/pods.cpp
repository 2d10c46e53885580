#include "cli/pods.hpp"

#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::cli {

using inventory::Belongings;
using inventory::ComponentObjects;
using inventory::Pod;
using planner::ClusterState;
using support::ExitCode;
using support::Failure;

namespace {

std::string component_name(const Session& session) {
  const auto& requested = session.workspace().requested;
  return requested.empty() ? std::string{} : requested.front().name;
}

std::vector<std::string> installed_names(const domain::ClusterSnapshot& snapshot) {
  std::vector<std::string> names;
  for (const auto& entry : snapshot.inventory) {
    if (!entry.kept) names.push_back(entry.component);
  }
  for (const auto& release : snapshot.releases) {
    if (!release.component.empty()) names.push_back(release.component);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

[[noreturn]] void fail_with(ExitCode code, std::string_view diagnostic, std::string message,
                            std::vector<std::string> notes, std::string hint) {
  support::Diagnostics diagnostics;
  diagnostics.error(diagnostic, {}, std::move(message), std::move(hint));
  diagnostics.items().front().notes = std::move(notes);
  throw Failure(code, std::move(diagnostics));
}

std::vector<std::string> pod_names(const ComponentObjects& objects) {
  std::vector<std::string> names;
  for (const auto& pod : objects.pods)
    names.push_back(pod.name);
  return names;
}

/// Who serves comes first: nobody means the pod that pulls images on every node.
int rank(const Pod& pod) {
  if (pod.owner_kind == "Job") return 2;
  return pod.owner_kind == "DaemonSet" ? 1 : 0;
}

/// "why not" of every pod, as far as one knows.
std::vector<std::string> reasons(const ComponentObjects& objects) {
  std::vector<std::string> notes;
  for (const auto& pod : objects.pods) {
    const auto why = inventory::why_not_ready(pod);
    notes.push_back(fmt::format("pod {}: {}{}{}", pod.name, pod.phase, why.empty() ? "" : ", ", why));
  }
  return notes;
}

}  // namespace

void refuse_simulated(const Session& session) {
  if (!session.snapshot().facts.simulated) return;
  const auto& options = session.app().options;
  // The only two actions of `run` that need running pods.
  const auto* classic = options.command == "debug" ? "run -d" : "run -p";
  throw Failure(ExitCode::usage, "DM021",
                fmt::format("{} needs pods that run, and those of {} are simulated",
                            options.classic ? std::string(classic) : options.command,
                            planner::describe_cluster(session.target())));
}

void reach_cluster(Session& session) {
  const auto where = planner::describe_cluster(session.target());
  if (session.cluster_state() == ClusterState::absent)
    throw Failure(ExitCode::unreachable, "DM020", fmt::format("there is no {}", where), "`datamill start` makes it");
  if (session.cluster_state() == ClusterState::partial)
    throw Failure(ExitCode::unreachable, "DM020", fmt::format("{} is unfinished: making it was interrupted", where),
                  "`datamill start` finishes it");
  if (!session.look_for_tools()) session.get_tools();
  if (!session.read_cluster())
    throw Failure(ExitCode::unreachable, "DM020", fmt::format("{} does not answer", where),
                  "`datamill start` starts it");
}

Belongings find_component(const Session& session) {
  const auto name = component_name(session);
  auto found = inventory::find_belongings(session.snapshot(), name);
  if (found.empty()) {
    const auto there = installed_names(session.snapshot());
    throw Failure(ExitCode::preflight, "DM022",
                  fmt::format("{} is not installed on {}", name, planner::describe_cluster(session.target())),
                  there.empty() ? fmt::format("nothing is installed there; `datamill install -c {}` does it", name)
                                : fmt::format("installed there: {}", support::join(there, ", ")));
  }
  if (found.size() == 1) return found.front();
  const auto& wanted = session.workspace().project.k8s_namespace;
  std::vector<std::string> namespaces;
  for (auto& one : found) {
    if (one.ns == wanted) return one;
    namespaces.push_back(one.ns);
  }
  throw Failure(ExitCode::usage, "DM023", fmt::format("{} is installed in several namespaces", name),
                fmt::format("say which one is meant: -n {}", support::join(namespaces, ", -n ")));
}

ComponentObjects read_objects(Session& session, const Belongings& belongings) {
  const auto what = fmt::format("the objects of {}", belongings.component);
  return inventory::parse_objects(session.read(inventory::objects_read(belongings, session.access()), what),
                                  belongings);
}

void fail_without_pods(const Session& session, const Belongings& belongings, const ComponentObjects& objects) {
  std::vector<std::string> notes;
  for (const auto& workload : objects.workloads) {
    // A ReplicaSet of an older revision wants none, and says nothing.
    if (workload.kind == "ReplicaSet" && workload.problem.empty()) continue;
    notes.push_back(fmt::format("{} {} wants {} pods{}{}", workload.kind, workload.name, workload.wanted,
                                workload.problem.empty() ? "" : ": ", workload.problem));
  }
  if (notes.empty()) notes.push_back("nothing of it makes pods: no Deployment, StatefulSet, DaemonSet or Job");
  fail_with(
      ExitCode::step_failed, "DM024",
      fmt::format("{} has no pods in namespace {}", belongings.component, support::join(belongings.namespaces(), ", ")),
      std::move(notes), fmt::format("`{} events {}` may say why", session.app().program, belongings.component));
}

void check_pod_name(const Session& session, const ComponentObjects& objects) {
  const auto& wanted = session.app().options.pod;
  const auto names = pod_names(objects);
  if (wanted.empty() || std::find(names.begin(), names.end(), wanted) != names.end()) return;
  const auto hint = support::did_you_mean(wanted, names);
  throw Failure(ExitCode::usage, "DM027", fmt::format("{} has no pod \"{}\"", component_name(session), wanted),
                hint.empty() ? fmt::format("its pods: {}", support::join(names, ", ")) : hint);
}

std::vector<Pod> usable_pods(const Session& session, const Belongings& belongings, const ComponentObjects& objects) {
  if (objects.pods.empty()) fail_without_pods(session, belongings, objects);
  check_pod_name(session, objects);
  const auto& wanted = session.app().options.pod;
  std::vector<Pod> pods;
  for (const auto& pod : objects.pods) {
    // A pod that was chosen by name need not be ready: looking into one that is not is what people come for.
    const bool fits = wanted.empty() ? pod.ready && !pod.ending : pod.name == wanted;
    if (fits && pod.phase == "Running") pods.push_back(pod);
  }
  if (pods.empty()) {
    fail_with(ExitCode::step_failed, "DM026",
              wanted.empty() ? fmt::format("no pod of {} is ready", belongings.component)
                             : fmt::format("pod \"{}\" does not run", wanted),
              reasons(objects),
              fmt::format("`{} events {}` may say more", session.app().program, belongings.component));
  }
  std::stable_sort(pods.begin(), pods.end(), [](const Pod& a, const Pod& b) { return rank(a) < rank(b); });
  return pods;
}

}  // namespace datamill::cli
