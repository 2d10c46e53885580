#pragma once

#include "diagnose/case.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace datamill::diagnose {

using Findings = std::vector<domain::Finding>;

/// Whether a state can become well again by itself, or because somebody else does something.
enum class Outlook : std::uint8_t { open, hopeless };
/// Whether a state is a normal one in the first seconds of things.
enum class Onset : std::uint8_t { ill, passing };

/// One row per kind of finding; the order of the table is the order in which they are told.
struct Rule {
  std::string_view code{};
  std::string_view name{};
  Findings (*judge)(const Case&) = nullptr;
  Outlook outlook = Outlook::open;
  Onset onset = Onset::ill;
};
[[nodiscard]] std::span<const Rule> all_rules();

// rules_cluster.cpp
[[nodiscard]] Findings nodes_not_ready(const Case& rules);
[[nodiscard]] Findings nodes_under_pressure(const Case& rules);
[[nodiscard]] Findings pods_evicted(const Case& rules);
[[nodiscard]] Findings namespaces_stuck(const Case& rules);
// rules_kinds.cpp
[[nodiscard]] Findings kinds_missing(const Case& rules);
[[nodiscard]] Findings kinds_not_established(const Case& rules);
// rules_releases.cpp
[[nodiscard]] Findings releases_pending(const Case& rules);
[[nodiscard]] Findings releases_failed(const Case& rules);
// rules_admission.cpp: what hinders controllers from making pods
[[nodiscard]] Findings service_accounts_missing(const Case& rules);
[[nodiscard]] Findings quotas_exceeded(const Case& rules);
[[nodiscard]] Findings limit_ranges_broken(const Case& rules);
[[nodiscard]] Findings webhooks_unreachable(const Case& rules);
[[nodiscard]] Findings admission_denied(const Case& rules);
[[nodiscard]] Findings pods_not_created(const Case& rules);
// rules_claims.cpp
[[nodiscard]] Findings classes_missing(const Case& rules);
[[nodiscard]] Findings default_class_missing(const Case& rules);
[[nodiscard]] Findings volume_zones_missing(const Case& rules);
[[nodiscard]] Findings provisioning_failed(const Case& rules);
[[nodiscard]] Findings provisioners_missing(const Case& rules);
[[nodiscard]] Findings claims_without_volume(const Case& rules);
[[nodiscard]] Findings claims_lost(const Case& rules);
// rules_scheduling.cpp
[[nodiscard]] Findings pods_unschedulable(const Case& rules);
// rules_images.cpp
[[nodiscard]] Findings image_names_invalid(const Case& rules);
[[nodiscard]] Findings images_never_pulled(const Case& rules);
[[nodiscard]] Findings pull_rates_limited(const Case& rules);
[[nodiscard]] Findings registries_unreachable(const Case& rules);
[[nodiscard]] Findings image_access_denied(const Case& rules);
[[nodiscard]] Findings images_not_found(const Case& rules);
[[nodiscard]] Findings image_pulls_failed(const Case& rules);
// rules_setup.cpp: between the scheduler and the container's first instruction
[[nodiscard]] Findings configuration_missing(const Case& rules);
[[nodiscard]] Findings volumes_not_attached(const Case& rules);
[[nodiscard]] Findings volumes_not_mounted(const Case& rules);
[[nodiscard]] Findings sandboxes_not_made(const Case& rules);
[[nodiscard]] Findings containers_not_started(const Case& rules);
// rules_crashes.cpp
[[nodiscard]] Findings out_of_memory(const Case& rules);
[[nodiscard]] Findings init_containers_failing(const Case& rules);
[[nodiscard]] Findings sidecars_failing(const Case& rules);
[[nodiscard]] Findings crash_loops(const Case& rules);
[[nodiscard]] Findings containers_failed(const Case& rules);
// rules_probes.cpp
[[nodiscard]] Findings liveness_failing(const Case& rules);
[[nodiscard]] Findings startup_failing(const Case& rules);
[[nodiscard]] Findings readiness_failing(const Case& rules);
// rules_jobs.cpp
[[nodiscard]] Findings hooks_failed(const Case& rules);
[[nodiscard]] Findings jobs_failed(const Case& rules);
[[nodiscard]] Findings periodic_jobs_failed(const Case& rules);
[[nodiscard]] Findings jobs_too_slow(const Case& rules);
[[nodiscard]] Findings sidecars_keep_jobs(const Case& rules);
// rules_services.cpp
[[nodiscard]] Findings load_balancers_pending(const Case& rules);

}  // namespace datamill::diagnose
