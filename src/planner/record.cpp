#include "datamill/inventory/inventory.hpp"
#include "datamill/planner/install.hpp"
#include "datamill/planner/references.hpp"
#include "planner/component_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::planner {

using domain::InventoryEntry;
using domain::InventoryRelease;

namespace {

const InventoryRelease* recorded(const InventoryEntry* entry, const DesiredRelease& release) {
  if (entry == nullptr) return nullptr;
  for (const auto& known : entry->releases) {
    if (known.ns == release.ns && known.name == release.name) return &known;
  }
  return nullptr;
}

/// The digest alone proves nothing after somebody's own `helm upgrade`: digest and revision must both match.
bool release_unchanged(const DesiredRelease& release, const InventoryEntry* entry, const Context& context) {
  const auto* known = recorded(entry, release);
  const auto* state = context.snapshot.release(release.ns, release.name);
  return known != nullptr && state != nullptr && state->status == "deployed" && known->digest == release.digest &&
         known->revision == fmt::format("{}", state->revision);
}

bool claimed(const InventoryEntry* entry, const std::string& flavour) {
  return entry != nullptr && std::find(entry->claims.begin(), entry->claims.end(), flavour) != entry->claims.end();
}

std::vector<std::string> made_namespaces(const DesiredComponent& desired, const Context& context) {
  std::vector<std::string> made;
  for (const auto& ns : desired.namespaces) {
    const auto* state = context.snapshot.find_namespace(ns);
    if ((state == nullptr && ns != "default" && !ns.starts_with("kube-")) || (state != nullptr && state->ours))
      made.push_back(ns);
  }
  return made;
}

}  // namespace

bool Difference::none() const {
  return !rest && !record && missing_secrets.empty() &&
         std::none_of(releases.begin(), releases.end(), [](bool run) { return run; });
}

Difference compare(const DesiredComponent& desired, const Context& context, bool reinstall) {
  const auto* entry = context.snapshot.entry(desired.ns, desired.component->name);
  Difference difference{.rest = reinstall || entry == nullptr || entry->kept || entry->digest != desired.digest};
  for (const auto& release : desired.releases) {
    difference.releases.push_back(reinstall || !release_unchanged(release, entry, context));
  }
  for (const auto& secret : desired.secrets) {
    if (!context.snapshot.has_secret(secret.ns, secret.name)) {
      difference.missing_secrets.push_back(fmt::format("{}/{}", secret.ns, secret.name));
    }
  }
  difference.record = !claimed(entry, flavour_id(context.workspace));
  return difference;
}

InventoryEntry record_of(const DesiredComponent& desired, const Context& context, const Difference& difference,
                         const std::vector<std::string>& needed_names) {
  const auto* known = context.snapshot.entry(desired.ns, desired.component->name);
  InventoryEntry entry{.component = desired.component->name,
                       .ns = desired.ns,
                       .digest = desired.digest,
                       .crds = desired.crds,
                       .namespaces = made_namespaces(desired, context),
                       .claims = known != nullptr ? known->claims : std::vector<std::string>{},
                       .needs = needed_names};
  for (std::size_t i = 0; i < desired.releases.size(); ++i) {
    const auto& release = desired.releases[i];
    const auto* before = recorded(known, release);
    const auto revision =
        difference.releases[i] || before == nullptr
            ? mark(command::OutputRef{.name = fmt::format("revision:{}/{}", release.ns, release.name)})
            : before->revision;
    entry.releases.push_back({.ns = release.ns,
                              .name = release.name,
                              .chart = release.chart_name,
                              .version = release.chart_version,
                              .digest = release.digest,
                              .revision = revision});
  }
  for (const auto* list : {&desired.provisions, &desired.objects}) {
    for (const auto& objects : *list)
      entry.objects.insert(entry.objects.end(), objects.objects.begin(), objects.objects.end());
  }
  for (const auto& secret : desired.secrets)
    entry.secrets.push_back(fmt::format("{}/{}", secret.ns, secret.name));
  const auto flavour = flavour_id(context.workspace);
  if (!claimed(&entry, flavour)) entry.claims.push_back(flavour);
  std::sort(entry.claims.begin(), entry.claims.end());
  return entry;
}

command::SymbolicText record_text(const InventoryEntry& entry) {
  return to_symbolic(support::write_json(inventory::config_map(entry)));
}

}  // namespace datamill::planner
