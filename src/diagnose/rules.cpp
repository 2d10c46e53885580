#include "diagnose/rules.hpp"

#include <array>

namespace datamill::diagnose {

namespace {

using enum Outlook;
using enum Onset;

// Root causes stand before what follows from them; README explains the codes.
constexpr std::array kRules{
    Rule{"DM800", "NodeNotReady", nodes_not_ready},
    Rule{"DM801", "NodeUnderPressure", nodes_under_pressure},
    Rule{"DM803", "NamespaceTerminating", namespaces_stuck, open, passing},
    Rule{"DM805", "ReleasePending", releases_pending, open, passing},
    Rule{"DM807", "CustomKindMissing", kinds_missing},
    Rule{"DM808", "CustomKindNotEstablished", kinds_not_established, open, passing},

    Rule{"DM854", "AdmissionDenied", admission_denied, hopeless},
    Rule{"DM853", "WebhookUnreachable", webhooks_unreachable},
    Rule{"DM850", "ServiceAccountMissing", service_accounts_missing},
    Rule{"DM851", "QuotaExceeded", quotas_exceeded},
    Rule{"DM852", "LimitRangeBroken", limit_ranges_broken},
    Rule{"DM855", "PodNotCreated", pods_not_created},

    Rule{"DM840", "StorageClassMissing", classes_missing},
    Rule{"DM841", "NoDefaultStorageClass", default_class_missing},
    Rule{"DM845", "ClaimLost", claims_lost},
    Rule{"DM844", "VolumeZone", volume_zones_missing},
    Rule{"DM843", "ProvisioningFailed", provisioning_failed},
    Rule{"DM842", "ProvisionerMissing", provisioners_missing, open, passing},
    Rule{"DM846", "NoVolumeForClaim", claims_without_volume, open, passing},
    Rule{"DM847", "Unschedulable", pods_unschedulable},

    Rule{"DM821", "ConfigurationMissing", configuration_missing},
    Rule{"DM828", "VolumeNotAttached", volumes_not_attached},
    Rule{"DM829", "VolumeNotMounted", volumes_not_mounted},
    Rule{"DM831", "SandboxNotMade", sandboxes_not_made},

    Rule{"DM811", "ImageNameInvalid", image_names_invalid, hopeless},
    Rule{"DM815", "ImageNeverPulled", images_never_pulled, hopeless},
    Rule{"DM813", "ImageRateLimited", pull_rates_limited},
    Rule{"DM814", "RegistryUnreachable", registries_unreachable},
    Rule{"DM812", "ImageAccessDenied", image_access_denied},
    Rule{"DM810", "ImageNotFound", images_not_found},
    Rule{"DM816", "ImagePullFailed", image_pulls_failed},

    Rule{"DM822", "ContainerNotStarted", containers_not_started},
    Rule{"DM823", "OutOfMemory", out_of_memory},
    Rule{"DM802", "PodEvicted", pods_evicted},
    Rule{"DM826", "LivenessFailing", liveness_failing},
    Rule{"DM827", "StartupFailing", startup_failing, open, passing},
    Rule{"DM824", "InitContainerFailing", init_containers_failing},
    Rule{"DM833", "SidecarFailing", sidecars_failing},
    Rule{"DM820", "CrashLoop", crash_loops},
    Rule{"DM857", "HookFailed", hooks_failed, hopeless},
    Rule{"DM858", "JobTooSlow", jobs_too_slow, hopeless},
    Rule{"DM856", "JobFailed", jobs_failed, hopeless},
    Rule{"DM835", "PeriodicJobFailed", periodic_jobs_failed},
    Rule{"DM830", "ContainerFailed", containers_failed},

    Rule{"DM825", "ReadinessFailing", readiness_failing, open, passing},
    Rule{"DM834", "SidecarKeepsJob", sidecars_keep_jobs, open, passing},
    Rule{"DM848", "LoadBalancerPending", load_balancers_pending, open, passing},
    Rule{"DM806", "ReleaseFailed", releases_failed, open, passing},
};

}  // namespace

std::span<const Rule> all_rules() {
  return kRules;
}

}  // namespace datamill::diagnose
