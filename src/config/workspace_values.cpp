#include "config/workspace_values.hpp"

#include <fmt/format.h>

#include <utility>

namespace datamill::config {

using domain::Origin;
using domain::SourcedNode;
using domain::Workspace;
using support::Node;

namespace {

/// What `project:` means where it says nothing.
std::vector<std::pair<std::string, Node>> project_values(const domain::Project& project) {
  std::vector<Node> names;
  for (const auto& component : project.flavour) {
    names.push_back(Node::text(component.name));
    names.back().at = component.at;
  }
  Node providers = Node::map();
  for (const auto& [capability, component] : project.providers)
    providers.set(capability, Node::text(component));
  return {{"name", Node::text(project.name)},
          {"k8s_namespace", Node::text(project.k8s_namespace)},
          {"proxy_port", Node::integer(project.proxy_port)},
          {"flavour", Node::sequence(std::move(names))},
          {"providers", std::move(providers)},
          {"k8s_default_config", Node::text(project.k8s_default_config)},
          {"component_default_config", Node::text(project.component_default_config)},
          {"data_folder", Node::text(project.data_folder)},
          {"config_folder", Node::text(project.config_folder)}};
}

Origin origin_of(const Node& value, const std::string& flavour_file) {
  const bool in_flavour = value.at.file.str() == flavour_file;
  return {.at = value.at, .rule = in_flavour ? "flavour" : "user file"};
}

void add_project(const Flavour& flavour, const Node& user_project, const std::string& namespace_flag,
                 Workspace& workspace) {
  for (auto& [key, value] : project_values(workspace.project)) {
    SourcedNode sourced{.value = std::move(value), .origin = {.rule = "default"}};
    const Node* given = flavour.project_node.find(key);
    const Node* by_user = user_project.find(key);
    if (given != nullptr && !given->is_null()) sourced.origin = origin_of(*given, flavour.file);
    if (by_user != nullptr && sourced.origin.rule == "flavour")
      sourced.losers.push_back({.at = by_user->at, .rule = "user file"});
    if (key == "k8s_namespace" && !namespace_flag.empty()) {
      if (sourced.origin.rule != "default") sourced.losers.insert(sourced.losers.begin(), sourced.origin);
      sourced.origin = {.rule = "-n"};
    }
    workspace.values[fmt::format("project.{}", key)] = std::move(sourced);
  }
}

}  // namespace

void add_values(const Flavour& flavour, const Node& user_project, const std::string& namespace_flag,
                Workspace& workspace) {
  add_project(flavour, user_project, namespace_flag, workspace);
  for (const auto& service : workspace.services)
    workspace.values[fmt::format("services.{}", service.capability)] = {
        .value = service.outputs, .origin = {.at = service.at, .rule = "flavour"}};
  for (const auto& [key, value] : workspace.user.values)
    workspace.values[key] = value;
  for (const auto& [name, config] : workspace.configs) {
    for (const auto& [setting, value] : config.settings)
      workspace.values[fmt::format("{}.{}", name, setting)] = value;
  }
}

}  // namespace datamill::config
