#pragma once

#include "datamill/domain/workspace.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/support/file_source.hpp"

#include <string>
#include <string_view>

namespace datamill::config {

/// Where rule 3 looks before the component's own folder: project.config_folder, else the flavour's folder; "" for none.
struct FilePlaces {
  std::string first{};
  std::string root{};  ///< data root, for charts
};

/// Rule 3 for every values and manifest file a component names, its local charts' digests, and simulate.yaml. `config`
/// already has the settings, which names of files may refer to.
///
/// DM230 in neither place, DM231 a reference in a file's name, DM232 no local chart, DM233 not the kind of YAML it must
/// be; codes of read_text and parse_yaml
void read_component_files(const domain::Component& component, const FilePlaces& places,
                          const support::FileSource& files, domain::ComponentConfig& config,
                          support::Diagnostics& diagnostics);

/// sha256 over every file below `folder`, by path and content; independent of order and time. nullopt where a file
/// cannot be read (DM109). The file `without` at its top does not count.
[[nodiscard]] std::optional<std::string> folder_digest(const std::string& folder, const support::FileSource& files,
                                                       support::Diagnostics& diagnostics,
                                                       std::string_view without = {});

}  // namespace datamill::config
