#include "datamill/planner/install.hpp"

#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/side_by_side.hpp"
#include "datamill/support/text.hpp"
#include "planner/component_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::planner {

using domain::ClusterSnapshot;
using plan::Plan;
using plan::StepId;
using support::Diagnostics;

namespace {

constexpr std::size_t kWorthThreads = 500;
constexpr std::size_t kUsualSteps = 6;

void check_releases(const DesiredComponent& desired, const Context& context, const InstallRequest& request,
                    Diagnostics& diagnostics) {
  const auto* entry = context.snapshot.entry(desired.ns, desired.component->name);
  for (const auto& release : desired.releases) {
    const auto* state = context.snapshot.release(release.ns, release.name);
    if (state == nullptr || request.adopt) continue;
    const auto recorded =
        entry != nullptr && std::any_of(entry->releases.begin(), entry->releases.end(), [&](const auto& known) {
          return known.ns == release.ns && known.name == release.name;
        });
    if (recorded || state->component == desired.component->name) continue;
    diagnostics.error(
        "DM350", desired.component->at,
        fmt::format("release \"{}\" in namespace \"{}\" exists and was not made by datamill", release.name, release.ns),
        fmt::format("give it another name (`{}: {{release: NAME}}` in the flavour), or take it over with --adopt",
                    desired.component->name));
  }
}

/// What was cut off is repaired; but an upgrade without a revision that worked is nobody's to purge.
void check_pending(const DesiredComponent& desired, const Context& context, Diagnostics& diagnostics) {
  for (const auto& release : desired.releases) {
    const auto* state = context.snapshot.release(release.ns, release.name);
    if (state == nullptr || !state->status.starts_with("pending-") || state->never_worked || state->good_revision > 0)
      continue;
    diagnostics.error(
        "DM353", desired.component->at,
        fmt::format(
            "release \"{}\" in namespace \"{}\" is {} (revision {}), and helm keeps no revision of it that worked",
            release.name, release.ns, state->status, state->revision),
        fmt::format(
            "if no helm is at work on it (helm history {0} -n {1}), remove it with `helm uninstall {0} -n {1}`; its "
            "volumes stay",
            release.name, release.ns));
  }
}

void check_namespaces(const DesiredComponent& desired, const Context& context, Diagnostics& diagnostics) {
  for (const auto& ns : desired.namespaces) {
    const auto* state = context.snapshot.find_namespace(ns);
    if (state == nullptr || !state->terminating) continue;
    diagnostics.error("DM352", desired.component->at, fmt::format("namespace \"{}\" is being deleted", ns),
                      fmt::format("wait until it is gone (kubectl get namespace {}), then run this again", ns));
  }
}

/// A pulled-in provider must not quietly take the place of one that is already installed.
void check_providers(const Selection& selection, const Context& context, Diagnostics& diagnostics) {
  for (const auto& [capability, binding] : selection.bindings) {
    if (binding.component == nullptr) continue;
    for (const auto& entry : context.snapshot.inventory) {
      if (entry.kept || entry.component == binding.component->name) continue;
      const auto other = context.workspace.catalogue.find(entry.component);
      if (other == context.workspace.catalogue.end() || entry.ns != context.workspace.project.k8s_namespace) continue;
      const auto& provides = other->second.provides;
      if (std::none_of(provides.begin(), provides.end(),
                       [&, name = capability](const auto& p) { return p.capability == name; }))
        continue;
      diagnostics.error("DM351", binding.component->at,
                        fmt::format("\"{}\" would provide {}, but \"{}\" provides it already in namespace \"{}\"",
                                    binding.component->name, capability, entry.component, entry.ns),
                        fmt::format("choose it with `project: {{providers: {{{}: {}}}}}` in the flavour, use another "
                                    "namespace (-n), or uninstall it first",
                                    capability, entry.component));
    }
  }
}

/// What one component asks for.
struct Change {
  DesiredComponent desired{};
  Difference difference{};
  command::SymbolicText record{};
  Diagnostics diagnostics{};
};

Change change_of(const SelectedComponent& selected, const Selection& selection, const Context& context,
                 const InstallRequest& request) {
  Change change;
  change.desired = desire(selected, selection, context, change.diagnostics);
  check_releases(change.desired, context, request, change.diagnostics);
  check_pending(change.desired, context, change.diagnostics);
  check_namespaces(change.desired, context, change.diagnostics);
  change.difference = compare(change.desired, context, request.reinstall);
  if (!change.difference.none())
    change.record = record_text(record_of(change.desired, context, change.difference, selected.needed_names));
  return change;
}

/// In the order of the selection; no component's change depends on another's.
std::vector<std::vector<Change>> changes_of(const Selection& selection, const Context& context,
                                            const InstallRequest& request) {
  const auto& components = selection.components;
  return support::side_by_side(components.size(), kWorthThreads, [&](std::size_t first, std::size_t last) {
    std::vector<Change> changes;
    for (std::size_t i = first; i < last; ++i)
      changes.push_back(change_of(components[i], selection, context, request));
    return changes;
  });
}

/// Writes steps in the order of the selection and knows the last steps of every component so far.
class PlanBuilder {
public:
  PlanBuilder(const Selection& selection, const Context& context, Plan& plan)
      : selection_(selection), plan_(plan), writer_(context, plan) {
    plan_.steps.reserve(selection.components.size() * kUsualSteps);
  }

  void add(const Change& change) {
    const auto& selected = selection_.components[finals_.size()];
    plan_.components.push_back({.name = selected.component->name,
                                .ns = selected.ns,
                                .reason = selected.reason,
                                .unchanged = change.difference.none()});
    std::vector<StepId> after;
    for (const auto need : selected.needs) {
      for (const auto id : finals_[need]) {
        if (std::find(after.begin(), after.end(), id) == after.end()) after.push_back(id);
      }
    }
    // An unchanged component hands on what it would have waited for, so that order holds through it.
    finals_.push_back(
        change.difference.none() ? after : writer_.write(change.desired, change.difference, change.record, after));
  }

private:
  const Selection& selection_;
  Plan& plan_;
  StepWriter writer_;
  std::vector<std::vector<StepId>> finals_{};
};

std::string install_title(const Context& context) {
  const auto& workspace = context.workspace;
  const auto what =
      workspace.flavour_file.empty() ? std::string("components") : fmt::format("flavour {}", workspace.project.name);
  return fmt::format("Install {} on {}", what, describe_cluster(context.target));
}

void note_storage(const Context& context, Plan& plan) {
  if (context.snapshot.known && context.facts.storage_class.empty() && !plan.steps.empty()) {
    plan.notes.emplace_back("the cluster has no default StorageClass: volumes that name none stay Pending");
  }
}

void note_unlisted(const Selection& selection, const Context& context, const InstallRequest& request, Plan& plan) {
  if (!request.selection.only.empty()) return;
  const auto flavour = flavour_id(context.workspace);
  for (const auto& entry : context.snapshot.inventory) {
    const auto claims = std::find(entry.claims.begin(), entry.claims.end(), flavour) != entry.claims.end();
    const auto selected = std::any_of(selection.components.begin(), selection.components.end(),
                                      [&](const auto& chosen) { return chosen.component->name == entry.component; });
    if (claims && !selected && !entry.kept) {
      plan.notes.push_back(fmt::format(
          "{0} is installed for this flavour but not in it any more: `datamill uninstall -c {0}` removes it",
          entry.component));
    }
  }
}

}  // namespace

std::string flavour_id(const domain::Workspace& workspace) {
  const auto name = workspace.project.name.empty() ? std::string("default") : workspace.project.name;
  return fmt::format("{}/{}", workspace.project.k8s_namespace, name);
}

bool is_preflight_code(std::string_view code) {
  return code.size() == 5 && code >= "DM340" && code <= "DM359";
}

std::optional<Plan> plan_install(const Context& context, const InstallRequest& request, Diagnostics& diagnostics) {
  const auto selection = select_components(context, request.selection, diagnostics);
  if (!selection) return std::nullopt;
  check_providers(*selection, context, diagnostics);
  Plan plan{.title = install_title(context)};
  PlanBuilder builder(*selection, context, plan);
  for (auto& part : changes_of(*selection, context, request)) {
    for (auto& change : part) {
      diagnostics.take(std::move(change.diagnostics));
      builder.add(change);
    }
  }
  if (diagnostics.has_errors()) return std::nullopt;
  note_storage(context, plan);
  note_unlisted(*selection, context, request, plan);
  collect_tools(plan);
  return plan;
}

std::optional<ClusterSnapshot> as_installed(const Context& context, const SelectionRequest& request,
                                            Diagnostics& diagnostics) {
  const auto selection = select_components(context, request, diagnostics);
  if (!selection) return std::nullopt;
  ClusterSnapshot snapshot{.known = true, .facts = context.facts};
  for (const auto& selected : selection->components) {
    const auto desired = desire(selected, *selection, context, diagnostics);
    const auto difference = compare(desired, context, false);
    auto entry = record_of(desired, context, difference, selected.needed_names);
    for (auto& release : entry.releases) {
      release.revision = "1";
      snapshot.releases.push_back(
          {.ns = release.ns, .name = release.name, .status = "deployed", .revision = 1, .component = entry.component});
    }
    for (const auto& ns : entry.namespaces) {
      if (snapshot.find_namespace(ns) == nullptr) snapshot.namespaces.push_back({.name = ns, .ours = true});
    }
    snapshot.our_secrets.insert(snapshot.our_secrets.end(), entry.secrets.begin(), entry.secrets.end());
    snapshot.inventory.push_back(std::move(entry));
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return snapshot;
}

}  // namespace datamill::planner
