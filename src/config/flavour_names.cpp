#include "config/flavour_reader.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::config {

using domain::ListedComponent;
using support::Entry;
using support::Node;

namespace {

std::vector<ListedComponent> all_components(const Catalogue& catalogue, const support::SourceRef& at) {
  std::vector<ListedComponent> all;
  for (const auto& [name, component] : catalogue.components) {
    if (!component.retired() && !component.optional) all.push_back({.name = name, .at = at});
  }
  return all;
}

void resolve_list(Flavour& flavour, const Catalogue& catalogue, support::Diagnostics& diagnostics) {
  auto& listed = flavour.project.flavour;
  if (flavour.project.all_components) {
    listed = all_components(catalogue, listed.empty() ? flavour.project.at : listed.front().at);
    return;
  }
  std::vector<ListedComponent> present;
  std::set<std::string> names;
  for (const auto& component : listed) {
    const auto name = present_name(catalogue, component.name, component.at, WhereUnavailable::skip, diagnostics);
    if (name && names.insert(*name).second)
      present.push_back({.name = *name, .at = component.at});
    else if (name && *name == component.name)
      diagnostics.warning("DM219", component.at, fmt::format("component \"{}\" is listed twice", *name), "remove one");
  }
  listed = std::move(present);
}

void check_block(const Entry& block, const Catalogue& catalogue, support::Diagnostics& diagnostics) {
  if (catalogue.find(block.key) != nullptr || catalogue.aliases.count(block.key) > 0) return;
  auto names = catalogue.names();
  for (const auto* key : {"project", "local", "remote", "hybrid", "services"})
    names.emplace_back(key);
  std::string hint = support::did_you_mean(block.key, names);
  if (hint.empty()) hint = "a flavour's keys are project, local, remote, hybrid, services and names of components";
  diagnostics.error("DM120", block.key_at, fmt::format("unknown key \"{}\" in the flavour", block.key), hint);
}

void unknown_capability(const std::string& name, const support::SourceRef& at, const Capabilities& capabilities,
                        support::Diagnostics& diagnostics) {
  std::string hint = support::did_you_mean(name, capabilities.names());
  if (hint.empty()) hint = fmt::format("capabilities are: {}", support::join(capabilities.names(), ", "));
  diagnostics.error("DM207", at, fmt::format("there is no capability \"{}\"", name), hint);
}

void check_provider(const Entry& entry, Flavour& flavour, const Catalogue& catalogue, const Capabilities& capabilities,
                    support::Diagnostics& diagnostics) {
  if (!entry.value.is_scalar()) return;
  if (capabilities.by_name.count(entry.key) == 0) {
    unknown_capability(entry.key, entry.key_at, capabilities, diagnostics);
    return;
  }
  const auto name = present_name(catalogue, entry.value.scalar, entry.value.at, WhereUnavailable::refuse, diagnostics);
  if (!name) return;
  flavour.project.providers[entry.key] = *name;
  const auto& provides = catalogue.components.at(*name).provides;
  const auto same = [&](const domain::Provision& p) { return p.capability == entry.key; };
  if (std::none_of(provides.begin(), provides.end(), same))
    diagnostics.error("DM242", entry.value.at,
                      fmt::format("component \"{}\" does not provide \"{}\"", *name, entry.key));
}

void fill(Node& outputs, const Node& defaults) {
  for (const auto& entry : defaults.entries) {
    if (outputs.find(entry.key) == nullptr) outputs.set(entry.key, entry.value);
  }
}

}  // namespace

void resolve_names(Flavour& flavour, const Catalogue& catalogue, const Capabilities& capabilities,
                   support::Diagnostics& diagnostics) {
  resolve_list(flavour, catalogue, diagnostics);
  for (const auto& block : flavour.blocks)
    check_block(block, catalogue, diagnostics);
  const Node* providers = flavour.project_node.find("providers");
  if (providers == nullptr) return;
  for (const auto& entry : providers->entries)
    check_provider(entry, flavour, catalogue, capabilities, diagnostics);
}

std::vector<domain::OutsideService> read_services(const Node& services, const Capabilities& capabilities,
                                                  support::Diagnostics& diagnostics) {
  std::vector<domain::OutsideService> read;
  if (!services.is_map() && !services.is_null())
    diagnostics.error("DM121", services.at, "\"services\" must be a map of capabilities");
  for (const auto& entry : services.entries) {
    const auto capability = capabilities.by_name.find(entry.key);
    if (capability == capabilities.by_name.end()) {
      unknown_capability(entry.key, entry.key_at, capabilities, diagnostics);
      continue;
    }
    domain::OutsideService service{.capability = entry.key, .outputs = entry.value, .at = entry.key_at};
    const auto defaults = capabilities.defaults.find(entry.key);
    if (defaults != capabilities.defaults.end()) fill(service.outputs, defaults->second);
    check_outputs(capability->second, service.outputs, service.at, fmt::format("service \"{}\"", entry.key), "DM208",
                  diagnostics);
    read.push_back(std::move(service));
  }
  return read;
}

}  // namespace datamill::config
