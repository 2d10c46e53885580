#pragma once

#include "config/capabilities_reader.hpp"
#include "config/catalogue.hpp"
#include "config/named_file.hpp"
#include "datamill/domain/workspace.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/support/file_source.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace datamill::config {

/// What a flavour file says, before names are looked up. Without a file: the defaults.
struct Flavour {
  std::string file{};
  domain::Project project{};
  support::Node project_node{};                           ///< as written, the user file's defaults added
  std::map<domain::Location, support::Node> locations{};  ///< blocks that are given and not null
  std::vector<support::Entry> blocks{};                   ///< component settings, rule 2
  support::Node services{};
  std::string image_registry{};  ///< `images: {registry: HOST/PATH}`
};

/// `-f`: where flavours are. DM202 where there is none.
[[nodiscard]] const NamedFiles& flavour_files();

/// What reading a flavour needs beside the file.
struct FlavourContext {
  const std::string& root;
  const support::Node& user_project;  ///< defaults for `project:`
  const support::FileSource& files;
  const support::Environment& environment;
};

/// Reads a flavour file; "" gives the defaults. nullopt where the file cannot be read at all.
///
/// Codes: read_yaml, MapReader; DM206 the file is empty, DM209 bad name for Kubernetes, DM216 "all" among names, DM218
/// a folder; warnings DM215 no list, DM217 reserved key, DM218 old data_folder
[[nodiscard]] std::optional<Flavour> read_flavour(const std::string& file, const FlavourContext& context,
                                                  support::Diagnostics& diagnostics);

/// `project:`, typed; `stem` is the default name.
[[nodiscard]] domain::Project read_project(const support::Node& node, const std::string& stem,
                                           const FlavourContext& context, support::Diagnostics& diagnostics);

/// Looks up the listed names, puts in every component for `all`, and checks blocks and providers against the catalogue.
/// DM120 a block of no component, DM207 unknown capability, DM242 unknown provider; codes of present_name.
void resolve_names(Flavour& flavour, const Catalogue& catalogue, const Capabilities& capabilities,
                   support::Diagnostics& diagnostics);

/// `services:`, defaults filled in. DM207 unknown capability, DM208 its outputs.
[[nodiscard]] std::vector<domain::OutsideService>
read_services(const support::Node& services, const Capabilities& capabilities, support::Diagnostics& diagnostics);

}  // namespace datamill::config
