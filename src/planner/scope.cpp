#include "datamill/planner/selection.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::planner {

using domain::Component;
using domain::Condition;
using support::Diagnostics;
using support::Node;

namespace {

void add_target(Scope& scope, const domain::Target& target) {
  // The block as written first, so that a provider's own keys can be referred to; typed values win.
  for (const auto& entry : target.block.entries) {
    if (entry.value.is_scalar()) scope.set("target." + entry.key, entry.value);
  }
  scope.set_text("target.location", std::string(domain::to_name(target.location)));
  scope.set_text("target.provider", target.provider);
  scope.set_text("target.cluster_name", target.cluster_name);
  scope.set("target.cpus", Node::integer(target.cpus));
  scope.set("target.memory", Node::text(fmt::format("{}Mi", target.memory.count)));
  scope.set("target.storage", Node::text(fmt::format("{}Mi", target.storage.count)));
  scope.set("target.nodes", Node::integer(target.nodes));
  scope.set("target.gpu_support", Node::boolean(target.gpu_support));
  scope.set_text("target.kubernetes_version", target.kubernetes_version);
  scope.set_text("target.registry_mirror", target.registry_mirror);
}

void add_project(Scope& scope, const domain::Project& project) {
  scope.set_text("project.name", project.name);
  scope.set_text("project.k8s_namespace", project.k8s_namespace);
  scope.set("project.proxy_port", Node::integer(project.proxy_port));
}

void add_facts(Scope& scope, const domain::Facts& facts) {
  for (const auto& [name, value] : facts.all()) {
    const auto is_boolean = value == "true" || value == "false";
    scope.set("facts." + name, is_boolean ? Node::plain(value) : Node::text(value));
  }
}

std::string value_of_subject(const Condition& condition, const Component& component, const Context& context,
                             const std::map<std::string, Binding>& bindings) {
  switch (condition.subject) {
  case Condition::Subject::fact:
    for (const auto& [name, value] : context.facts.all()) {
      if (name == condition.name) return value;
    }
    return {};
  case Condition::Subject::setting: {
    const auto config = context.workspace.configs.find(component.name);
    if (config == context.workspace.configs.end()) return {};
    const auto setting = config->second.settings.find(condition.name);
    return setting == config->second.settings.end() ? std::string{} : setting->second.value.scalar;
  }
  case Condition::Subject::capability: {
    const auto found = bindings.find(condition.name);
    const auto bound =
        found != bindings.end() && (found->second.component != nullptr || found->second.service != nullptr);
    return bound ? "true" : "false";
  }
  }
  return {};
}

}  // namespace

Scope base_scope(const Component& component, const Context& context, Diagnostics& diagnostics) {
  Scope scope;
  add_project(scope, context.workspace.project);
  add_target(scope, context.target);
  add_facts(scope, context.facts);
  if (const auto config = context.workspace.configs.find(component.name); config != context.workspace.configs.end()) {
    for (const auto& [name, setting] : config->second.settings) {
      // Settings may refer to the project, the target and the facts, not to each other: no order to get wrong.
      const auto never = [](const Node&) { return false; };
      scope.set("settings." + name, substitute(setting.value, scope, never, diagnostics));
    }
  }
  const auto written =
      component.namespace_.empty() ? std::string("${project.k8s_namespace}") : component.namespace_.text;
  scope.set_text("namespace", substitute_text(written, component.namespace_.at, scope, diagnostics));
  return scope;
}

bool holds(const Condition& condition, const Component& component, const Context& context,
           const std::map<std::string, Binding>& bindings) {
  return value_of_subject(condition, component, context, bindings) == condition.is;
}

bool holds(const Node& node, const Component& component, const Context& context,
           const std::map<std::string, Binding>& bindings, Diagnostics& diagnostics) {
  Condition condition{.is = "true", .at = node.at};
  for (const auto& entry : node.entries) {
    if (entry.key == "is") {
      condition.is = entry.value.scalar;
    } else if (entry.key == "fact" || entry.key == "setting" || entry.key == "capability") {
      condition.subject = entry.key == "fact"      ? Condition::Subject::fact
                          : entry.key == "setting" ? Condition::Subject::setting
                                                   : Condition::Subject::capability;
      condition.name = entry.value.scalar;
    }
  }
  if (condition.name.empty()) {
    diagnostics.error("DM314", node.at, "a condition names neither a fact, a setting nor a capability",
                      "write `when: {fact: simulated, is: true}`, `{setting: x, is: y}` or `{capability: s3}`");
  }
  return holds(condition, component, context, bindings);
}

}  // namespace datamill::planner
