#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/planner/references.hpp"
#include "datamill/planner/selection.hpp"

#include <string>
#include <vector>

namespace datamill::planner {

/// A Secret of another namespace that a component needs a copy of.
struct SecretCopy {
  std::string from_ns{};
  std::string to_ns{};
  std::string name{};
  std::vector<std::string> keys{};
  std::string type = "Opaque";  ///< a login's Secret keeps its type: operators insist on kubernetes.io/basic-auth
};

/// The references of one component with everything around it: outputs of the capabilities it may use, its own Secrets.
struct Wiring {
  Scope scope{};
  std::vector<SecretCopy> copies{};
  std::vector<const domain::Image*> images{};  ///< of ours that the component needs
};
[[nodiscard]] Wiring wire(const SelectedComponent& selected, const Selection& selection, const Context& context,
                          support::Diagnostics& diagnostics);

/// `image.<role>.repository`, `.tag`, `.reference`: our own where the cluster can have it, else what stands in for it.
/// DM319 no such image, or none that the cluster could pull
void add_images(const domain::Component& component, const Context& context, Scope& scope,
                std::vector<const domain::Image*>& images, support::Diagnostics& diagnostics);

/// The scope of a provider's own templates (its outputs, its per_bucket and per_database manifests).
[[nodiscard]] Scope provider_scope(const domain::Component& provider, const Context& context,
                                   support::Diagnostics& diagnostics);

/// Names of the component's Secrets and their keys, with references in the names replaced.
[[nodiscard]] std::map<std::string, std::vector<std::string>>
secret_keys(const domain::Component& component, const Scope& scope, support::Diagnostics& diagnostics);

}  // namespace datamill::planner
