#pragma once

#include "datamill/capacity/pack.hpp"
#include "datamill/capacity/wanted.hpp"
#include "datamill/support/diagnostic.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace datamill::capacity {

/// A place from which images can no longer be had (data/images_gone.yaml).
struct GoneImages {
  std::string prefix{};    ///< of a full reference: "docker.io/bitnami/"
  std::string since{};     ///< "2025-09-29"
  std::string what{};      ///< one sentence without a final dot
  std::string instead{};   ///< what to do
  bool some_left = false;  ///< some of them are still there: said, but never refused
};

/// What else is known where it is judged.
struct Surroundings {
  support::Severity severity = support::Severity::error;  ///< of what would refuse
  std::optional<std::int64_t> free_disk{};                ///< bytes, where volumes are folders of this machine
  bool images_are_pulled = true;                          ///< not on simulated nodes
};

/// What stands in the way of what is wanted. DM860 a pod finds no room, DM862 a volume has no StorageClass, DM863
/// volumes are larger than the disk (a warning: nothing holds them to their size), DM864 a NodePort is taken, DM866
/// an image is gone.
[[nodiscard]] support::Diagnostics judge(const Cluster& cluster, const Wanted& wanted,
                                         const std::vector<GoneImages>& gone, const Surroundings& around);

/// With registry and, on Docker Hub, its "library": "nginx:1" -> "docker.io/library/nginx:1" (the reference grammar of
/// github.com/distribution/reference: a first part with a dot, a colon or "localhost" is a registry).
[[nodiscard]] std::string full_reference(const std::string& reference);

}  // namespace datamill::capacity
