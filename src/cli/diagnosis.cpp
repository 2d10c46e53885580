#include "cli/diagnosis.hpp"

#include "datamill/diagnose/findings.hpp"
#include "datamill/inventory/diagnosis_reads.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl_pods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace datamill::cli {

using diagnose::LogKey;
using diagnose::Scope;
using diagnose::World;
using inventory::Belongings;
using inventory::ObjectsRead;
using support::Node;

namespace {

constexpr int kLogLines = 10;

/// A part that may not be read (rights) leaves its kinds unknown; what was read of the others counts.
void take_in(World& world, const ObjectsRead& read, const exec::CaptureResult& result) {
  if (!result.out.empty()) world.put_list(support::read_json(result.out, "the answer of kubectl"));
  if (!result.ok()) return;
  for (const auto& kind : read.kinds)
    world.mark_known(kind);
}

bool has_custom_objects(const std::vector<Belongings>& components) {
  return std::any_of(components.begin(), components.end(), [](const Belongings& component) {
    return std::any_of(component.objects.begin(), component.objects.end(),
                       [](const domain::ObjectRef& object) { return support::contains(object.api_version, "."); });
  });
}

std::vector<std::string> namespaces_of(const std::vector<Belongings>& components) {
  std::vector<std::string> all;
  for (const auto& component : components) {
    for (auto& name : component.namespaces())
      all.push_back(std::move(name));
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// What is needed to judge any component.
World read_world(Session& session, const std::vector<Belongings>& components) {
  const auto own = inventory::namespaced_objects(namespaces_of(components));
  const auto shared = inventory::cluster_objects();
  std::vector<command::Command> commands{to_command(own, session.access()), to_command(shared, session.access())};
  const bool custom = has_custom_objects(components);
  if (custom) commands.push_back(inventory::definitions_read(session.access()));
  auto results = session.capture(commands);
  if (!results.front().ok() && results.front().out.empty()) {
    // Says why, or has it the second time.
    results.front() = {.out = session.read(commands.front(), "the objects of the components")};
  }
  World world;
  take_in(world, own, results[0]);
  take_in(world, shared, results[1]);
  if (custom && results[2].ok()) {
    world.mark_known("CustomResourceDefinition");
    for (auto& definition : inventory::parse_definitions(results[2].out))
      world.put(std::move(definition));
  }
  for (auto& secret : inventory::release_secrets(session.snapshot()))
    world.put(std::move(secret));
  return world;
}

bool has_false_condition(const Node& pod, std::string_view type) {
  const auto* conditions = pod.find_path({"status", "conditions"});
  return conditions != nullptr &&
         std::any_of(conditions->items.begin(), conditions->items.end(), [&](const Node& condition) {
           return condition.text_at("type") == type && condition.text_at("status") == "False";
         });
}

std::string_view phase_of(const Node& object) {
  const auto* phase = object.find_path({"status", "phase"});
  return phase == nullptr ? std::string_view{} : std::string_view(phase->scalar);
}

/// Somebody finds no place or no volume: then it matters what others take of the nodes, and who makes volumes.
bool needs_all_pods(const World& world) {
  const auto unplaced = [](const auto& entry) { return has_false_condition(entry.second, "PodScheduled"); };
  const auto pending = [](const auto& entry) { return phase_of(entry.second) == "Pending"; };
  const auto& pods = world.of("Pod");
  const auto& claims = world.of("PersistentVolumeClaim");
  return std::any_of(pods.begin(), pods.end(), unplaced) || std::any_of(claims.begin(), claims.end(), pending);
}

/// Simulated containers have no logs.
std::vector<LogKey> logs_to_read(const Session& session, const World& world, const std::vector<Scope>& scopes) {
  std::vector<LogKey> keys;
  if (session.snapshot().facts.simulated) return keys;
  for (const auto& scope : scopes) {
    for (auto& key : diagnose::wanted_logs(world, scope))
      keys.push_back(std::move(key));
  }
  return keys;
}

void read_more(Session& session, World& world, const std::vector<Scope>& scopes) {
  const auto keys = logs_to_read(session, world, scopes);
  std::vector<command::Command> commands;
  for (const auto& key : keys) {
    commands.push_back(to_command(
        tools::KubectlLogs{
            .ns = key.ns, .pod = key.pod, .container = key.container, .previous = key.previous, .tail = kLogLines},
        session.access()));
  }
  const bool all = needs_all_pods(world);
  if (all) commands.push_back(to_command(inventory::all_pods(), session.access()));
  if (commands.empty()) return;
  const auto results = session.capture(commands);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (results[i].ok() && !results[i].out.empty())
      world.put_log(keys[i], support::split_lines(support::trim(results[i].out)));
  }
  if (all) take_in(world, inventory::all_pods(), results.back());
}

bool is_done(const Node& pod) {
  return phase_of(pod) == "Succeeded";
}

bool is_ready(const Node& pod) {
  const auto* conditions = pod.find_path({"status", "conditions"});
  return conditions != nullptr &&
         std::any_of(conditions->items.begin(), conditions->items.end(), [](const Node& condition) {
           return condition.text_at("type") == "Ready" && condition.text_at("status") == "True";
         });
}

WaitingPod waiting_pod(const Node& pod) {
  WaitingPod waiting{.name = std::string(pod.find("metadata")->text_at("name")), .state = std::string(phase_of(pod))};
  for (const auto* list : {"initContainerStatuses", "containerStatuses"}) {
    const auto* statuses = pod.find_path({"status", list});
    if (statuses == nullptr) continue;
    for (const auto& status : statuses->items) {
      const auto* reason = status.find_path({"state", "waiting", "reason"});
      if (reason == nullptr) continue;
      waiting.state += ", " + reason->scalar;
      return waiting;
    }
  }
  return waiting;
}

/// How many pods a workload of the top wants.
int wanted_by(const Node& object) {
  const auto kind = object.text_at("kind");
  const auto number = [&](std::initializer_list<std::string_view> path, int otherwise) {
    const auto* node = object.find_path(path);
    return node == nullptr ? otherwise : static_cast<int>(support::parse_integer(node->scalar).value_or(otherwise));
  };
  if (kind == "Deployment" || kind == "StatefulSet") return number({"spec", "replicas"}, 1);
  return kind == "DaemonSet" ? number({"status", "desiredNumberScheduled"}, 0) : 0;
}

Diagnosis judge(const World& world, const Scope& scope, const Belongings& belongings) {
  Diagnosis diagnosis{.belongings = belongings, .findings = diagnose::find(world, scope)};
  int wanted = 0;
  for (const auto* object : diagnose::objects_of(world, scope)) {
    wanted += wanted_by(*object);
    if (object->text_at("kind") != "Pod" || is_done(*object)) continue;
    ++diagnosis.pods;
    if (is_ready(*object)) {
      ++diagnosis.ready;
    } else {
      diagnosis.waiting.push_back(waiting_pod(*object));
    }
  }
  diagnosis.pods = std::max(diagnosis.pods, wanted);
  return diagnosis;
}

}  // namespace

std::vector<Diagnosis> diagnose_components(Session& session, const std::vector<Belongings>& components) {
  std::vector<Diagnosis> diagnoses;
  if (components.empty()) return diagnoses;
  std::vector<Scope> scopes;
  for (const auto& component : components)
    scopes.push_back({.holdings = {.releases = component.releases, .objects = component.objects},
                      .namespaces = component.namespaces()});
  auto world = read_world(session, components);
  read_more(session, world, scopes);
  for (std::size_t i = 0; i < components.size(); ++i)
    diagnoses.push_back(judge(world, scopes[i], components[i]));
  return diagnoses;
}

}  // namespace datamill::cli
