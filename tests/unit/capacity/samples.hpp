#pragma once

#include "datamill/capacity/pack.hpp"

#include <string>

/// Small clusters and workloads.
namespace datamill::capacity {

inline constexpr std::int64_t kGi = std::int64_t{1000} * 1024 * 1024 * 1024;

inline ClusterNode node(const std::string& name, std::int64_t cores, std::int64_t gib) {
  return {.name = name, .allocatable = {{"cpu", cores * 1000}, {"memory", gib * kGi}, {"pods", 110'000}}};
}

inline Workload workload(const std::string& name, std::int64_t millicores, std::int64_t gib, int replicas = 1) {
  Workload made{.component = name,
                .object = {.api_version = "apps/v1", .kind = "StatefulSet", .ns = "data-mill", .name = name},
                .replicas = replicas};
  made.pod.ns = "data-mill";
  made.pod.labels = {{"app", name}};
  made.pod.requests = {{"cpu", millicores}, {"memory", gib * kGi}, {"pods", 1000}};
  return made;
}

inline RunningPod running(const std::string& name, const std::string& node, std::int64_t millicores) {
  RunningPod pod{.name = name, .node = node, .owner = {.kind = "StatefulSet", .ns = "other", .name = name}};
  pod.shape.ns = "other";
  pod.shape.requests = {{"cpu", millicores}, {"pods", 1000}};
  return pod;
}

}  // namespace datamill::capacity
