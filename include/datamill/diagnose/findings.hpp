#pragma once

#include "datamill/diagnose/world.hpp"
#include "datamill/domain/finding.hpp"
#include "datamill/domain/ownership.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace datamill::diagnose {

/// What belongs to the component that is asked about. Of other objects only those count that it depends on: the nodes
/// its pods are on, StorageClasses, webhooks that its pods have to pass.
struct Scope {
  domain::Holdings holdings{};            ///< its releases and the objects of its record or of its plan
  std::vector<std::string> namespaces{};  ///< it has something in: their own state is judged
};

/// What is ill of the scope's objects, the most telling first: root causes before what follows from them. One finding
/// for each ill state of a controller, however many pods are in it (Finding::count). Pure; no clock, so a state that is
/// normal in the first seconds is told too (see is_passing).
///
/// Kinds that are looked at: Pod, Event, Node, PersistentVolumeClaim, PersistentVolume, StorageClass, Service, Job,
/// Deployment, StatefulSet, DaemonSet, ReplicaSet, Namespace, CustomResourceDefinition, APIService, CSIDriver,
/// ServiceAccount, and Secret (only helm's, only their labels). What the world does not know is not judged.
[[nodiscard]] std::vector<domain::Finding> find(const World& world, const Scope& scope);

/// Objects of the world that belong to the scope, in the order of kinds and names.
[[nodiscard]] std::vector<const support::Node*> objects_of(const World& world, const Scope& scope);

/// The same text for findings of the same ill state: it does not change with counts, back-off times or log lines.
[[nodiscard]] std::string identity(const domain::Finding& finding);

/// Whether a state with this code is a normal one for some seconds while things start (a readiness probe that fails, a
/// claim that is being provisioned, a release that helm is at work on): a run tells it only where it lasts.
[[nodiscard]] bool is_passing(std::string_view code);

/// Which logs would say more: the previous run of containers that crash, the last one of those that ended. At most 8.
[[nodiscard]] std::vector<LogKey> wanted_logs(const World& world, const Scope& scope);

}  // namespace datamill::diagnose
