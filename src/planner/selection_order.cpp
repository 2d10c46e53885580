#include "planner/selection_order.hpp"

#include "datamill/plan/order.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::planner {

void check_conflicts(const Selection& selection, const Context& context, support::Diagnostics& diagnostics) {
  std::set<std::string> names;
  for (const auto& selected : selection.components)
    names.insert(selected.component->name);
  for (const auto& selected : selection.components) {
    for (const auto& conflict : selected.component->conflicts) {
      if (conflict.when && !holds(*conflict.when, *selected.component, context, selection.bindings)) continue;
      if (names.count(conflict.name) == 0) continue;
      diagnostics.error(
          "DM305", conflict.at,
          fmt::format("\"{}\" cannot be installed together with \"{}\"", selected.component->name, conflict.name),
          "keep one of them");
    }
  }
}

void put_in_order(Selection& selection, support::Diagnostics& diagnostics) {
  std::vector<std::vector<std::size_t>> needs;
  needs.reserve(selection.components.size());
  for (const auto& selected : selection.components)
    needs.push_back(selected.needs);
  const auto result = plan::stable_order(needs);
  if (!result.cycle.empty()) {
    std::vector<std::string> names;
    for (const auto at : result.cycle)
      names.push_back(selection.components[at].component->name);
    diagnostics.error("DM301", selection.components[result.cycle.front()].component->at,
                      fmt::format("components must come after each other in a cycle: {}", support::join(names, "→")),
                      "take one of these entries out of `needs:`, `uses:` or `after:`");
    return;
  }
  std::vector<std::size_t> place(needs.size());
  for (std::size_t i = 0; i < result.order.size(); ++i)
    place[result.order[i]] = i;
  std::vector<SelectedComponent> ordered(needs.size());
  for (std::size_t i = 0; i < needs.size(); ++i) {
    auto& selected = selection.components[i];
    for (auto& need : selected.needs)
      need = place[need];
    std::sort(selected.needs.begin(), selected.needs.end());
    ordered[place[i]] = std::move(selected);
  }
  selection.components = std::move(ordered);
}

std::string meant_component(const domain::Need& need, const domain::Component& component, const Context& context,
                            const std::map<std::string, Binding>& bindings) {
  if (need.when && !holds(*need.when, component, context, bindings)) return {};
  const auto binding = bindings.find(need.name);
  if (binding == bindings.end()) return need.name;
  return binding->second.component == nullptr ? std::string{} : binding->second.component->name;
}

}  // namespace datamill::planner
