#include "datamill/planner/selection.hpp"

#include "datamill/domain/names.hpp"
#include "datamill/support/text.hpp"
#include "planner/selection_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::planner {

using domain::Component;
using domain::Need;
using support::Diagnostics;
using support::SourceRef;

namespace {

/// Works out the closure of a list of components over their needs.
class Selector {
public:
  Selector(const Context& context, const SelectionRequest& request, Diagnostics& diagnostics)
      : context_(context), request_(request), diagnostics_(diagnostics) {
    for (const auto& [name, component] : workspace().catalogue) {
      for (const auto& provision : component.provides)
        providers_[provision.capability].push_back(&component);
    }
    for (const auto& listed : workspace().project.flavour)
      listed_.insert(listed.name);
    for (const auto& name : request.only)
      listed_.insert(name);
  }

  std::optional<Selection> run() {
    bind_listed();
    if (request_.only.empty()) {
      for (const auto& listed : workspace().project.flavour)
        visit(listed.name, "listed", listed.at);
    } else {
      for (const auto& name : request_.only)
        visit(name, listed_in_flavour(name) ? "listed" : "-c", {});
    }
    if (diagnostics_.has_errors()) return std::nullopt;
    bind_pulled_in();
    link();
    check_conflicts(selection_, context_, diagnostics_);
    if (!diagnostics_.has_errors()) put_in_order(selection_, diagnostics_);
    if (diagnostics_.has_errors()) return std::nullopt;
    return std::move(selection_);
  }

private:
  [[nodiscard]] const domain::Workspace& workspace() const { return context_.workspace; }

  [[nodiscard]] bool listed_in_flavour(const std::string& name) const {
    const auto& list = workspace().project.flavour;
    return std::any_of(list.begin(), list.end(), [&](const auto& listed) { return listed.name == name; });
  }

  /// services: of the flavour, then listed components: both are choices the user made, so two of them are an error.
  void bind_listed() {
    for (const auto& service : workspace().services)
      selection_.bindings[service.capability] = {.service = &service};
    for (const auto& listed : workspace().project.flavour)
      bind_component(listed.name, listed.at);
    for (const auto& name : request_.only) {
      if (!listed_in_flavour(name)) bind_component(name, {});
    }
  }

  void bind_component(const std::string& name, const SourceRef& at) {
    const auto found = workspace().catalogue.find(name);
    if (found == workspace().catalogue.end()) return;
    for (const auto& provision : found->second.provides) {
      auto& binding = selection_.bindings[provision.capability];
      if (binding.service != nullptr) {
        diagnostics_.error(
            "DM304", at,
            fmt::format("\"{}\" provides {}, and so does the outside service in `services:`", name,
                        provision.capability),
            fmt::format("take \"{}\" out of the flavour's list, or `services.{}`", name, provision.capability));
      } else if (binding.component != nullptr && binding.component != &found->second) {
        diagnostics_.error(
            "DM303", at,
            fmt::format("\"{}\" and \"{}\" both provide {}", binding.component->name, name, provision.capability),
            "keep one of them in the flavour's list");
      } else {
        binding.component = &found->second;
      }
    }
  }

  void visit(const std::string& name, const std::string& reason, const SourceRef& at) {
    if (index_.count(name) != 0) return;
    const auto found = workspace().catalogue.find(name);
    if (found == workspace().catalogue.end()) {
      diagnostics_.error("DM300", at, fmt::format("unknown component \"{}\"", name), unknown_hint(name));
      return;
    }
    if (std::find(path_.begin(), path_.end(), name) != path_.end()) return report_cycle(name);
    path_.push_back(name);
    const auto& component = found->second;
    SelectedComponent selected{.component = &component, .reason = reason};
    for (const auto& need : component.needs)
      visit_need(component, need, selected);
    path_.pop_back();
    index_.emplace(name, selection_.components.size());
    selected.ns = namespace_of(component);
    selection_.components.push_back(std::move(selected));
  }

  [[nodiscard]] std::string unknown_hint(const std::string& name) const {
    std::vector<std::string> names;
    for (const auto& [known, component] : workspace().catalogue) {
      if (!component.retired()) names.push_back(known);
    }
    auto hint = support::did_you_mean(name, names);
    if (!hint.empty()) hint += " ";
    return hint + "`datamill list components` shows all names";
  }

  void report_cycle(const std::string& name) {
    const auto start = std::find(path_.begin(), path_.end(), name);
    std::vector<std::string> cycle(start, path_.end());
    cycle.push_back(name);
    const auto& component = workspace().catalogue.at(name);
    diagnostics_.error("DM301", component.at,
                       fmt::format("components need each other in a cycle: {}", support::join(cycle, "→")),
                       "take one of these entries out of `needs:`");
  }

  void visit_need(const Component& component, const Need& need, SelectedComponent& selected) {
    if (need.when && !holds(*need.when, component, context_, selection_.bindings)) return;
    const auto* provider = resolve_need(component, need);
    if (provider == nullptr) return;
    selected.needed_names.push_back(provider->name);
    if (!request_.with_needs && !chosen_by_user(provider->name)) return check_present(component, *provider, need);
    const auto what = need.name == provider->name ? std::string{} : ": " + need.name;
    visit(provider->name, fmt::format("needed by {}{}", component.name, what), need.at);
  }

  [[nodiscard]] bool chosen_by_user(const std::string& name) const {
    if (request_.only.empty()) return listed_in_flavour(name);
    return std::find(request_.only.begin(), request_.only.end(), name) != request_.only.end();
  }

  void check_present(const Component& component, const Component& provider, const Need& need) {
    if (!context_.snapshot.known) return;
    const auto* entry = context_.snapshot.entry(namespace_of(provider), provider.name);
    if (entry == nullptr || entry->kept) {
      diagnostics_.error("DM307", need.at,
                         fmt::format("\"{}\" needs \"{}\", which is not installed", component.name, provider.name),
                         "leave out --no-deps, or install it first");
    }
  }

  /// The component that a need means; nullptr where an outside service stands in, or after an error.
  const Component* resolve_need(const Component& component, const Need& need) {
    if (workspace().capabilities.count(need.name) == 0) {
      const auto found = workspace().catalogue.find(need.name);
      if (found != workspace().catalogue.end()) return &found->second;
      diagnostics_.error(
          "DM300", need.at,
          fmt::format("\"{}\" needs \"{}\", which is neither a capability nor a component", component.name, need.name),
          unknown_hint(need.name));
      return nullptr;
    }
    auto& binding = selection_.bindings[need.name];
    if (binding.service != nullptr) return nullptr;
    if (binding.component == nullptr) binding.component = default_provider(component, need);
    return binding.component;
  }

  const Component* default_provider(const Component& component, const Need& need) {
    const auto& chosen = workspace().project.providers;
    if (const auto choice = chosen.find(need.name); choice != chosen.end())
      return chosen_provider(need, choice->second);
    const auto candidates = providers_.find(need.name);
    if (candidates != providers_.end()) {
      for (const auto* candidate : candidates->second) {
        const auto& defaults = candidate->default_for;
        if (std::find(defaults.begin(), defaults.end(), need.name) != defaults.end()) return candidate;
      }
      if (candidates->second.size() == 1) return candidates->second.front();
    }
    std::vector<std::string> names;
    if (candidates != providers_.end()) {
      for (const auto* candidate : candidates->second)
        names.push_back(candidate->name);
    }
    diagnostics_.error("DM302", need.at,
                       fmt::format("\"{}\" needs {}, and nothing provides it by default", component.name, need.name),
                       names.empty() ? fmt::format("name an outside service under `services.{}`", need.name)
                                     : fmt::format("add one of these to the flavour: {}", support::join(names, ", ")));
    return nullptr;
  }

  const Component* chosen_provider(const Need& need, const std::string& name) {
    const auto found = workspace().catalogue.find(name);
    const auto provides = [&](const Component& component) {
      return std::any_of(component.provides.begin(), component.provides.end(),
                         [&](const auto& p) { return p.capability == need.name; });
    };
    if (found != workspace().catalogue.end() && provides(found->second)) return &found->second;
    diagnostics_.error(
        "DM306", workspace().project.at,
        fmt::format("`project.providers.{}` names \"{}\", which does not provide {}", need.name, name, need.name),
        "`datamill list components -o wide` shows what each component provides");
    return nullptr;
  }

  /// A pulled-in component may provide more than it was pulled in for.
  void bind_pulled_in() {
    for (const auto& selected : selection_.components) {
      for (const auto& provision : selected.component->provides) {
        auto& binding = selection_.bindings[provision.capability];
        if (binding.component == nullptr && binding.service == nullptr) binding.component = selected.component;
      }
    }
  }

  std::string namespace_of(const Component& component) {
    auto ns = workspace().project.k8s_namespace;
    if (!component.namespace_.empty()) {
      const auto scope = base_scope(component, context_, diagnostics_);
      ns = scope.find("namespace")->scalar;
    }
    if (const auto problem = domain::dns_label_problem(ns); !problem.empty()) {
      diagnostics_.error("DM308", component.namespace_.at,
                         fmt::format("namespace \"{}\" of \"{}\" {}", ns, component.name, problem),
                         "use lower-case letters, digits and \"-\"");
    }
    return ns;
  }

  void add_edge(SelectedComponent& selected, const Need& need) const {
    const auto name = meant_component(need, *selected.component, context_, selection_.bindings);
    const auto found = index_.find(name);
    if (found == index_.end() || selection_.components[found->second].component == selected.component) return;
    if (std::find(selected.needs.begin(), selected.needs.end(), found->second) == selected.needs.end()) {
      selected.needs.push_back(found->second);
    }
  }

  void link() {
    for (auto& selected : selection_.components) {
      for (const auto& need : selected.component->needs)
        add_edge(selected, need);
      for (const auto& use : selected.component->uses)
        add_edge(selected, use);
      for (const auto& after : selected.component->after)
        add_edge(selected, after);
    }
  }

  const Context& context_;
  const SelectionRequest& request_;
  Diagnostics& diagnostics_;
  Selection selection_{};
  std::map<std::string, std::vector<const Component*>> providers_{};
  std::set<std::string> listed_{};
  std::map<std::string, std::size_t> index_{};
  std::vector<std::string> path_{};
};

}  // namespace

std::optional<Selection> select_components(const Context& context, const SelectionRequest& request,
                                           Diagnostics& diagnostics) {
  return Selector(context, request, diagnostics).run();
}

}  // namespace datamill::planner
