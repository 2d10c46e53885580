#include "datamill/tools/kubectl.hpp"
#include "datamill/tools/kwokctl.hpp"
#include "planner/providers/providers.hpp"

#include <fmt/format.h>

namespace datamill::planner {

using namespace std::chrono_literals;
using domain::Target;
using plan::Effect;
using plan::Plan;

namespace {

constexpr int kDefaultNodes = 3;

tools::Kwokctl cluster_of(const Context& context) {
  return {.name = context.target.cluster_name,
          .work_directory = context.places.cluster + "/kwok",
          .kubeconfig = context.access.kubeconfig,
          .tool_paths = context.tool_paths};
}

/// A new API server answers /version before it is ready for anything else.
void wait_ready(const Context& context, Plan& plan) {
  const plan::Retry patient{.attempts = 8, .first_delay = 250ms};
  add_step(plan, "Wait for the API server", kubectl(context, {"get", "--raw", "/readyz"}), 60s, patient, Effect::read);
}

void wait_nodes(const Context& context, Plan& plan) {
  add_step(plan, "Wait for the simulated nodes",
           kubectl(context, {"wait", "--for=condition=Ready", "node", "--all", "--timeout", "60s"}), 90s,
           {.attempts = 5, .first_delay = 500ms}, Effect::read);
}

/// Its controllers make it; without them nothing that is installed would ever come to be.
void wait_controllers(const Context& context, Plan& plan) {
  add_step(plan, "Wait for the controllers",
           kubectl(context, {"get", "serviceaccount", "default", "--namespace", "default"}), 30s,
           {.attempts = 8, .first_delay = 250ms}, Effect::read);
}

void forget_stale_pids(const Context& context, Plan& plan) {
  for (const auto& file : context.stale_pid_files) {
    plan.add(
        {.title = "Forget a process of before the reboot", .action = plan::RemovePath{.path = file}, .timeout = 10s});
  }
}

void create(const Context& context, Plan& plan) {
  const auto cluster = cluster_of(context);
  const auto nodes = context.target.nodes > 0 ? context.target.nodes : kDefaultNodes;
  const auto data = context.places.root + "/data/kwok";
  if (context.cluster_state == ClusterState::partial) {
    add_step(plan, "Remove what an interrupted run left", kwokctl_delete(cluster), 60s, {}, Effect::destroy);
  }
  add_step(plan, "Create the control plane", kwokctl_create(cluster, data + "/kwokctl.yaml"), 180s);
  wait_ready(context, plan);
  add_step(plan, "Apply the simulated behaviour of nodes, volumes and Services",
           kubectl(context, {"apply", "--server-side", fmt::format("--field-manager={}", tools::kFieldManager),
                             "--filename", data + "/nodes.yaml", "--filename", data + "/stages.yaml"}),
           60s, {.attempts = 6, .first_delay = 500ms});
  add_step(plan, fmt::format("Add {} simulated nodes", nodes), kwokctl_scale_nodes(cluster, nodes), 60s);
  wait_nodes(context, plan);
  wait_controllers(context, plan);
  add_made_marker(context, "kwok", plan);
}

void ensure(const Context& context, Plan& plan) {
  if (context.cluster_state != ClusterState::stopped) return create(context, plan);
  forget_stale_pids(context, plan);
  add_step(plan, "Start the control plane", kwokctl_start(cluster_of(context)), 60s);
  wait_ready(context, plan);
  wait_nodes(context, plan);
}

void stop(const Context& context, Plan& plan) {
  forget_stale_pids(context, plan);
  add_step(plan, "Stop the control plane", kwokctl_stop(cluster_of(context)), 60s);
}

void destroy(const Context& context, Plan& plan) {
  forget_stale_pids(context, plan);
  add_step(plan, "Delete the cluster", kwokctl_delete(cluster_of(context)), 120s, {}, Effect::destroy);
  add_folder_removal(context, plan);
}

std::string cluster_folder(const Target& target) {
  return "kwok/clusters/" + target.cluster_name;
}

}  // namespace

Provider kwok_provider() {
  return {.name = "kwok",
          .location = domain::Location::local,
          .summary = "a real API server with simulated nodes: rehearsals, CI, no root",
          .check = [](const Target& target, support::Diagnostics& diagnostics) { check_keys(target, {}, diagnostics); },
          .facts =
              [](const Target&) {
                return domain::Facts{.load_balancer = true, .storage_class = "simulated", .simulated = true};
              },
          .access =
              [](const Target& target, const Places& places) {
                return domain::KubeAccess{.kubeconfig = places.cluster + "/kubeconfig",
                                          .context = "kwok-" + target.cluster_name};
              },
          .tools =
              [](const Target&) {
                auto names = tools::kwok_binaries();
                names.emplace_back("kwokctl");
                return names;
              },
          .ensure = ensure,
          .stop = stop,
          .destroy = destroy,
          .begun_marker = [](const Target& target) { return cluster_folder(target) + "/kwok.yaml"; },
          .made_marker = kMadeMarker,
          .pid_folder = [](const Target& target) { return cluster_folder(target) + "/pids"; },
          .picks_ports = true,
          .remark = "pods are simulated: they never run; Kubernetes' API, helm and all objects are real"};
}

}  // namespace datamill::planner
