#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/component.hpp"
#include "datamill/planner/install.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::planner {

/// Stands for every secret value where objects are rendered to be looked at: hexadecimal, base64 and alphanumeric at
/// once and long enough for charts that check such things.
inline constexpr std::string_view kPlaceholder = "0000000000000000000000000000000000000000000000000000000000000000";

/// One chart to render. Equal digests and commands give equal objects.
struct ReleaseRendering {
  std::string ns{};
  std::string name{};
  std::string digest{};      ///< of chart, values files and set
  std::string chart_path{};  ///< a file that may not be there yet, or a folder
  std::optional<command::Command> pull{};
  command::Command command{};  ///< helm template
  bool changes = false;        ///< helm would run
  bool exists = false;         ///< the cluster has a release of this name
};

/// Objects that are applied beside the releases.
struct ManifestRendering {
  std::string title{};
  std::string ns{};      ///< where objects go that do not say
  std::string text{};    ///< YAML, or JSON documents of one line each; secrets are placeholders
  std::string source{};  ///< URL or kustomize folder instead of a text: nothing is known of its objects
};

struct ComponentRendering {
  std::string component{};
  std::string ns{};
  domain::Requests requests{};
  bool changes = false;       ///< anything is to be done
  bool rest_changes = false;  ///< anything but releases
  bool recorded = false;      ///< installed before
  std::vector<ReleaseRendering> releases{};
  std::vector<ManifestRendering> manifests{};
  std::vector<std::string> secrets{};  ///< "<namespace>/<name>" of the Secrets that datamill makes
};

/// What charts are told of the cluster.
struct RenderFor {
  std::string kube_version{};
  std::vector<std::string> api_versions{};
};

/// Everything an installation would put into the cluster, as what renders it: the same charts, values and manifests as
/// plan_install has, with placeholders for secrets. In the order of the plan.
/// @returns nothing if and only if an error was added; the codes are those of plan_install
[[nodiscard]] std::optional<std::vector<ComponentRendering>> plan_renderings(const Context& context,
                                                                             const InstallRequest& request,
                                                                             const RenderFor& cluster,
                                                                             support::Diagnostics& diagnostics);

}  // namespace datamill::planner
