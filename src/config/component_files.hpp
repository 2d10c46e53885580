#pragma once

#include "datamill/domain/workspace.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/support/file_source.hpp"
#include "datamill/support/file_traits.hpp"

#include <functional>
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

/// How entries of a folder are asked for what a copy keeps of them: support::disk_traits, or a test's own.
using TraitsOf = std::function<support::FileTraits(const std::string& path)>;

/// What counts in folder_digest() besides the paths and contents of files.
struct FolderDigest {
  std::string_view without{};  ///< a file at the folder's top that does not count
  /// As a build context is copied: whether a file may be executed, and where a symbolic link points instead of what
  /// lies there. Without it links are followed, as charts are read, whose modes mean nothing.
  TraitsOf traits{};
};

/// sha256 over everything below `folder`; independent of order, time and owner. nullopt where a file cannot be read
/// (DM109).
[[nodiscard]] std::optional<std::string> folder_digest(const std::string& folder, const support::FileSource& files,
                                                       support::Diagnostics& diagnostics,
                                                       const FolderDigest& counts = {});

}  // namespace datamill::config
