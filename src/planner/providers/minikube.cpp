#include "datamill/tools/minikube.hpp"

#include "datamill/support/map_reader.hpp"
#include "planner/providers/providers.hpp"

#include <fmt/format.h>

namespace datamill::planner {

using namespace std::chrono_literals;
using domain::Target;
using plan::Effect;
using plan::Plan;

namespace {

/// data-mill called the driver vm_driver.
std::string driver_of(const Target& target) {
  const auto driver = target.block.text_at("driver");
  return std::string(driver.empty() ? target.block.text_at("vm_driver") : driver);
}

std::string profile_of(const Target& target) {
  return target.cluster_name;
}

void ensure(const Context& context, Plan& plan) {
  const auto& target = context.target;
  add_step(plan, "Start minikube",
           to_command(tools::MinikubeStart{.profile = profile_of(target),
                                           .driver = driver_of(target),
                                           .cpus = target.cpus,
                                           .memory = target.memory,
                                           .disk = target.storage,
                                           .kubernetes_version = target.kubernetes_version,
                                           .nodes = target.nodes,
                                           .gpus = target.gpu_support,
                                           .registry_mirror = target.registry_mirror,
                                           .kubeconfig = context.access.kubeconfig}),
           900s);
  add_step(plan, "Enable addon metrics-server", tools::minikube_addon(profile_of(target), "metrics-server", true),
           180s);
  if (target.gpu_support) {
    add_step(plan, "Enable addon nvidia-device-plugin",
             tools::minikube_addon(profile_of(target), "nvidia-device-plugin", true), 180s);
  }
  for (const auto& addon : target.addons) {
    add_step(plan, fmt::format("Enable addon {}", addon), tools::minikube_addon(profile_of(target), addon, true), 180s);
  }
  add_made_marker(context, "minikube", plan);
}

void stop(const Context& context, Plan& plan) {
  add_step(plan, "Stop minikube", tools::minikube_stop(profile_of(context.target)), 180s);
}

void destroy(const Context& context, Plan& plan) {
  add_step(plan, "Delete the minikube profile", tools::minikube_delete(profile_of(context.target)), 300s, {},
           Effect::destroy);
  add_folder_removal(context, plan);
}

}  // namespace

Provider minikube_provider() {
  return {
      .name = "minikube",
      .location = domain::Location::local,
      .summary = "minikube on docker, kvm2, virtualbox or another of its drivers",
      .check = [](const Target& target,
                  support::Diagnostics& diagnostics) { check_keys(target, {"driver"}, diagnostics); },
      // minikube docs: hostpath volumes are built in; LoadBalancer Services get no address without `minikube tunnel`.
      .facts =
          [](const Target& target) { return domain::Facts{.storage_class = "standard", .gpu = target.gpu_support}; },
      .access =
          [](const Target& target, const Places& places) {
            return domain::KubeAccess{.kubeconfig = places.cluster + "/kubeconfig", .context = target.cluster_name};
          },
      .tools = [](const Target&) { return std::vector<std::string>{"minikube"}; },
      .ensure = ensure,
      .stop = stop,
      .destroy = destroy,
      // minikube docs, Proxies and VPNs: the networks of its drivers.
      .own_networks =
          [](const Context&) {
            return std::vector<std::string>{"192.168.59.0/24", "192.168.49.0/24", "192.168.39.0/24"};
          },
      .load_image =
          [](const Context& context, const std::string& archive) {
            return tools::minikube_load_image(profile_of(context.target), archive);
          },
      .begun_marker = [](const Target&) { return std::string("kubeconfig"); },
      .made_marker = kMadeMarker,
      .remark = "Services of type LoadBalancer get no address without `minikube tunnel`"};
}

}  // namespace datamill::planner
