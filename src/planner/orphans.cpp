#include "planner/orphans.hpp"

#include <algorithm>

namespace datamill::planner {

using domain::ClusterSnapshot;
using domain::InventoryEntry;

namespace {

/// "databases.postgresql.cnpg.io" is a definition of the group "postgresql.cnpg.io".
bool defines(const InventoryEntry& entry, const std::string& group) {
  return std::any_of(entry.crds.begin(), entry.crds.end(), [&](const std::string& crd) {
    const auto dot = crd.find('.');
    return dot != std::string::npos && crd.substr(dot + 1) == group;
  });
}

bool is_installed(const ClusterSnapshot& snapshot, const InventoryEntry& entry) {
  if (entry.releases.empty() && !entry.kept) return true;  // an operator from manifests
  const auto by_label = [&](const auto& release) { return release.component == entry.component; };
  const auto by_name = [&](const auto& release) { return snapshot.release(release.ns, release.name) != nullptr; };
  return std::any_of(snapshot.releases.begin(), snapshot.releases.end(), by_label) ||
         std::any_of(entry.releases.begin(), entry.releases.end(), by_name);
}

}  // namespace

bool is_orphan(const ClusterSnapshot& snapshot, const domain::ObjectRef& object) {
  const auto slash = object.api_version.find('/');
  if (slash == std::string::npos) return false;
  const auto group = object.api_version.substr(0, slash);
  bool known = false;
  for (const auto& entry : snapshot.inventory) {
    if (!defines(entry, group)) continue;
    if (is_installed(snapshot, entry)) return false;
    known = true;
  }
  return known;
}

}  // namespace datamill::planner
