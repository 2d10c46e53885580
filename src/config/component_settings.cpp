#include "config/component_reader.hpp"
#include "config/setting_types.hpp"
#include "config/shape.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::SettingSpec;
using support::MapReader;
using support::Node;

namespace {

/// `${settings.NAME}` must be writable.
bool is_setting_name(const std::string& name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' && std::all_of(name.begin(), name.end(), fits);
}

void check_default(const SettingSpec& spec, support::Diagnostics& diagnostics) {
  const bool has_reference = spec.default_value.is_scalar() && support::contains(spec.default_value.scalar, "${");
  if (spec.default_value.is_null() || has_reference) return;
  const std::string problem = setting_problem(spec.type, spec.default_value);
  if (!problem.empty())
    diagnostics.error("DM132", spec.default_value.at, fmt::format("the default of \"{}\" {}", spec.name, problem));
}

SettingSpec read_setting(const support::Entry& entry, const std::string& owner, support::Diagnostics& diagnostics) {
  SettingSpec spec{.name = entry.key, .at = entry.key_at};
  if (!is_setting_name(spec.name))
    diagnostics.error("DM132", spec.at, fmt::format("a setting cannot be named \"{}\"", spec.name),
                      "use lower-case letters, digits and \"_\", a letter first");
  MapReader reader(entry.value, fmt::format("setting \"{}\" of {}", spec.name, owner), diagnostics);
  const std::string type = reader.required_text("type");
  const auto known = setting_type_of(type);
  if (!known && !type.empty())
    diagnostics.error("DM132", reader.at("type"), fmt::format("there is no setting type \"{}\"", type),
                      fmt::format("known types: {}", setting_type_names()));
  spec.type = known.value_or(domain::SettingType::string);
  const Node* value = reader.node("default");
  if (value != nullptr) spec.default_value = *value;
  spec.doc = reader.text_or("doc", {});
  reader.finish();
  if (known) check_default(spec, diagnostics);
  return spec;
}

}  // namespace

std::vector<SettingSpec> read_setting_specs(MapReader& component) {
  std::vector<SettingSpec> specs;
  for (const auto& entry : component.entries("settings"))
    specs.push_back(read_setting(entry, component.what(), component.diagnostics()));
  return specs;
}

}  // namespace datamill::config
