#include "datamill/planner/component_graph.hpp"

#include "datamill/support/enum_names.hpp"
#include "planner/selection_order.hpp"

#include <algorithm>
#include <array>

namespace datamill::planner {

namespace {

constexpr support::EnumTable<EdgeKind, 3> kKinds{
    {{EdgeKind::needs, "needs"}, {EdgeKind::uses, "uses"}, {EdgeKind::after, "after"}}};

class GraphBuilder {
public:
  GraphBuilder(const Selection& selection, const Context& context) : selection_(selection), context_(context) {
    for (const auto& selected : selection.components) {
      const auto& component = *selected.component;
      places_.emplace(component.name, places_.size());
      graph_.components.push_back({.name = component.name,
                                   .ns = selected.ns,
                                   .reason = selected.reason,
                                   .summary = component.summary,
                                   .estimate = component.estimate});
    }
  }

  ComponentGraph build() {
    for (std::size_t i = 0; i < selection_.components.size(); ++i) {
      const auto& component = *selection_.components[i].component;
      add(i, component.needs, EdgeKind::needs);
      add(i, component.uses, EdgeKind::uses);
      add(i, component.after, EdgeKind::after);
    }
    find_levels_and_path();
    return std::move(graph_);
  }

private:
  void add(std::size_t then, const std::vector<domain::Need>& needs, EdgeKind kind) {
    const auto& component = *selection_.components[then].component;
    for (const auto& need : needs) {
      if (need.when && !holds(*need.when, component, context_, selection_.bindings)) continue;
      const auto meant = meant_component(need, component, context_, selection_.bindings);
      if (meant.empty()) {
        const auto binding = selection_.bindings.find(need.name);
        const bool outside = binding != selection_.bindings.end() && binding->second.service != nullptr;
        if (outside) graph_.outside.push_back({.component = then, .capability = need.name});
        continue;
      }
      const auto found = places_.find(meant);
      if (found == places_.end() || found->second == then) continue;
      graph_.edges.push_back({.first = found->second,
                              .then = then,
                              .kind = kind,
                              .capability = meant == need.name ? std::string{} : need.name});
    }
  }

  /// The selection is in order, so what comes before a component is complete when it is looked at.
  void find_levels_and_path() {
    auto& components = graph_.components;
    std::vector<std::chrono::seconds> finish(components.size());
    std::vector<std::size_t> before(components.size(), components.size());
    std::size_t last = components.size();
    auto edge = graph_.edges.begin();
    for (std::size_t i = 0; i < components.size(); ++i) {
      for (; edge != graph_.edges.end() && edge->then == i; ++edge) {
        components[i].level = std::max(components[i].level, components[edge->first].level + 1);
        if (finish[edge->first] <= finish[i]) continue;
        finish[i] = finish[edge->first];
        before[i] = edge->first;
      }
      finish[i] += components[i].estimate;
      if (last == components.size() || finish[i] > finish[last]) last = i;
    }
    if (last == components.size()) return;
    graph_.expected = finish[last];
    for (auto i = last; i != components.size(); i = before[i]) {
      components[i].critical = true;
      graph_.critical_path.push_back(i);
    }
    std::reverse(graph_.critical_path.begin(), graph_.critical_path.end());
  }

  const Selection& selection_;
  const Context& context_;
  std::map<std::string, std::size_t> places_{};
  ComponentGraph graph_{};
};

}  // namespace

std::string_view to_name(EdgeKind kind) {
  return support::name_of(kKinds, kind);
}

ComponentGraph component_graph(const Selection& selection, const Context& context) {
  return GraphBuilder(selection, context).build();
}

}  // namespace datamill::planner
