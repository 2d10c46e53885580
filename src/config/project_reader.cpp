#include "config/flavour_reader.hpp"
#include "config/paths.hpp"
#include "datamill/domain/names.hpp"
#include "datamill/support/map_reader.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::ListedComponent;
using domain::Project;
using support::FileSource;
using support::MapReader;
using support::Node;
using support::SourceRef;

namespace {

constexpr std::string_view kAll = "all";

/// The names in a text, each with its own place where the text stands on one line.
std::vector<ListedComponent> names_in_text(const Node& text) {
  std::vector<ListedComponent> names;
  const bool one_line = text.scalar.find('\n') == std::string::npos;
  std::size_t from = 0;
  for (auto& name : support::split_list(text.scalar)) {
    const auto found = text.scalar.find(name, from);
    SourceRef at = text.at;
    if (one_line) at.column += static_cast<int>(found) + (text.quoted ? 1 : 0);
    from = found + name.size();
    names.push_back({.name = std::move(name), .at = at});
  }
  return names;
}

std::vector<ListedComponent> read_list(MapReader& reader) {
  const Node* value = reader.node("flavour");
  if (value == nullptr) return {};
  if (value->is_scalar()) return names_in_text(*value);
  std::vector<ListedComponent> names;
  for (const auto& item : reader.items("flavour")) {
    if (item.is_scalar())
      names.push_back({.name = item.scalar, .at = item.at});
    else
      reader.diagnostics().error("DM121", item.at, "an item of \"flavour\" must be a component's name");
  }
  return names;
}

void read_components(MapReader& reader, Project& project) {
  project.flavour = read_list(reader);
  const auto is_all = [](const ListedComponent& c) { return c.name == kAll; };
  const auto all = std::find_if(project.flavour.begin(), project.flavour.end(), is_all);
  if (all == project.flavour.end()) return;
  project.all_components = true;
  if (project.flavour.size() > 1)
    reader.diagnostics().error("DM216", all->at, "\"all\" stands among names of components",
                               "write either all or the names");
}

void check_label(const std::string& what, const std::string& name, const SourceRef& at,
                 support::Diagnostics& diagnostics) {
  const std::string problem = domain::dns_label_problem(name);
  if (problem.empty()) return;
  const std::string valid = domain::to_dns_label(name);
  diagnostics.error("DM209", at, fmt::format("{} cannot be \"{}\": {}", what, name, problem),
                    valid.empty() ? std::string() : fmt::format("write for example {}", valid));
}

void read_names(MapReader& reader, const std::string& stem, Project& project) {
  const auto name = reader.text("name");
  project.name = name.value_or(domain::to_dns_label(stem));
  if (name) check_label("\"name\" of the project", *name, reader.at("name"), reader.diagnostics());
  project.k8s_namespace = reader.text_or("k8s_namespace", project.k8s_namespace);
  check_label("\"k8s_namespace\"", project.k8s_namespace, reader.at("k8s_namespace"), reader.diagnostics());
}

/// The original took data_folder from its own root, we from the flavour's folder.
std::string read_data_folder(MapReader& reader, const FlavourContext& context) {
  const auto text = reader.text("data_folder");
  if (!text) return join_path(context.root, "data");
  const auto path = resolve_path(*text, context.environment, reader.at("data_folder"), reader.diagnostics());
  if (!path) return {};
  std::string old = join_path(context.root, *text);
  const bool exists = context.files.kind(*path) == FileSource::Kind::directory;
  if (exists || *path == old || context.files.kind(old) != FileSource::Kind::directory) return *path;
  reader.diagnostics().warning(
      "DM218", reader.at("data_folder"),
      fmt::format("\"data_folder\" is taken from the flavour's folder now; {} is used, as before", old),
      fmt::format("write the path from the flavour's folder to {}", old));
  return old;
}

std::string read_config_folder(MapReader& reader, const FlavourContext& context) {
  const auto text = reader.text("config_folder");
  if (!text || text->empty()) return {};
  const auto path = resolve_path(*text, context.environment, reader.at("config_folder"), reader.diagnostics());
  if (!path) return {};
  if (context.files.kind(*path) != FileSource::Kind::directory)
    reader.diagnostics().error("DM218", reader.at("config_folder"),
                               fmt::format("there is no folder \"{}\" for \"config_folder\"", *path),
                               "relative paths start at the flavour's folder");
  return *path;
}

}  // namespace

Project read_project(const Node& node, const std::string& stem, const FlavourContext& context,
                     support::Diagnostics& diagnostics) {
  constexpr std::int64_t kMaxPort = 65535;
  MapReader reader(node, "\"project\"", diagnostics);
  Project project{.at = node.at};
  read_names(reader, stem, project);
  project.proxy_port = static_cast<int>(reader.integer("proxy_port", 1, kMaxPort).value_or(project.proxy_port));
  read_components(reader, project);
  for (const auto& entry : reader.entries("providers")) {
    if (entry.value.is_scalar())
      project.providers[entry.key] = entry.value.scalar;
    else
      diagnostics.error("DM121", entry.value.at,
                        fmt::format("the provider of \"{}\" must be a component's name", entry.key));
  }
  project.k8s_default_config = reader.text_or("k8s_default_config", project.k8s_default_config);
  project.component_default_config = reader.text_or("component_default_config", project.component_default_config);
  project.data_folder = read_data_folder(reader, context);
  project.config_folder = read_config_folder(reader, context);
  reader.finish();
  return project;
}

}  // namespace datamill::config
