#pragma once

#include "datamill/domain/target.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace datamill::domain {

/// One helm release as its newest storage Secret's labels tell it.
struct ReleaseState {
  std::string ns{};
  std::string name{};
  std::string status{};  ///< deployed, failed, pending-install, pending-upgrade, uninstalling, ...
  int revision = 0;
  std::string component{};    ///< our label on it; "" for a foreign release
  int good_revision = 0;      ///< the newest one that was deployed, now or before; 0: none of those that helm keeps
  bool never_worked = false;  ///< every revision that helm keeps failed or was cut off
};

struct InventoryRelease {
  std::string ns{};
  std::string name{};
  std::string chart{};
  std::string version{};
  std::string digest{};
  std::string revision{};  ///< decimal; while planning it may be a symbol that the run replaces
};

/// One Kubernetes object we applied or made.
struct ObjectRef {
  std::string api_version{};
  std::string kind{};
  std::string ns{};  ///< "" for cluster-scoped objects
  std::string name{};
  bool holds_data = false;
  std::string keep_annotation{};
  std::string keep_condition{};
  friend bool operator==(const ObjectRef&, const ObjectRef&) = default;
};

/// What we know to have installed of one component: one labelled ConfigMap `datamill.<component>` in its namespace.
struct InventoryEntry {
  std::string component{};
  std::string ns{};
  std::string digest{};  ///< of everything that is not a release: manifests, settings
  std::vector<InventoryRelease> releases{};
  std::vector<ObjectRef> objects{};
  std::vector<std::string> secrets{};  ///< "<namespace>/<name>"
  std::vector<std::string> crds{};
  std::vector<std::string> namespaces{};  ///< namespaces made for it
  std::vector<std::string> claims{};      ///< flavours "<namespace>/<name>"
  bool kept = false;                      ///< uninstalled; only what was kept is still there
  std::vector<std::string> needs{};       ///< components it needs, for the reverse order
};

/// A PersistentVolumeClaim and the release or owner its labels and annotations name.
struct VolumeClaim {
  std::string ns{};
  std::string name{};
  std::string owner{};  ///< helm release, StatefulSet instance or database cluster; "" if unknown
};

struct NamespaceState {
  std::string name{};
  bool ours = false;  ///< carries our label
  bool terminating = false;
};

/// What the planner knows of the cluster, as one value. `known` is false offline: then nothing below says anything.
struct ClusterSnapshot {
  bool known = false;
  std::string cluster_uid{};  ///< UID of the namespace kube-system
  Facts facts{};
  std::vector<NamespaceState> namespaces{};
  std::vector<ReleaseState> releases{};
  std::vector<InventoryEntry> inventory{};
  std::vector<std::string> our_secrets{};  ///< "<namespace>/<name>" with our label
  std::vector<VolumeClaim> claims{};       ///< every PersistentVolumeClaim of the cluster
  int nodes = 0;
  int ready_nodes = 0;

  [[nodiscard]] const ReleaseState* release(const std::string& ns, const std::string& name) const;
  [[nodiscard]] const InventoryEntry* entry(const std::string& ns, const std::string& component) const;
  [[nodiscard]] const NamespaceState* find_namespace(const std::string& name) const;
  [[nodiscard]] bool has_secret(const std::string& ns, const std::string& name) const;
};

}  // namespace datamill::domain
