#include "datamill/planner/summary.hpp"

#include "datamill/support/text.hpp"
#include "planner/wiring.hpp"

#include <fmt/format.h>

namespace datamill::planner {

std::vector<ComponentSummary> summarize(const Context& context, const SelectionRequest& request) {
  support::Diagnostics ignored;
  const auto selection = select_components(context, request, ignored);
  if (!selection) return {};
  std::vector<ComponentSummary> summaries;
  for (const auto& selected : selection->components) {
    const auto& component = *selected.component;
    const auto wiring = wire(selected, *selection, context, ignored);
    ComponentSummary summary{.name = component.name, .ns = selected.ns, .reason = selected.reason};
    if (component.open) {
      summary.service =
          substitute_text(component.open->service.text, component.open->service.at, wiring.scope, ignored);
      summary.port = component.open->port;
      summary.path = component.open->path;
      summary.login_secret =
          substitute_text(component.open->secret.text, component.open->secret.at, wiring.scope, ignored);
      summary.login_keys = component.open->secret_keys;
    }
    for (const auto& [name, keys] : secret_keys(component, wiring.scope, ignored)) {
      summary.credentials.push_back(fmt::format("Secret {}/{} ({})", selected.ns, name, support::join(keys, ", ")));
    }
    summary.notes = substitute_text(component.notes.text, component.notes.at, wiring.scope, ignored);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

}  // namespace datamill::planner
