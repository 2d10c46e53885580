#pragma once

#include "datamill/command/secret.hpp"
#include "datamill/domain/snapshot.hpp"
#include "datamill/plan/step.hpp"
#include "datamill/planner/context.hpp"
#include "datamill/planner/selection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace datamill::planner {

/// What a component's files come to once every reference is replaced: the state that is wanted in the cluster.
struct DesiredSecret {
  std::string ns{};
  std::string name{};
  std::string type{};
  std::vector<plan::CreateSecret::Generated> generate{};
  std::vector<std::pair<command::SecretRef, command::SymbolicText>> derived{};
  std::vector<std::string> keys{};  ///< in the file's order
};

struct DesiredRelease {
  std::string ns{};
  std::string name{};
  std::string chart_name{};
  std::string chart_version{};
  std::string chart_path{};  ///< file or folder that helm installs
  std::optional<command::Command> pull{};
  std::vector<std::string> values{};
  command::SymbolicText set{};
  std::chrono::seconds timeout{600};
  std::string digest{};
};

struct DesiredWait {
  std::string resource{};
  std::string ns{};
  std::string condition{};
  std::string jsonpath{};
  std::string value{};
  std::chrono::seconds timeout{600};
  bool skipped = false;  ///< simulated pods: nobody would ever fulfil it
};

struct DesiredObjects {
  std::string title{};  ///< "bucket.yaml for mlflow"
  std::string ns{};
  command::SymbolicText text{};  ///< JSON documents; empty where `source` is set
  std::string source{};          ///< url or kustomize folder
  bool kustomize = false;
  domain::Phase phase = domain::Phase::after;
  std::vector<domain::ObjectRef> objects{};
  std::vector<DesiredWait> waits{};
};

/// A bucket's first content.
struct DesiredSeed {
  std::string bucket{};
  std::string path{};
  std::string shown{};  ///< the path below the data root, where it lies there
};

struct DesiredComponent {
  const domain::Component* component = nullptr;
  std::string ns{};
  std::vector<std::string> namespaces{};  ///< every namespace it needs, its own first
  std::vector<DesiredSecret> secrets{};
  std::vector<DesiredObjects> provisions{};  ///< buckets and databases, made by their providers' manifests
  std::vector<DesiredSeed> seeds{};          ///< only where pods really run
  std::vector<DesiredObjects> objects{};     ///< simulate.yaml's stages first, then the component's own manifests
  std::vector<DesiredRelease> releases{};
  std::vector<std::string> crds{};
  std::vector<const domain::Image*> images{};  ///< of ours; empty where others stand in for them
  std::string digest{};                        ///< of everything but the releases
};

/// Resolves one selected component. DM310-DM314 references, DM315 a name that Kubernetes refuses, DM316 manifest
/// without kind or name, DM317 settings needed but nowhere given, DM318 no provider can make a bucket or database.
[[nodiscard]] DesiredComponent desire(const SelectedComponent& selected, const Selection& selection,
                                      const Context& context, support::Diagnostics& diagnostics);

}  // namespace datamill::planner
