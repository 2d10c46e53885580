#pragma once

#include "config/named_file.hpp"
#include "datamill/domain/sourced.hpp"
#include "datamill/domain/target.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/support/file_source.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace datamill::config {

/// `-t` and `k8s_default_config`: where targets are. DM210 where there is none.
[[nodiscard]] const NamedFiles& target_files();

/// The location blocks after fallback rule 1.
struct TargetBlocks {
  std::map<domain::Location, support::Node> blocks{};
  std::map<std::string, domain::SourcedNode> values{};  ///< by "local.cpus"
  std::vector<std::string> looked_in{};                 ///< files
  std::string rule{};                                   ///< for Target::rule
};

/// What rule 1 chooses between.
struct TargetChoice {
  std::string flavour_file{};
  const std::map<domain::Location, support::Node>& flavour_blocks;
  std::string target{};          ///< -t; "" = none
  std::string default_target{};  ///< project.k8s_default_config
  support::SourceRef default_at{};
};

/// Rule 1: -t overlays the flavour's blocks key by key; else the flavour alone if it has any; else the default target.
/// DM210 no such file; codes of read_yaml and MapReader. nullopt where a file cannot be read.
[[nodiscard]] std::optional<TargetBlocks> choose_target(const TargetChoice& choice, const std::string& root,
                                                        const support::FileSource& files,
                                                        support::Diagnostics& diagnostics);

/// --kubeconfig and --kube-context, over the hybrid block.
struct KubeFlags {
  std::string kubeconfig{};
  std::string context{};
};

/// The typed target of a location. DM209 bad cluster name, DM212 no kubeconfig; warning DM213 old provider name; codes
/// of MapReader. Keys of the providers stay in Target::block.
[[nodiscard]] domain::Target read_target(domain::Location location, const support::Node& block, const KubeFlags& flags,
                                         const support::FileSource& files, const support::Environment& environment,
                                         support::Diagnostics& diagnostics);

}  // namespace datamill::config
