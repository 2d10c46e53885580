#include "config/capabilities_reader.hpp"

#include "config/paths.hpp"
#include "config/read_file.hpp"
#include "datamill/support/map_reader.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using support::Node;

namespace {

void collect(const Node& outputs, const std::string& prefix, std::vector<std::string>& names) {
  for (const auto& entry : outputs.entries) {
    if (entry.value.is_map())
      collect(entry.value, prefix + entry.key + ".", names);
    else
      names.push_back(prefix + entry.key);
  }
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<std::string> Capabilities::names() const {
  std::vector<std::string> names;
  names.reserve(by_name.size());
  for (const auto& [name, capability] : by_name)
    names.push_back(name);
  return names;
}

Capabilities read_capabilities(const std::string& root, const support::FileSource& files,
                               support::Diagnostics& diagnostics) {
  Capabilities capabilities;
  const auto document = read_yaml(files, join_path(root, "data/capabilities.yaml"), diagnostics);
  if (!document) return capabilities;
  for (const auto& entry : document->entries) {
    support::MapReader reader(entry.value, fmt::format("capability \"{}\"", entry.key), diagnostics);
    capabilities.by_name[entry.key] = {
        .name = entry.key, .summary = reader.text_or("summary", {}), .outputs = reader.text_list("outputs")};
    (void)reader.entries("defaults");
    const Node* defaults = reader.node("defaults");
    if (defaults != nullptr) capabilities.defaults[entry.key] = *defaults;
    reader.finish();
  }
  return capabilities;
}

std::vector<std::string> output_names(const Node& outputs) {
  std::vector<std::string> names;
  collect(outputs, {}, names);
  return names;
}

void check_outputs(const domain::Capability& capability, const Node& outputs, const support::SourceRef& at,
                   const std::string& who, std::string_view code, support::Diagnostics& diagnostics) {
  const auto given = output_names(outputs);
  for (const auto& name : given) {
    if (holds(capability.outputs, name)) continue;
    std::string hint = support::did_you_mean(name, capability.outputs);
    if (hint.empty()) hint = fmt::format("its outputs are: {}", support::join(capability.outputs, ", "));
    diagnostics.error(code, at,
                      fmt::format("{} gives \"{}\", which capability \"{}\" does not have", who, name, capability.name),
                      hint);
  }
  for (const auto& name : capability.outputs) {
    if (!holds(given, name))
      diagnostics.error(
          code, at, fmt::format("{} does not give \"{}\", which capability \"{}\" needs", who, name, capability.name));
  }
}

}  // namespace datamill::config
