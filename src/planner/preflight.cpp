#include "datamill/planner/preflight.hpp"

#include "datamill/planner/lifecycle.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

#include <set>

namespace datamill::planner {

using plan::Plan;

namespace {

void ask(const Context& context, const std::string& verb, const std::string& resource, const std::string& ns,
         Plan& plan) {
  const tools::KubectlCanI question{.verb = verb, .resource = resource, .ns = ns};
  const auto where = ns.empty() ? std::string{} : fmt::format(" in namespace {}", ns);
  plan.add({.title = fmt::format("Check the right to {} {}{}", verb, resource, where),
            .action = plan::RunCommand{.command = to_command(question, context.access)},
            .timeout = std::chrono::seconds{30},
            .effect = plan::Effect::read});
}

}  // namespace

Plan plan_preflight(const Provider& provider, const Context& context, const Plan& plan) {
  Plan questions{.title = fmt::format("Check rights on {}", describe_cluster(context.target))};
  if (provider.refusal.empty() || plan.steps.empty()) return questions;
  std::set<std::string> namespaces;
  for (const auto& component : plan.components) {
    if (!component.unchanged) namespaces.insert(component.ns);
  }
  for (const auto& ns : namespaces) {
    if (context.snapshot.find_namespace(ns) == nullptr) ask(context, "create", "namespaces", "", questions);
    for (const auto* resource : {"secrets", "configmaps", "services", "deployments.apps", "persistentvolumeclaims"}) {
      ask(context, "create", resource, ns, questions);
    }
  }
  collect_tools(questions);
  return questions;
}

}  // namespace datamill::planner
