#include "config/settings.hpp"

#include "config/old_settings.hpp"
#include "config/paths.hpp"
#include "config/read_file.hpp"
#include "config/setting_types.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::Component;
using domain::Origin;
using domain::SourcedNode;
using support::Entry;
using support::Node;

namespace {

/// One place that gives settings, best first.
struct Place {
  Origin origin{};
  Node settings{};
};

bool is_name_of(const std::string& key, const Component& component) {
  return key == component.name ||
         std::find(component.aliases.begin(), component.aliases.end(), key) != component.aliases.end();
}

/// The settings of `component` among the entries of a file; nullptr where there are none.
const Entry* find_block(const std::vector<Entry>& entries, const Component& component,
                        support::Diagnostics& diagnostics) {
  const Entry* found = nullptr;
  for (const auto& entry : entries) {
    if (!is_name_of(entry.key, component) || entry.value.is_null()) continue;
    if (found != nullptr) {
      diagnostics.error("DM226", entry.key_at,
                        fmt::format("the settings of component \"{}\" are given twice, as \"{}\" and \"{}\"",
                                    component.name, found->key, entry.key),
                        fmt::format("keep one block, named {}", component.name));
      continue;
    }
    found = &entry;
    if (entry.key != component.name)
      diagnostics.warning("DM205", entry.key_at,
                          fmt::format("\"{}\" is an old key of component \"{}\"", entry.key, component.name),
                          fmt::format("write {}:", component.name));
  }
  return found;
}

void check_other_keys(const Node& document, const Component& component, support::Diagnostics& diagnostics) {
  for (const auto& entry : document.entries) {
    if (!is_name_of(entry.key, component))
      diagnostics.error("DM224", entry.key_at,
                        fmt::format("\"{}\" does not belong here: this file holds settings of component \"{}\"",
                                    entry.key, component.name),
                        fmt::format("put settings under the key {}", component.name));
  }
}

std::optional<Place> file_place(const std::string& name, const Component& component, const support::FileSource& files,
                                support::Diagnostics& diagnostics) {
  const std::string path = join_path(component.directory, name);
  const auto document = read_yaml(files, path, diagnostics);
  if (!document) return std::nullopt;
  Place place{.origin = {.at = document->at, .rule = fmt::format("components/{}/{}", component.name, name)}};
  if (!document->is_map()) return place;
  check_other_keys(*document, component, diagnostics);
  const Entry* block = find_block(document->entries, component, diagnostics);
  if (block != nullptr) place.settings = block->value;
  return place;
}

/// Files of a component's folder that have a meaning of their own, whatever the flavour is called.
bool is_settings_name(const std::string& name) {
  return is_yaml_name(name) && name != "component.yaml" && name != "simulate.yaml";
}

bool is_file(const Component& component, const std::string& name, const support::FileSource& files) {
  return files.kind(fmt::format("{}/{}", component.directory, name)) == support::FileSource::Kind::file;
}

std::vector<Place> places(const Component& component, const Flavour& flavour, const support::FileSource& files,
                          support::Diagnostics& diagnostics) {
  std::vector<Place> found;
  const Entry* block = find_block(flavour.blocks, component, diagnostics);
  if (block != nullptr)
    found.push_back({.origin = {.at = block->key_at, .rule = "flavour block"}, .settings = block->value});
  std::string tried;
  for (const auto& name : {base_name(flavour.file), flavour.project.component_default_config}) {
    if (name == tried || !is_settings_name(name) || !is_file(component, name, files)) continue;
    tried = name;
    auto place = file_place(name, component, files, diagnostics);
    if (place) found.push_back(std::move(*place));
  }
  return found;
}

void report_unknown(const Entry& entry, const Component& component, support::Diagnostics& diagnostics) {
  const auto replaced = old_setting(entry.key);
  if (!replaced.empty()) {
    diagnostics.warning(
        "DM223", entry.key_at,
        fmt::format("\"{}\" of component \"{}\" has no meaning any more: {}", entry.key, component.name, replaced),
        "remove it");
    return;
  }
  std::vector<std::string> names;
  names.reserve(component.settings.size());
  for (const auto& spec : component.settings)
    names.push_back(spec.name);
  std::string hint = support::did_you_mean(entry.key, names);
  if (hint.empty())
    hint = names.empty() ? "it has no settings" : fmt::format("its settings are: {}", support::join(names, ", "));
  diagnostics.error("DM220", entry.key_at,
                    fmt::format("component \"{}\" has no setting \"{}\"", component.name, entry.key), hint);
}

void check_entries(const Place& place, const Component& component, support::Diagnostics& diagnostics) {
  if (!place.settings.is_map() && !place.settings.is_null()) {
    diagnostics.error("DM121", place.settings.at,
                      fmt::format("the settings of component \"{}\" must be a map", component.name));
    return;
  }
  for (const auto& entry : place.settings.entries) {
    const auto spec = std::find_if(component.settings.begin(), component.settings.end(),
                                   [&](const domain::SettingSpec& s) { return s.name == entry.key; });
    if (spec == component.settings.end()) {
      report_unknown(entry, component, diagnostics);
      continue;
    }
    const std::string problem = entry.value.is_null() ? std::string() : setting_problem(spec->type, entry.value);
    if (!problem.empty())
      diagnostics.error("DM221", entry.value.at,
                        fmt::format("setting \"{}\" of component \"{}\" {}", entry.key, component.name, problem));
  }
}

/// The value of one setting out of the winning place, else its default.
SourcedNode choose(const domain::SettingSpec& spec, const std::vector<Place>& found) {
  SourcedNode value;
  const auto offer = [&](const Node& node, Origin origin, bool wins) {
    if (wins && value.origin.rule.empty()) {
      value.value = node;
      value.origin = std::move(origin);
    } else {
      value.losers.push_back(std::move(origin));
    }
  };
  for (const auto& place : found) {
    const Node* node = place.settings.find(spec.name);
    if (node != nullptr && !node->is_null())
      offer(*node, {.at = node->at, .rule = place.origin.rule}, &place == found.data());
  }
  if (!spec.default_value.is_null())
    offer(spec.default_value, {.at = spec.default_value.at, .rule = "default of component.yaml"}, true);
  return value;
}

void report_required(const domain::SettingSpec& spec, const Component& component, const Flavour& flavour,
                     support::Diagnostics& diagnostics) {
  const support::SourceRef at{.file = support::FileName(flavour.file)};
  diagnostics.error("DM222", flavour.file.empty() ? spec.at : at,
                    fmt::format("component \"{}\" needs the setting \"{}\"{}", component.name, spec.name,
                                spec.doc.empty() ? "" : fmt::format(" ({})", spec.doc)),
                    fmt::format("write {}: {{{}: ...}} into the flavour", component.name, spec.name));
}

}  // namespace

void read_settings(const Component& component, const Flavour& flavour, const support::FileSource& files,
                   domain::ComponentConfig& config, support::Diagnostics& diagnostics) {
  const auto found = places(component, flavour, files, diagnostics);
  config.settings_origin =
      found.empty() ? Origin{.at = component.at, .rule = "defaults of component.yaml"} : found.front().origin;
  if (!found.empty()) check_entries(found.front(), component, diagnostics);
  for (const auto& spec : component.settings) {
    SourcedNode value = choose(spec, found);
    if (value.origin.rule.empty()) report_required(spec, component, flavour, diagnostics);
    config.settings[spec.name] = std::move(value);
  }
}

void check_retired_blocks(const Flavour& flavour, const Catalogue& catalogue, support::Diagnostics& diagnostics) {
  for (const auto& block : flavour.blocks) {
    const Component* component = catalogue.find(block.key);
    if (component == nullptr || !component->retired()) continue;
    const std::string hint = component->replaced_by.empty()
                                 ? std::string("remove them")
                                 : fmt::format("its replacement is {}", component->replaced_by);
    diagnostics.warning("DM225", block.key_at,
                        fmt::format("the settings of retired component \"{}\" are not read", block.key), hint);
  }
}

}  // namespace datamill::config
