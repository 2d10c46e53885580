#include "diagnose/case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace datamill::diagnose {

using support::Node;

namespace {

/// Kinds whose objects can belong to a component; owners before what they own.
constexpr std::array<std::string_view, 10> kOwned{"Deployment",
                                                  "StatefulSet",
                                                  "DaemonSet",
                                                  "ReplicaSet",
                                                  "CronJob",
                                                  "Job",
                                                  "Pod",
                                                  "Service",
                                                  "PersistentVolumeClaim",
                                                  "CustomResourceDefinition"};
constexpr std::size_t kDeepest = 6;  ///< of a chain of owners

domain::OwnershipMarks marks_of(const Node& object) {
  domain::OwnershipMarks marks{.object = ref_of(object),
                               .release = std::string(annotation(object, "meta.helm.sh/release-name")),
                               .release_ns = std::string(annotation(object, "meta.helm.sh/release-namespace"))};
  for (const auto* key : {"app.kubernetes.io/instance", "release"}) {
    if (const auto value = label(object, key); !value.empty()) marks.labels.emplace_back(value);
  }
  for (const auto& owner : items_at(object, {"metadata", "ownerReferences"}))
    marks.owners.push_back(fmt::format("{}/{}", owner.text_at("kind"), owner.text_at("name")));
  return marks;
}

std::string event_key(std::string_view kind, std::string_view ns, std::string_view name) {
  return fmt::format("{}\n{}\n{}", kind, ns, name);
}

/// events.k8s.io and core/v1 events have different fields for it (kubernetes API: Event).
std::string_view time_of(const Node& event) {
  if (const auto time = text_at(event, {"series", "lastObservedTime"}); !time.empty()) return time;
  if (const auto time = text_at(event, {"lastTimestamp"}); !time.empty()) return time;
  if (const auto time = text_at(event, {"eventTime"}); !time.empty()) return time;
  return text_at(event, {"metadata", "creationTimestamp"});
}

/// An earlier object of the same name has another UID.
bool is_about(const Node& event, const Node& object) {
  const auto uid = text_at(event, {"involvedObject", "uid"});
  const auto own = text_at(object, {"metadata", "uid"});
  return uid.empty() || own.empty() || uid == own;
}

}  // namespace

Case::Case(const World& world, const Scope& scope) : world_(world), scope_(scope) {
  collect_members();
  collect_events();
  for (const auto* pod : of("Pod")) {
    if (!is_being_deleted(*pod) && text_at(*pod, {"status", "phase"}) != "Succeeded" && !is_leftover(*pod))
      pods_.push_back(pod);
  }
}

void Case::collect_members() {
  Objects candidates;
  std::vector<domain::OwnershipMarks> marks;
  for (const auto kind : kOwned) {
    for (const auto& entry : world_.of(kind)) {
      candidates.push_back(&entry.second);
      marks.push_back(marks_of(entry.second));
    }
  }
  const auto belongs = domain::belonging(marks, scope_.holdings);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (belongs[i]) members_[marks[i].object.kind].push_back(candidates[i]);
  }
}

void Case::collect_events() {
  for (const auto& entry : world_.of("Event")) {
    const auto& event = entry.second;
    events_[event_key(text_at(event, {"involvedObject", "kind"}), text_at(event, {"involvedObject", "namespace"}),
                      text_at(event, {"involvedObject", "name"}))]
        .push_back(&event);
  }
  for (auto& [key, list] : events_)
    std::stable_sort(list.begin(), list.end(), [](const Node* a, const Node* b) { return time_of(*a) < time_of(*b); });
}

const Objects& Case::of(std::string_view kind) const {
  static const Objects none{};
  const auto found = members_.find(kind);
  return found == members_.end() ? none : found->second;
}

Objects Case::all() const {
  Objects objects;
  for (const auto kind : kOwned) {
    const auto& some = of(kind);
    objects.insert(objects.end(), some.begin(), some.end());
  }
  return objects;
}

Objects Case::claims() const {
  auto claims = of("PersistentVolumeClaim");
  for (const auto* pod : pods_) {
    for (const auto& volume : items_at(*pod, {"spec", "volumes"})) {
      const auto name = text_at(volume, {"persistentVolumeClaim", "claimName"});
      const auto* claim =
          name.empty() ? nullptr
                       : world_.find("PersistentVolumeClaim", {.ns = namespace_of(*pod), .name = std::string(name)});
      if (claim != nullptr && std::find(claims.begin(), claims.end(), claim) == claims.end()) claims.push_back(claim);
    }
  }
  return claims;
}

Objects Case::pods_with_claim(const Node& claim) const {
  Objects found;
  const auto name = name_of(claim);
  const auto mounts = [&](const Node& volume) {
    return text_at(volume, {"persistentVolumeClaim", "claimName"}) == name;
  };
  for (const auto* pod : pods_) {
    const auto& volumes = items_at(*pod, {"spec", "volumes"});
    if (namespace_of(*pod) == namespace_of(claim) && std::any_of(volumes.begin(), volumes.end(), mounts))
      found.push_back(pod);
  }
  return found;
}

const Node* Case::controller(const Node& object) const {
  for (const auto& owner : items_at(object, {"metadata", "ownerReferences"})) {
    if (!is_true(owner, {"controller"})) continue;
    return world_.find(owner.text_at("kind"), {.ns = namespace_of(object), .name = std::string(owner.text_at("name"))});
  }
  return nullptr;
}

std::vector<domain::ObjectRef> Case::chain(const Node& object) const {
  std::vector<domain::ObjectRef> chain{ref_of(object)};
  for (const auto* next = controller(object); next != nullptr && chain.size() < kDeepest; next = controller(*next))
    chain.push_back(ref_of(*next));
  std::reverse(chain.begin(), chain.end());
  return chain;
}

Objects Case::events(const Node& object) const {
  const auto found = events_.find(event_key(object.text_at("kind"), namespace_of(object), name_of(object)));
  Objects list;
  if (found == events_.end()) return list;
  std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(list),
               [&](const Node* event) { return is_about(*event, object); });
  return list;
}

const Node* Case::warning(const Node& object, std::initializer_list<std::string_view> reasons) const {
  const Node* newest = nullptr;
  for (const auto* event : events(object)) {
    const auto reason = event->text_at("reason");
    const bool wanted = std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
    if (wanted && event->text_at("type") != "Normal") newest = event;
  }
  return newest;
}

/// Evicted and failed pods stay behind when others have taken their place.
bool Case::is_leftover(const Node& pod) const {
  if (text_at(pod, {"status", "phase"}) != "Failed") return false;
  const auto* owner = controller(pod);
  if (owner == nullptr) return false;
  if (owner->text_at("kind") == "Job") return condition_is(*owner, "Complete", "True");
  const auto wanted = number_at(*owner, {"spec", "replicas"});
  return wanted && number_at(*owner, {"status", "readyReplicas"}).value_or(0) >= *wanted;
}

domain::Finding about(const Case& rules, const Node& object) {
  return {.chain = rules.chain(object)};
}

std::string event_text(const Node& event) {
  return one_line(fmt::format("{} {}: {}", event.text_at("type"), event.text_at("reason"), event.text_at("message")));
}

}  // namespace datamill::diagnose
