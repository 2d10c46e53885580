#pragma once

#include "datamill/command/command.hpp"

#include <map>
#include <string>
#include <vector>

namespace datamill::tools {

/// One cluster of kwokctl 0.8 (a real control plane, simulated nodes). All its files stand in `work_directory`, which
/// reaches it as KWOK_WORKDIR; it finds kubectl on PATH only, and would download it otherwise.
struct Kwokctl {
  std::string name{};
  std::string work_directory{};
  std::string kubeconfig{};
  std::map<std::string, std::string>
      tool_paths{};  ///< etcd, kube-apiserver, ..., kubectl; a name where the path is not known yet
};

[[nodiscard]] command::Command kwokctl_create(const Kwokctl& cluster, const std::string& config);
[[nodiscard]] command::Command kwokctl_scale_nodes(const Kwokctl& cluster, int nodes);
[[nodiscard]] command::Command kwokctl_start(const Kwokctl& cluster);
[[nodiscard]] command::Command kwokctl_stop(const Kwokctl& cluster);
/// Removes the cluster and its files; an absent cluster is fine.
[[nodiscard]] command::Command kwokctl_delete(const Kwokctl& cluster);

/// PATH of kwokctl: kubectl's folder first. "$TOOLS" stands for that folder where it is not known yet.
[[nodiscard]] std::string search_path(const std::string& folder);

/// The binaries that a cluster runs, as tools.
[[nodiscard]] const std::vector<std::string>& kwok_binaries();

}  // namespace datamill::tools
