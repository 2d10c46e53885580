#include "datamill/diagnose/readiness.hpp"

#include "datamill/diagnose/findings.hpp"
#include "datamill/support/text.hpp"
#include "diagnose/objects.hpp"
#include "diagnose/readiness_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::diagnose {

namespace {

using domain::ObjectRef;
using support::Node;

constexpr std::size_t kNamed = 3;
constexpr std::array<std::string_view, 4> kWithPods{"Deployment", "StatefulSet", "DaemonSet", "Job"};

Scope scope_of(const ObjectRef& object) {
  Scope scope;
  if (object.kind == "Release")
    scope.holdings.releases.push_back({.ns = object.ns, .name = object.name});
  else
    scope.holdings.objects.push_back(object);
  if (!object.ns.empty()) scope.namespaces.push_back(object.ns);
  return scope;
}

std::string listed(const std::vector<std::string>& texts) {
  const auto shown = std::min(texts.size(), kNamed);
  auto text = support::join({texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(shown)}, ", ");
  return texts.size() > shown ? fmt::format("{} and {} more", text, texts.size() - shown) : text;
}

std::string words(const Node& object) {
  return fmt::format("{} {}", lower(object.text_at("kind")), name_of(object));
}

/// Everything that belongs together, summed up.
class Sum {
public:
  Sum(const World& world, const ObjectRef& object) {
    for (const auto* part : objects_of(world, scope_of(object)))
      take(world, *part);
  }

  [[nodiscard]] bool empty() const { return parts_ == 0; }
  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] bool tells_of_pods() const { return wanted_ > there_ || !pods_.empty(); }

  [[nodiscard]] std::string text() const {
    std::vector<std::string> texts;
    if (tells_of_pods()) {
      const auto wanted = std::max(wanted_, pods_there_ + static_cast<int>(pods_.size()));
      const auto there = wanted_ > 0 ? there_ : pods_there_;
      texts.push_back(fmt::format("{} of {} pods{}{}", there, wanted, pods_.empty() ? "" : ": ", listed(pods_)));
    }
    texts.insert(texts.end(), others_.begin(), others_.end());
    return support::join(texts, "; ");
  }

private:
  void take(const World& world, const Node& part) {
    const auto kind = part.text_at("kind");
    const auto progress = progress_of(world, part);
    if (!progress || kind == "Node" || kind == "Namespace") return;
    if (kind == "Job" && is_owned_by(part, "CronJob")) return;
    ++parts_;
    if (kind == "Pod") return take_pod(part);
    ready_ = ready_ && progress->ready;
    wanted_ += progress->wanted;
    there_ += progress->there;
    if (!progress->ready && !progress->text.empty())
      others_.push_back(fmt::format("{} {}", words(part), progress->text));
  }

  /// Pods tell why; whether enough of them are ready is what their controllers know.
  void take_pod(const Node& pod) {
    if (is_being_deleted(pod)) return;
    auto state = pod_state(pod);
    const auto controlled = !items_at(pod, {"metadata", "ownerReferences"}).empty();
    if (state.empty()) {
      if (!is_owned_by(pod, "Job")) ++pods_there_;
      return;
    }
    // A Job makes new pods for those that fail, and says itself when it gives up.
    if (is_owned_by(pod, "Job") && (text_at(pod, {"status", "phase"}) == "Failed" || state == "not ready")) return;
    if (!controlled) ready_ = false;
    pods_.push_back(fmt::format("{} {}", name_of(pod), state));
  }

  std::size_t parts_ = 0;
  bool ready_ = true;
  int wanted_ = 0;
  int there_ = 0;
  int pods_there_ = 0;
  std::vector<std::string> pods_{};    ///< that are not ready, with their states
  std::vector<std::string> others_{};  ///< what else is not ready
};

bool knows_workloads(const World& world) {
  return world.knows("Pod") &&
         std::all_of(kWithPods.begin(), kWithPods.end(), [&](std::string_view kind) { return world.knows(kind); });
}

Readiness release_gone(const World& world, const ObjectRef& release) {
  std::vector<std::string> left;
  for (const auto* part : objects_of(world, scope_of(release))) {
    const auto kind = part->text_at("kind");
    if (kind == "Pod" || std::find(kWithPods.begin(), kWithPods.end(), kind) != kWithPods.end())
      left.push_back(words(*part));
  }
  return {.ready = left.empty(), .text = left.empty() ? std::string{} : "still there: " + listed(left)};
}

Readiness judge_release(const World& world, const ObjectRef& release, std::string_view condition) {
  if (!knows_workloads(world) || (!condition.empty() && condition != "delete")) return {};
  if (condition == "delete") return release_gone(world, release);
  const Sum sum(world, release);
  // Nothing yet, or nothing that has to become ready: that looks the same.
  if (sum.empty()) return {};
  return {.ready = sum.ready(), .text = sum.ready() ? std::string{} : sum.text()};
}

Readiness judge_by_kind(const World& world, const Node& object) {
  if (const auto progress = progress_of(world, object)) return {.ready = progress->ready, .text = progress->text};
  for (const std::string_view type : {"Ready", "Available"}) {
    if (condition(object, type) != nullptr) return judge_condition(object, fmt::format("condition={}", type));
  }
  return {};
}

}  // namespace

Readiness judge(const World& world, const ObjectRef& object, std::string_view condition) {
  if (object.kind == "Release") return judge_release(world, object, condition);
  const auto* found = world.find(object.kind, {.ns = object.ns, .name = object.name});
  // Absent, and nobody knows whether that says anything.
  if (found == nullptr && !world.knows(object.kind)) return {};
  if (condition == "delete" && found != nullptr) return {.ready = false, .text = "still there"};
  if (condition == "delete") return {.ready = true};
  if (found == nullptr) return {.ready = false, .text = "not there yet"};
  auto readiness = condition.empty() ? judge_by_kind(world, *found) : judge_condition(*found, condition);
  if (readiness.ready.value_or(true) || object.kind == "Pod") return readiness;
  if (object.kind == "Job" && condition_is(*found, "Failed", "True")) return readiness;
  // Its pods say more than it does.
  if (const Sum sum(world, object); sum.tells_of_pods()) readiness.text = sum.text();
  return readiness;
}

}  // namespace datamill::diagnose
