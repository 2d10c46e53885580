#include "config/flavour_reader.hpp"

#include "config/component_reader.hpp"
#include "config/paths.hpp"
#include "config/read_file.hpp"
#include "datamill/domain/image_place.hpp"
#include "datamill/domain/names.hpp"
#include "datamill/support/map_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::config {

using domain::Location;
using support::Entry;
using support::Node;

namespace {

constexpr std::array<Location, 3> kLocations{Location::local, Location::remote, Location::hybrid};

std::optional<Location> location_of(const std::string& key) {
  const auto* found =
      std::find_if(kLocations.begin(), kLocations.end(), [&](Location l) { return domain::to_name(l) == key; });
  return found == kLocations.end() ? std::nullopt : std::optional(*found);
}

void take_location(Location location, const Entry& entry, Flavour& flavour, support::Diagnostics& diagnostics) {
  if (entry.value.is_null()) return;  // as if it were not there
  if (entry.value.is_map())
    flavour.locations[location] = entry.value;
  else
    diagnostics.error("DM121", entry.value.at, fmt::format("\"{}\" must be a map", entry.key));
}

/// `images: {registry: ghcr.io/acme}`
void read_image_places(const Entry& entry, Flavour& flavour, support::Diagnostics& diagnostics) {
  support::MapReader reader(entry.value, "\"images\"", diagnostics);
  flavour.image_registry = reader.text_or("registry", {});
  const auto& registry = flavour.image_registry;
  if (!registry.empty() && !domain::is_image_place(registry))
    diagnostics.error("DM123", reader.at("registry"), fmt::format("\"{}\" is no place for images", registry),
                      domain::kImagePlaceHint);
  reader.finish();
}

void take_entry(const Entry& entry, Flavour& flavour, support::Diagnostics& diagnostics) {
  const auto location = location_of(entry.key);
  if (location) {
    take_location(*location, entry, flavour, diagnostics);
  } else if (entry.key == "project") {
    flavour.project_node = entry.value;
  } else if (entry.key == "services") {
    flavour.services = entry.value;
  } else if (entry.key == "images") {
    read_image_places(entry, flavour, diagnostics);
  } else if (is_reserved_for_later(entry.key)) {
    if (entry.key != "schema")
      diagnostics.warning("DM217", entry.key_at,
                          fmt::format("\"{}\" is reserved for a later version and not read", entry.key));
  } else {
    flavour.blocks.push_back(entry);
  }
}

/// Adds the user's defaults for what the flavour leaves out.
void add_defaults(Node& project, const Node& defaults) {
  if (project.is_null() && defaults.is_map()) project = Node::map();
  if (!project.is_map()) return;
  for (const auto& entry : defaults.entries) {
    const Node* given = project.find(entry.key);
    if (given == nullptr) project.entries.push_back(entry);
  }
}

void warn_without_list(Flavour& flavour, support::Diagnostics& diagnostics) {
  const Node* list = flavour.project_node.find("flavour");
  if (list != nullptr && !list->is_null()) return;
  flavour.project.all_components = true;
  diagnostics.warning("DM215", flavour.project.at, "the flavour lists no components, so all are meant",
                      "write \"flavour: all\" or list them");
}

}  // namespace

const NamedFiles& flavour_files() {
  static const NamedFiles kind{.what = "flavour", .folder = "flavours", .code = "DM202"};
  return kind;
}

std::optional<Flavour> read_flavour(const std::string& file, const FlavourContext& context,
                                    support::Diagnostics& diagnostics) {
  Flavour flavour{.file = file};
  if (file.empty()) {
    add_defaults(flavour.project_node, context.user_project);
    flavour.project = read_project(flavour.project_node, {}, context, diagnostics);
    return flavour;
  }
  const auto document = read_yaml(context.files, file, diagnostics);
  if (!document) return std::nullopt;
  if (document->is_null()) {
    diagnostics.error("DM206", document->at, "the flavour is empty",
                      "write for example: project: {flavour: [seaweedfs, jupyterhub]}");
    return std::nullopt;
  }
  if (!document->is_map()) {
    diagnostics.error("DM121", document->at, "a flavour must be a map with the key \"project\"");
    return std::nullopt;
  }
  for (const auto& entry : document->entries)
    take_entry(entry, flavour, diagnostics);
  if (flavour.project_node.is_null())
    diagnostics.error("DM122", document->at, "the flavour needs \"project\"",
                      "write for example: project: {flavour: [seaweedfs, jupyterhub]}");
  const bool has_project = flavour.project_node.is_map();
  add_defaults(flavour.project_node, context.user_project);
  flavour.project = read_project(flavour.project_node, stem_of(file), context, diagnostics);
  if (has_project) warn_without_list(flavour, diagnostics);
  return flavour;
}

}  // namespace datamill::config
