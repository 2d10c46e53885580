#pragma once

#include "datamill/domain/snapshot.hpp"
#include "datamill/domain/workspace.hpp"
#include "datamill/plan/plan.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::planner {

/// Folders of this machine that commands mention; `plan` text shows them as $STATE, $CACHE and $ROOT.
struct Places {
  std::string state{};    ///< $XDG_STATE_HOME/datamill
  std::string cluster{};  ///< <state>/clusters/<location>-<name>
  std::string cache{};    ///< $XDG_CACHE_HOME/datamill
  std::string root{};     ///< data root
  [[nodiscard]] std::string charts() const { return cache + "/charts"; }
};

/// What our state folder and the cluster's answer say of the cluster before a run.
enum class ClusterState : std::uint8_t {
  absent,   ///< never made, or destroyed
  partial,  ///< making it was interrupted
  stopped,  ///< made, does not answer
  running,
};

/// Of a cluster whose node is this machine: what an earlier run chose and the next one must keep, or, where there is no
/// cluster yet, what is free here. Empty for other clusters.
struct NodeFacts {
  std::string prefix{};    ///< "10.89.0": the network of the node and its pods
  std::string services{};  ///< "10.96": the network of Services
  int simulated_nodes = 0;
  bool unsupervised = false;  ///< it runs, and what should watch its parts died
};

/// The link of such a node: "dm-lab", at most 15 characters.
[[nodiscard]] std::string node_link(std::string_view cluster_name);

/// Everything that is fixed before planning. Pure data: equal contexts and requests give equal plans.
struct Context {
  const domain::Workspace& workspace;
  const domain::Target& target;
  const domain::ClusterSnapshot& snapshot;
  domain::Facts facts{};  ///< of the snapshot where it is known, else what the provider promises
  domain::KubeAccess access{};
  Places places{};
  ClusterState cluster_state = ClusterState::absent;
  std::map<std::string, std::string> tool_paths{};  ///< of tools whose path is an argument (etcd for kwokctl)
  /// Of the helm that will run; where none was looked for, of the one that would be got.
  int helm_major = 4;
  NodeFacts node{};
  /// What a datamill that a step starts needs, so that it means the same flavour and cluster.
  std::vector<std::string> own_flags{};
  std::vector<std::string> stale_pid_files{};  ///< pid files of the provider whose process is not its own any more
};

}  // namespace datamill::planner
