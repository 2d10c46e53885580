#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/snapshot.hpp"
#include "datamill/domain/target.hpp"
#include "datamill/support/node.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace datamill::inventory {

/// A read of whole objects of some kinds (plural, lower case) as JSON, and the kinds' own names.
struct ObjectsRead {
  std::vector<std::string> plurals{};
  std::vector<std::string> kinds{};
  std::string ns{};  ///< "": all namespaces
};
/// What a component has in its namespaces, and what is said of it.
[[nodiscard]] ObjectsRead namespaced_objects(const std::vector<std::string>& namespaces);
/// Nodes, namespaces, StorageClasses, volumes, API services.
[[nodiscard]] ObjectsRead cluster_objects();
/// All pods: what the nodes have left is known only then.
[[nodiscard]] ObjectsRead all_pods();
[[nodiscard]] command::Command to_command(const ObjectsRead& read, const domain::KubeAccess& kube);

/// Of CustomResourceDefinitions only group, kind and conditions: their schemas are megabytes.
[[nodiscard]] command::Command definitions_read(const domain::KubeAccess& kube);
/// Definitions as the API has them, reduced to that.
[[nodiscard]] std::vector<support::Node> parse_definitions(std::string_view output);

/// Helm's Secrets as far as the snapshot knows them: their labels.
[[nodiscard]] std::vector<support::Node> release_secrets(const domain::ClusterSnapshot& snapshot);

}  // namespace datamill::inventory
