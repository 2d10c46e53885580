#include "datamill/planner/uninstall.hpp"

#include "datamill/inventory/inventory.hpp"
#include "datamill/planner/install.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/helm.hpp"
#include "datamill/tools/kubectl.hpp"
#include "planner/uninstall_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::planner {

using namespace std::chrono_literals;
using domain::InventoryEntry;
using plan::Plan;
using plan::StepId;
using support::Diagnostics;

namespace {

/// Which entries go, and which only lose a claim.
struct Removal {
  std::vector<const InventoryEntry*> remove{};
  std::vector<InventoryEntry> unclaim{};
};

class Remover {
public:
  Remover(const Context& context, const UninstallRequest& request, Diagnostics& diagnostics)
      : context_(context), request_(request), diagnostics_(diagnostics), flavour_(flavour_id(context.workspace)) {}

  std::optional<Removal> run() {
    for (const auto& entry : context_.snapshot.inventory) {
      if (wanted(entry)) consider(entry);
    }
    check_named();
    if (request_.cascade) add_dependents();
    if (!request_.everything && !request_.force) check_dependents();
    if (diagnostics_.has_errors()) return std::nullopt;
    return std::move(removal_);
  }

private:
  [[nodiscard]] bool named(const std::string& component) const {
    return std::find(request_.only.begin(), request_.only.end(), component) != request_.only.end();
  }
  [[nodiscard]] bool with_flavour() const { return !context_.workspace.flavour_file.empty(); }

  [[nodiscard]] bool wanted(const InventoryEntry& entry) const {
    if (request_.everything) return true;
    if (!request_.only.empty() && !named(entry.component)) return false;
    // What was kept of an earlier uninstall is nobody's: it goes with the flavour's namespace when it is purged.
    if (entry.kept) return (request_.purge_data || request_.purge_crds) && entry.ns == home_of(entry);
    if (!with_flavour()) return !request_.only.empty();
    return std::find(entry.claims.begin(), entry.claims.end(), flavour_) != entry.claims.end();
  }

  /// The namespace in which the flavour would have put the component.
  [[nodiscard]] std::string home_of(const InventoryEntry& entry) const {
    const auto known = context_.workspace.catalogue.find(entry.component);
    if (known == context_.workspace.catalogue.end() || known->second.namespace_.empty())
      return context_.workspace.project.k8s_namespace;
    return entry.ns;
  }

  void consider(const InventoryEntry& entry) {
    auto claims = entry.claims;
    if (with_flavour() && !request_.everything)
      claims.erase(std::remove(claims.begin(), claims.end(), flavour_), claims.end());
    if (!with_flavour() || request_.everything) claims.clear();
    if (claims.empty()) {
      removal_.remove.push_back(&entry);
      return;
    }
    auto kept = entry;
    kept.claims = std::move(claims);
    removal_.unclaim.push_back(std::move(kept));
  }

  void check_named() {
    for (const auto& name : request_.only) {
      const auto& inventory = context_.snapshot.inventory;
      if (std::any_of(inventory.begin(), inventory.end(),
                      [&](const auto& entry) { return entry.component == name && wanted(entry); }))
        continue;
      std::vector<std::string> installed;
      for (const auto& entry : inventory) {
        if (!entry.kept) installed.push_back(entry.component);
      }
      diagnostics_.error("DM341", {}, fmt::format("component \"{}\" is not installed", name),
                         installed.empty() ? "nothing is installed in this cluster"
                                           : fmt::format("installed: {}", support::join(installed, ", ")));
    }
  }

  [[nodiscard]] bool removing(const std::string& component) const {
    return std::any_of(removal_.remove.begin(), removal_.remove.end(),
                       [&](const auto* entry) { return entry->component == component; });
  }

  [[nodiscard]] std::vector<const InventoryEntry*> dependents_of(const InventoryEntry& entry) const {
    std::vector<const InventoryEntry*> dependents;
    for (const auto& other : context_.snapshot.inventory) {
      if (other.kept || removing(other.component)) continue;
      if (std::find(other.needs.begin(), other.needs.end(), entry.component) != other.needs.end())
        dependents.push_back(&other);
    }
    return dependents;
  }

  void add_dependents() {
    for (std::size_t i = 0; i < removal_.remove.size(); ++i) {
      for (const auto* dependent : dependents_of(*removal_.remove[i]))
        removal_.remove.push_back(dependent);
    }
  }

  void check_dependents() {
    for (const auto* entry : removal_.remove) {
      if (entry->kept) continue;
      std::vector<std::string> names;
      for (const auto* dependent : dependents_of(*entry))
        names.push_back(dependent->component);
      if (names.empty()) continue;
      diagnostics_.error("DM340", {},
                         fmt::format("\"{}\" is needed by {}", entry->component, support::join(names, ", ")),
                         "--cascade removes them too, --force removes only this one");
    }
  }

  const Context& context_;
  const UninstallRequest& request_;
  Diagnostics& diagnostics_;
  std::string flavour_;
  Removal removal_{};
};

void check_purge(const Removal& removal, const UninstallRequest& request, Diagnostics& diagnostics) {
  if (!request.purge_crds || request.purge_data) return;
  for (const auto* entry : removal.remove) {
    if (entry->crds.empty() && entry->objects.empty()) continue;
    for (const auto& object : entry->objects) {
      if (!object.holds_data || !support::contains(object.api_version, "/")) continue;
      diagnostics.error("DM342", {},
                        fmt::format("--purge-crds would delete {} \"{}\" and its data", object.kind, object.name),
                        "add --purge-data if the data may go, or leave out --purge-crds");
    }
  }
}

}  // namespace

std::optional<Plan> plan_uninstall(const Context& context, const UninstallRequest& request, Diagnostics& diagnostics) {
  const auto removal = Remover(context, request, diagnostics).run();
  if (!removal) return std::nullopt;
  check_purge(*removal, request, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  const auto what = request.everything      ? std::string("everything")
                    : !request.only.empty() ? fmt::format("component {}", support::join(request.only, ", "))
                                            : fmt::format("flavour {}", context.workspace.project.name);
  Plan plan{.title = fmt::format("Uninstall {} from {}", what, describe_cluster(context.target))};
  UninstallWriter writer(context, request, plan);
  writer.write(removal->remove);
  for (const auto& entry : removal->unclaim)
    writer.write_unclaim(entry);
  collect_tools(plan);
  return plan;
}

std::vector<std::string> touched_namespaces(const Context& context, const Plan& uninstall) {
  std::set<std::string> namespaces;
  for (const auto& component : uninstall.components) {
    const auto* state = context.snapshot.find_namespace(component.ns);
    if (state != nullptr && state->ours) namespaces.insert(component.ns);
    if (const auto* entry = context.snapshot.entry(component.ns, component.name)) {
      for (const auto& ns : entry->namespaces) {
        const auto* made = context.snapshot.find_namespace(ns);
        if (made != nullptr && made->ours) namespaces.insert(ns);
      }
    }
  }
  return {namespaces.begin(), namespaces.end()};
}

Plan plan_cleanup(const Context& context, const UninstallRequest& request,
                  const std::map<std::string, std::vector<inventory::LeftoverObject>>& leftovers) {
  Plan plan{.title = "Clean up namespaces"};
  for (const auto& [ns, objects] : leftovers)
    clean_namespace(context, request, ns, objects, plan);
  collect_tools(plan);
  return plan;
}

}  // namespace datamill::planner
