#include "datamill/domain/snapshot.hpp"

#include <algorithm>

namespace datamill::domain {

namespace {

template <class T, class Predicate>
const T* find(const std::vector<T>& items, Predicate wanted) {
  const auto found = std::find_if(items.begin(), items.end(), wanted);
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const ReleaseState* ClusterSnapshot::release(const std::string& ns, const std::string& name) const {
  return find(releases, [&](const ReleaseState& r) { return r.ns == ns && r.name == name; });
}

const InventoryEntry* ClusterSnapshot::entry(const std::string& ns, const std::string& component) const {
  return find(inventory, [&](const InventoryEntry& e) { return e.ns == ns && e.component == component; });
}

const NamespaceState* ClusterSnapshot::find_namespace(const std::string& name) const {
  return find(namespaces, [&](const NamespaceState& n) { return n.name == name; });
}

bool ClusterSnapshot::has_secret(const std::string& ns, const std::string& name) const {
  return find(our_secrets, [&](const std::string& secret) { return secret == ns + "/" + name; }) != nullptr;
}

}  // namespace datamill::domain
