#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/snapshot.hpp"
#include "datamill/domain/target.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::inventory {

/// The reads that make a ClusterSnapshot: three kubectl processes, whatever the number of releases.
struct SnapshotReads {
  static constexpr std::size_t kCount = 3;
  /// Cluster: namespaces, StorageClasses, nodes, volume claims. Records: our ConfigMaps and Secrets. Releases: helm's
  /// labels.
  std::array<command::Command, kCount> commands{};
  static constexpr std::array<std::string_view, kCount> kTitles{"Read namespaces, nodes and volumes",
                                                                "Read what datamill installed", "Read helm releases"};
};
[[nodiscard]] SnapshotReads snapshot_reads(const domain::KubeAccess& kube);

/// Turns the outputs of the three reads into the snapshot; `provider_facts` are what the provider knows by itself and
/// are completed from the cluster (default StorageClass, simulated nodes, version).
/// @throws Failure DM550 for a damaged record
[[nodiscard]] domain::ClusterSnapshot parse_snapshot(const std::array<std::string, SnapshotReads::kCount>& outputs,
                                                     const domain::Facts& provider_facts);

/// Lists what is left in a namespace, with the release each object says it belongs to.
struct LeftoverObject {
  std::string api_version{};
  std::string kind{};
  std::string name{};
  std::string owner{};  ///< helm release; "" if it names none
};
[[nodiscard]] command::Command leftover_read(const std::string& ns, const domain::KubeAccess& kube);
/// Parses it; what every namespace has by itself (default ServiceAccount, kube-root-ca.crt, tokens, events) is left
/// out.
[[nodiscard]] std::vector<LeftoverObject> parse_leftovers(std::string_view output);

}  // namespace datamill::inventory
