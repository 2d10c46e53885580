#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/target.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace datamill::tools {

/// Variables that every helm and kubectl of ours runs with: own folders, so that the user's repositories, plugins and
/// caches are neither read nor changed (helm docs: HELM_*_HOME; kubectl docs: KUBECACHEDIR).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> own_folders(const std::string& cache);

/// `helm upgrade --install` of a packaged chart or a chart folder: creates or updates one release. Values that may hold
/// secrets reach helm on stdin (helm docs: `--values -`). But for those of `server_side` its flags exist in helm 3.22
/// and 4.3 alike.
struct HelmUpgrade {
  std::string release{};
  std::string chart{};  ///< path of a .tgz or a folder
  std::string ns{};
  std::vector<std::string> values{};  ///< files; later ones win
  command::SymbolicText set{};        ///< values document on stdin; wins over the files; empty: none
  std::chrono::seconds timeout{600};
  std::vector<std::pair<std::string, std::string>> labels{};  ///< on helm's own record of the release
  /// For helm 4, which applies on the server and gives up where somebody changed a field by hand (helm 4 docs:
  /// --server-side, --force-conflicts): the chart wins, as with helm 3.
  bool server_side = false;
};
[[nodiscard]] command::Command to_command(const HelmUpgrade& upgrade, const domain::KubeAccess& kube);

/// `helm template` of what an upgrade would bring, without a cluster: its objects as YAML, without tests. Starts no
/// access to a cluster, so what the chart looks up there is absent (helm docs: lookup).
struct HelmTemplate {
  HelmUpgrade upgrade{};
  std::string kube_version{};               ///< "v1.36.3"; "": what helm was built for
  std::vector<std::string> api_versions{};  ///< "monitoring.coreos.com/v1": what the cluster knows beside its own
  bool exists = false;                      ///< the release is there: .Release.IsUpgrade
};
[[nodiscard]] command::Command to_command(const HelmTemplate& render);

/// `helm get manifest`: the objects of a release as it was installed last.
struct HelmGetManifest {
  std::string release{};
  std::string ns{};
};
[[nodiscard]] command::Command to_command(const HelmGetManifest& get, const domain::KubeAccess& kube);

/// `helm uninstall --wait --ignore-not-found`.
struct HelmUninstall {
  std::string release{};
  std::string ns{};
  std::chrono::seconds timeout{300};
};
[[nodiscard]] command::Command to_command(const HelmUninstall& uninstall, const domain::KubeAccess& kube);

/// `helm rollback RELEASE`: to the last release that was deployed; how a killed upgrade is undone.
struct HelmRollback {
  std::string release{};
  std::string ns{};
  int revision = 0;          ///< 0: the one before the present one, whatever became of that
  bool server_side = false;  ///< as HelmUpgrade's
  std::chrono::seconds timeout{300};
};
[[nodiscard]] command::Command to_command(const HelmRollback& rollback, const domain::KubeAccess& kube);

/// `helm pull`: one chart of one version into a folder, without adding a repository.
struct HelmPull {
  std::string repo{};  ///< https URL; "" where `chart` is an oci:// reference
  std::string chart{};
  std::string version{};
  std::string destination{};  ///< existing folder
};
[[nodiscard]] command::Command to_command(const HelmPull& pull);

}  // namespace datamill::tools
