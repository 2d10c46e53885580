#include "datamill/support/map_reader.hpp"
#include "planner/providers/providers.hpp"

namespace datamill::planner {

using domain::Target;

namespace {

void check(const Target& target, support::Diagnostics& diagnostics) {
  check_keys(target, {"config", "context", "load_balancer", "storage_class"}, diagnostics);
  if (target.kubeconfig.empty()) {
    diagnostics.error("DM323", target.at, "`hybrid.config` is missing: which cluster is meant",
                      "set it to the path of a kubeconfig, or give --kubeconfig FILE");
  }
}

domain::Facts facts(const Target& target) {
  return {.load_balancer = target.block.text_at("load_balancer") == "true",
          .storage_class = std::string(target.block.text_at("storage_class")),
          .gpu = target.gpu_support};
}

}  // namespace

Provider existing_provider() {
  return {.name = "existing",
          .location = domain::Location::hybrid,
          .summary = "a cluster that exists, by its kubeconfig; never started, stopped or destroyed",
          .check = check,
          .facts = facts,
          .access =
              [](const Target& target, const Places&) {
                return domain::KubeAccess{.kubeconfig = target.kubeconfig, .context = target.context};
              },
          .tools = [](const Target&) { return std::vector<std::string>{}; },
          .ensure = [](const Context&, plan::Plan&) {},
          .stop = [](const Context&, plan::Plan&) {},
          .destroy = [](const Context&, plan::Plan&) {},
          .refusal = "datamill did not make this cluster, so it neither stops nor destroys it"};
}

}  // namespace datamill::planner
