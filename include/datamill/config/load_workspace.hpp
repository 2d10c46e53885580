#pragma once

#include "datamill/domain/workspace.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/support/file_source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace datamill::config {

struct LoadRequest {
  std::string root{};                          ///< data root, see locate_root()
  std::string flavour{};                       ///< -f: a path, or a name in flavours/; "" = none
  std::string target{};                        ///< -t: a path, or a name in k8s-targets/; "" = none
  std::optional<domain::Location> location{};  ///< the target is resolved only where this is set
  std::vector<std::string> components{};       ///< -c; `components/NAME` is accepted
  std::string user_file{};                     ///< user configuration; "" or missing = none
  std::string k8s_namespace{};                 ///< -n; "" = the flavour's
  std::string kubeconfig{};                    ///< --kubeconfig over hybrid.config
  std::string kube_context{};
  /// Reads every component's settings and files, as `validate` does; otherwise only those that the flavour and -c can
  /// reach.
  bool everything = false;
  bool images = false;  ///< the command is about images: they are read whether a component needs them or not
};

/// Reads the flavour, target, catalogue, settings and files with the three fallback rules (specs of configuration in
/// README) and checks what can be checked without a plan. Reports all problems at once.
///
/// Codes: DM100-DM109 reading and syntax, DM120-DM123 shape (MapReader), DM130-DM149 component files, DM200-DM249 what
/// files say of each other.
/// @returns the workspace, or nullopt if and only if an error was added
[[nodiscard]] std::optional<domain::Workspace> load_workspace(const LoadRequest& request,
                                                              const support::FileSource& files,
                                                              const support::Environment& environment,
                                                              support::Diagnostics& diagnostics);

struct RootSearch {
  std::string flag{};  ///< --root
  std::string working_directory{};
  std::string executable{};  ///< our own path, for <prefix>/share/datamill
};

/// --root > DATAMILL_ROOT > the working directory's parents that hold components/ and flavours/ > the executable's
/// repository or <prefix>/share/datamill. nullopt where none of them does (DM200 lists what was tried).
[[nodiscard]] std::optional<std::string> locate_root(const RootSearch& search, const support::FileSource& files,
                                                     const support::Environment& environment,
                                                     support::Diagnostics& diagnostics);

/// Fills Diagnostic::excerpt by reading the line at Diagnostic::at.
void attach_excerpts(support::Diagnostics& diagnostics, const support::FileSource& files);

}  // namespace datamill::config
