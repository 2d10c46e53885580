#pragma once

#include "datamill/diagnose/world.hpp"
#include "datamill/domain/snapshot.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace datamill::diagnose {

struct Readiness {
  std::optional<bool> ready{};  ///< nullopt: cannot be judged (a kind that is not known, a condition that is not read)
  /// What is missing, one line without a final dot: "2 of 3 pods: lake-0 ContainerCreating, lake-1 Pending
  /// (Unschedulable)", where 2 are ready. "" where it is ready or nothing is known.
  std::string text{};
};

/// Whether something is as a step waits for it. Pure.
///
/// @param object kind "Release" (no api_version): a helm release with all that belongs to it; else one object
/// @param condition as `kubectl wait --for=` takes it: "condition=Ready", "condition=Ready=False", "delete",
///   "jsonpath={.status.phase}=Bound" or without a value (dotted names, ['names'], [0], [?(@.type=="Ready")]). "":
///   ready as its kind means it (kubectl docs: rollout status; helm docs: --wait): replicas updated and available, a
///   Job complete, a claim bound (or waiting for its first pod, where it has none), a LoadBalancer's address, a
///   definition established; for other kinds the condition Ready or Available, where it has one
[[nodiscard]] Readiness judge(const World& world, const domain::ObjectRef& object, std::string_view condition);

/// What keeps a pod from being ready, as `kubectl get pods` would say it: "ContainerCreating", "Pending
/// (Unschedulable)", "Init:CrashLoopBackOff", "OOMKilled", "not ready"; "" where it is ready or has succeeded.
[[nodiscard]] std::string pod_state(const support::Node& pod);

}  // namespace datamill::diagnose
