// What "ready" means for Kubernetes' own kinds.
#include "diagnose/objects.hpp"
#include "diagnose/readiness_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::diagnose {

namespace {

using support::Node;

int number(const Node& object, Path path, int otherwise = 0) {
  return number_at(object, path).value_or(otherwise);
}

bool is_seen(const Node& object) {
  return number(object, {"status", "observedGeneration"}) >= number(object, {"metadata", "generation"});
}

constexpr auto kUnseen = "is not seen by its controller yet";

/// kubectl rollout status: deployment.
Progress deployment(const World& /*world*/, const Node& object) {
  Progress progress{.wanted = number(object, {"spec", "replicas"}, 1),
                    .there = number(object, {"status", "availableReplicas"})};
  const int updated = number(object, {"status", "updatedReplicas"});
  const int all = number(object, {"status", "replicas"});
  if (!is_seen(object)) {
    progress.text = kUnseen;
  } else if (const Node* progressing = condition(object, "Progressing");
             progressing != nullptr && progressing->text_at("reason") == "ProgressDeadlineExceeded") {
    progress.text = "makes no progress (ProgressDeadlineExceeded)";
  } else if (updated < progress.wanted) {
    progress.text = fmt::format("has {} of {} pods of the new version", updated, progress.wanted);
  } else if (all > updated) {
    progress.text = fmt::format("has {} pods of the old version left", all - updated);
  }
  progress.there = std::min(progress.there, progress.wanted);
  progress.ready = progress.text.empty() && progress.there >= progress.wanted;
  return progress;
}

bool updates_by_hand(const Node& object) {
  return text_at(object, {"spec", "updateStrategy", "type"}) == "OnDelete";
}

/// kubectl rollout status: statefulset.
Progress stateful_set(const World& /*world*/, const Node& object) {
  Progress progress{.wanted = number(object, {"spec", "replicas"}, 1),
                    .there = number(object, {"status", "readyReplicas"})};
  const int kept = number(object, {"spec", "updateStrategy", "rollingUpdate", "partition"});
  const int updated = number(object, {"status", "updatedReplicas"});
  if (!is_seen(object)) {
    progress.text = kUnseen;
  } else if (!updates_by_hand(object) && updated < progress.wanted - kept) {
    progress.text = fmt::format("has {} of {} pods of the new version", updated, progress.wanted - kept);
  }
  progress.there = std::min(progress.there, progress.wanted);
  progress.ready = progress.text.empty() && progress.there >= progress.wanted;
  return progress;
}

/// kubectl rollout status: daemonset.
Progress daemon_set(const World& /*world*/, const Node& object) {
  Progress progress{.wanted = number(object, {"status", "desiredNumberScheduled"}),
                    .there = number(object, {"status", "numberAvailable"})};
  const int updated = number(object, {"status", "updatedNumberScheduled"});
  if (!is_seen(object)) {
    progress.text = kUnseen;
  } else if (!updates_by_hand(object) && updated < progress.wanted) {
    progress.text = fmt::format("has {} of {} pods of the new version", updated, progress.wanted);
  }
  progress.there = std::min(progress.there, progress.wanted);
  progress.ready = progress.text.empty() && progress.there >= progress.wanted;
  return progress;
}

Progress job(const World& /*world*/, const Node& object) {
  if (condition_is(object, "Complete", "True")) return {.ready = true};
  if (condition_is(object, "Failed", "True"))
    return {.text = fmt::format("failed ({})", condition(object, "Failed")->text_at("reason"))};
  if (condition_is(object, "Suspended", "True")) return {.text = "suspended"};
  const int failed = number(object, {"status", "failed"});
  return {.text = failed == 0 ? "running" : fmt::format("running, {} of its pods failed", failed)};
}

Progress pod(const World& /*world*/, const Node& object) {
  auto state = pod_state(object);
  const bool ready = state.empty();
  return {.ready = ready, .wanted = 1, .there = ready ? 1 : 0, .text = std::move(state)};
}

bool mounts(const Node& pod, std::string_view claim) {
  const auto& volumes = items_at(pod, {"spec", "volumes"});
  return std::any_of(volumes.begin(), volumes.end(), [&](const Node& volume) {
    return text_at(volume, {"persistentVolumeClaim", "claimName"}) == claim;
  });
}

/// Whether nothing is wrong with a claim that is not bound: its class waits for a pod, and there is none.
bool waits_for_its_first_pod(const World& world, const Node& claim) {
  const auto* storage =
      world.find("StorageClass", {.ns = {}, .name = std::string(text_at(claim, {"spec", "storageClassName"}))});
  const auto waits = storage != nullptr && storage->text_at("volumeBindingMode") == "WaitForFirstConsumer";
  const auto& pods = world.of("Pod");
  return waits && world.knows("Pod") && std::none_of(pods.begin(), pods.end(), [&](const auto& entry) {
           return entry.first.ns == namespace_of(claim) && mounts(entry.second, name_of(claim));
         });
}

Progress claim(const World& world, const Node& object) {
  const auto phase = text_at(object, {"status", "phase"});
  if (phase == "Bound" || waits_for_its_first_pod(world, object)) return {.ready = true};
  return {.text = phase.empty() ? "Pending" : std::string(phase)};
}

Progress service(const World& /*world*/, const Node& object) {
  if (text_at(object, {"spec", "type"}) != "LoadBalancer" || !items_at(object, {"spec", "externalIPs"}).empty() ||
      !items_at(object, {"status", "loadBalancer", "ingress"}).empty())
    return {.ready = true};
  return {.text = "has no address yet"};
}

Progress definition(const World& /*world*/, const Node& object) {
  if (condition_is(object, "Established", "True")) return {.ready = true};
  if (condition_is(object, "NamesAccepted", "False"))
    return {.text =
                fmt::format("has names that are taken ({})", condition(object, "NamesAccepted")->text_at("reason"))};
  return {.text = "not established yet"};
}

Progress node(const World& /*world*/, const Node& object) {
  if (condition_is(object, "Ready", "True")) return {.ready = true};
  return {.text = "not ready"};
}

Progress space(const World& /*world*/, const Node& object) {
  const auto phase = text_at(object, {"status", "phase"});
  return {.ready = phase == "Active", .text = phase == "Active" ? std::string{} : std::string(phase)};
}

struct Meaning {
  std::string_view kind{};
  Progress (*judge)(const World&, const Node&) = nullptr;
};
constexpr std::array kMeanings{
    Meaning{"Deployment", &deployment},
    Meaning{"StatefulSet", &stateful_set},
    Meaning{"DaemonSet", &daemon_set},
    Meaning{"Job", &job},
    Meaning{"Pod", &pod},
    Meaning{"PersistentVolumeClaim", &claim},
    Meaning{"Service", &service},
    Meaning{"CustomResourceDefinition", &definition},
    Meaning{"Node", &node},
    Meaning{"Namespace", &space},
};

}  // namespace

std::optional<Progress> progress_of(const World& world, const Node& object) {
  const auto kind = object.text_at("kind");
  const auto known =
      std::find_if(kMeanings.begin(), kMeanings.end(), [&](const Meaning& meaning) { return meaning.kind == kind; });
  if (known == kMeanings.end()) return std::nullopt;
  return known->judge(world, object);
}

}  // namespace datamill::diagnose
