#include "planner/providers/providers.hpp"

#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::planner {

using namespace std::chrono_literals;
using domain::Location;
using domain::Target;

namespace {

// Keys that every provider understands, and those of data-mill's files that lost their meaning (reported where they are
// read).
constexpr std::array<std::string_view, 10> kSharedKeys{
    "provider",           "cluster_name",    "cpus",  "memory", "storage", "nodes", "gpu_support",
    "kubernetes_version", "registry_mirror", "addons"};
constexpr std::array<std::string_view, 9> kOldKeys{"vm_driver",     "use_multipass", "use_overlay",
                                                   "istio_support", "no_nodes",      "node_size",
                                                   "bucket_name",   "region",        "zones"};
// Known names of the specification that this version does not have.
constexpr std::array<std::string_view, 8> kPlanned{"kind", "k3d",      "k3s",      "microk8s",
                                                   "eks",  "kops-aws", "kops-gce", "gke"};

bool has(const auto& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<std::string> names_at(Location location) {
  std::vector<std::string> names;
  for (const auto& provider : providers()) {
    if (provider.location == location) names.emplace_back(provider.name);
  }
  return names;
}

std::optional<Choice> refuse(const Target& target, support::Diagnostics& diagnostics) {
  const auto names = names_at(target.location);
  const auto offered = names.empty() ? std::string("this version has none for this location")
                                     : fmt::format("this version has: {}", support::join(names, ", "));
  const auto* at = target.block.find("provider");
  const auto& place = at == nullptr ? target.at : at->at;
  if (has(kPlanned, target.provider) || names.empty()) {
    diagnostics.error("DM321", place,
                      fmt::format("provider \"{}\" is not in this version of datamill", target.provider), offered);
  } else {
    auto hint = support::did_you_mean(target.provider, names);
    diagnostics.error("DM320", place, fmt::format("unknown provider \"{}\"", target.provider),
                      hint.empty() ? offered : hint + " " + offered);
  }
  return std::nullopt;
}

Choice choose_automatically(const Surroundings& surroundings) {
  if (!surroundings.existing_provider.empty()) {
    return {.provider = find_provider(Location::local, surroundings.existing_provider),
            .why = fmt::format("{}: this cluster exists already; `local.provider` chooses otherwise",
                               surroundings.existing_provider)};
  }
  if (surroundings.docker_running && surroundings.minikube_on_path) {
    return {
        .provider = find_provider(Location::local, "minikube"),
        .why =
            "minikube: docker runs and minikube is installed; `local.provider: kwok` would simulate the nodes instead"};
  }
  if (surroundings.node_obstacle.empty()) {
    return {.provider = find_provider(Location::local, "embedded"),
            .why = "embedded: no docker with minikube found, so this machine becomes a node itself; -t kwok would "
                   "simulate nodes instead"};
  }
  return {.provider = find_provider(Location::local, "kwok"),
          .why = fmt::format("kwok (simulated nodes, no pod really runs): no docker with minikube found, and {}; "
                             "`local.provider` or -t chooses otherwise",
                             surroundings.node_obstacle)};
}

}  // namespace

const std::vector<Provider>& providers() {
  static const std::vector<Provider> table{kwok_provider(), embedded_provider(), minikube_provider(),
                                           existing_provider()};
  return table;
}

const Provider* find_provider(Location location, std::string_view name) {
  for (const auto& provider : providers()) {
    if (provider.location == location && provider.name == name) return &provider;
  }
  return nullptr;
}

std::optional<Choice> choose_provider(const Target& target, const Surroundings& surroundings,
                                      support::Diagnostics& diagnostics) {
  if (target.location == Location::hybrid) return Choice{.provider = find_provider(Location::hybrid, "existing")};
  Choice choice;
  if (target.location == Location::local && target.provider == "auto") {
    choice = choose_automatically(surroundings);
  } else {
    choice.provider = find_provider(target.location, target.provider);
  }
  if (choice.provider == nullptr) return refuse(target, diagnostics);
  return choice;
}

command::Command kubectl(const Context& context, std::vector<std::string> args) {
  command::Command command{.program = "kubectl", .args = std::move(args)};
  tools::add_kube_access(command, context.access, "--context");
  return command;
}

void add_step(plan::Plan& plan, std::string title, command::Command command, std::chrono::seconds timeout,
              plan::Retry retry, plan::Effect effect) {
  plan.add({.title = std::move(title),
            .action = plan::RunCommand{.command = std::move(command)},
            .timeout = timeout,
            .retry = std::move(retry),
            .effect = effect});
}

void add_made_marker(const Context& context, std::string_view provider, plan::Plan& plan) {
  plan.add({.title = "Note that the cluster is made",
            .action = plan::WriteFile{.path = fmt::format("{}/{}", context.places.cluster, kMadeMarker),
                                      .content = command::SymbolicText{fmt::format(
                                          "made by datamill with provider {}\n", provider)}},
            .timeout = 10s});
}

void add_folder_removal(const Context& context, plan::Plan& plan) {
  plan.add({.title = "Remove the cluster's files",
            .action = plan::RemovePath{.path = context.places.cluster},
            .timeout = 60s,
            .effect = plan::Effect::destroy});
}

void check_keys(const Target& target, const std::vector<std::string>& own_keys, support::Diagnostics& diagnostics) {
  std::vector<std::string> known(kSharedKeys.begin(), kSharedKeys.end());
  known.insert(known.end(), own_keys.begin(), own_keys.end());
  for (const auto& entry : target.block.entries) {
    if (has(known, entry.key) || has(kOldKeys, entry.key)) continue;
    auto hint = support::did_you_mean(entry.key, known);
    if (hint.empty()) hint = fmt::format("known keys: {}", support::join(known, ", "));
    diagnostics.error("DM322", entry.key_at,
                      fmt::format("unknown key \"{}\" for provider {}", entry.key, target.provider), hint);
  }
}

}  // namespace datamill::planner
