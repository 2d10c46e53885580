#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/planner/references.hpp"
#include "datamill/support/diagnostic.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace datamill::planner {

struct SelectionRequest {
  std::vector<std::string> only{};  ///< -c; empty: the flavour's list
  bool with_needs = true;           ///< false: --no-deps
};

/// One component of a run.
struct SelectedComponent {
  const domain::Component* component = nullptr;
  std::string ns{};
  std::string reason{};                     ///< "listed", "-c", "needed by mlflow: s3"
  std::vector<std::size_t> needs{};         ///< indexes into Selection::components: needs, uses and after together
  std::vector<std::string> needed_names{};  ///< hard needs as component names
};

/// Who stands behind a capability in this run: a component or a service outside.
struct Binding {
  const domain::Component* component = nullptr;
  const domain::OutsideService* service = nullptr;
};

/// The components of a run in the order they are installed, and who provides what.
struct Selection {
  std::vector<SelectedComponent> components{};
  std::map<std::string, Binding> bindings{};
};

/// Lists, pulls in what is needed, chooses providers, checks conflicts, orders.
/// DM300 unknown component, DM301 cycle (a→b→a), DM302 nobody provides a capability, DM303 two providers of one
/// capability, DM304 outside service and listed provider, DM305 conflict, DM306 chosen provider does not provide it,
/// DM307 --no-deps leaves a need unmet, DM308 namespace is no DNS label
[[nodiscard]] std::optional<Selection> select_components(const Context& context, const SelectionRequest& request,
                                                         support::Diagnostics& diagnostics);

/// `when:` of a component, over its settings, the cluster's facts and the run's capabilities.
[[nodiscard]] bool holds(const domain::Condition& condition, const domain::Component& component, const Context& context,
                         const std::map<std::string, Binding>& bindings);
/// The same for a condition inside `set:` (a map node).
[[nodiscard]] bool holds(const support::Node& condition, const domain::Component& component, const Context& context,
                         const std::map<std::string, Binding>& bindings, support::Diagnostics& diagnostics);

/// settings.*, project.*, target.*, facts.*, namespace: what needs no other component.
[[nodiscard]] Scope base_scope(const domain::Component& component, const Context& context,
                               support::Diagnostics& diagnostics);

}  // namespace datamill::planner
