#include "watch/step_look.hpp"

#include "datamill/diagnose/readiness.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl_lease.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::watch {

namespace {

using namespace std::chrono_literals;
using diagnose::World;
using domain::ObjectRef;
using support::Node;

/// So long a state that is normal while things start is no news.
constexpr auto kPassing = 20s;
constexpr std::size_t kNamed = 3;

World::Key key_of(const ObjectRef& object) {
  return {.ns = object.ns, .name = object.name};
}

/// One ill state of one object: its successor is another one.
std::string key_of(const domain::Finding& finding) {
  return fmt::format("{} {}", diagnose::identity(finding), finding.chain.empty() ? "" : finding.chain.back().name);
}

std::string words(const ObjectRef& object) {
  std::string kind = object.kind;
  std::transform(kind.begin(), kind.end(), kind.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return fmt::format("{} {}", kind, object.name);
}

std::string uid_of(const Node& object) {
  const auto* uid = object.find_path({"metadata", "uid"});
  return uid == nullptr ? "" : uid->scalar;
}

/// How often a container was started again: "" where that is not known.
std::string restarts_of(const World& world, const diagnose::LogKey& log) {
  const auto* pod = world.find("Pod", {.ns = log.ns, .name = log.pod});
  if (pod == nullptr) return {};
  for (const auto* list : {"containerStatuses", "initContainerStatuses"}) {
    const Node* statuses = pod->find_path({"status", list});
    if (statuses == nullptr) continue;
    for (const auto& status : statuses->items) {
      if (status.text_at("name") == log.container) return std::string(status.text_at("restartCount"));
    }
  }
  return {};
}

}  // namespace

StepLook::StepLook(const plan::Step& step) : only_waits_(step.only_waits) {
  std::set<std::string> namespaces;
  for (const auto& awaited : step.awaits) {
    const auto& object = awaited.object;
    Part part{.awaited = awaited};
    if (object.kind != "Release" && !is_watched_as_a_whole(object)) {
      part.feed = feed_of(object);
      part.watched = part.feed.has_value();
    }
    if (object.kind == "Release")
      scope_.holdings.releases.push_back({.ns = object.ns, .name = object.name});
    else
      scope_.holdings.objects.push_back(object);
    if (!object.ns.empty()) namespaces.insert(object.ns);
    if (object.kind == "Namespace") namespaces.insert(object.name);
    parts_.push_back(std::move(part));
  }
  scope_.namespaces.assign(namespaces.begin(), namespaces.end());
}

bool StepLook::is_asked_for(const Part& part) const {
  return only_waits_ && part.watched && part.awaited.object.kind != "Release";
}

void StepLook::start(const SeenWorld& seen, Watcher& watcher) {
  for (auto& part : parts_) {
    const auto& object = part.awaited.object;
    if (part.feed) watcher.follow(*part.feed);
    if (!is_asked_for(part)) continue;
    // What was seen until now may be of the time before the step's predecessors changed it.
    part.confirmations_before = seen.confirmations(object.kind, key_of(object)).count;
    watcher.confirm({.kind = object.kind, .api_version = object.api_version, .key = key_of(object)});
  }
}

std::optional<bool> StepLook::fulfilled(const SeenWorld& seen, const Part& part, std::optional<bool> ready) const {
  const auto& object = part.awaited.object;
  if (!part.watched) return std::nullopt;
  if (object.kind == "Release") return ready;
  if (seen.is_unreadable(object.kind)) return std::nullopt;
  const auto confirmations = seen.confirmations(object.kind, key_of(object));
  const bool asked = is_asked_for(part);
  if (asked && confirmations.count <= part.confirmations_before) return false;
  if (asked && !confirmations.answered) return std::nullopt;
  if (!ready && !seen.world().knows(object.kind)) return false;
  return ready;
}

exec::Observation StepLook::judge(const SeenWorld& seen) const {
  std::vector<std::string> texts;
  exec::Observation observation{.fulfilled = true};
  for (const auto& part : parts_) {
    const auto& object = part.awaited.object;
    const auto readiness = diagnose::judge(seen.world(), object, part.awaited.condition);
    const auto holds = fulfilled(seen, part, readiness.ready);
    if (!holds)
      observation.fulfilled = std::nullopt;
    else if (!*holds && observation.fulfilled)
      observation.fulfilled = false;
    if (readiness.text.empty()) continue;
    texts.push_back(parts_.size() == 1 ? readiness.text : fmt::format("{}: {}", words(object), readiness.text));
  }
  const auto more = texts.size() > kNamed ? fmt::format(" and {} more", texts.size() - kNamed) : std::string{};
  texts.resize(std::min(texts.size(), kNamed));
  observation.waits_for = support::join(texts, "; ") + more;
  return observation;
}

/// What was there when its kind was first seen, and was made before the step began: what the step has made since is new
/// even if the first answer came late.
void StepLook::take_note_of_old(const World& world) {
  for (const auto* kind :
       {"Pod", "Job", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "PersistentVolumeClaim"}) {
    if (!world.knows(kind) || !noted_.insert(kind).second) continue;
    for (const auto& [key, object] : world.of(kind)) {
      const Node* created = object.find_path({"metadata", "creationTimestamp"});
      const auto time = tools::parse_micro_time(created == nullptr ? "" : created->scalar);
      if (!time || *time < begun_) old_.emplace(std::pair(std::string(kind), key), uid_of(object));
    }
  }
}

/// A successor of the same name is another object.
bool StepLook::is_old(const World& world, const domain::Finding& finding) const {
  if (finding.chain.empty()) return false;
  const auto& object = finding.chain.back();
  const auto known = old_.find({object.kind, key_of(object)});
  if (known == old_.end()) return false;
  const auto* now = world.find(object.kind, key_of(object));
  return now == nullptr || uid_of(*now) == known->second;
}

/// Whether the step does nothing but wait for what is ill, and has seen its newest state.
bool StepLook::waits_for(const SeenWorld& seen, const domain::Finding& finding) const {
  return only_waits_ && std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) {
           const auto& object = part.awaited.object;
           if (is_asked_for(part) && seen.confirmations(object.kind, key_of(object)).count <= part.confirmations_before)
             return false;
           return std::any_of(finding.chain.begin(), finding.chain.end(), [&](const ObjectRef& link) {
             return link.kind == object.kind && key_of(link) == key_of(object);
           });
         });
}

/// Without states that are normal for some seconds, and without those that were there before the step: an upgrade is
/// about to replace what is ill. Asks to be looked at again when their time is over.
std::vector<domain::Finding> StepLook::lasting(const SeenWorld& seen, std::vector<domain::Finding> findings,
                                               Watcher* watcher) {
  const auto& world = seen.world();
  take_note_of_old(world);
  const auto now = Clock::now();
  std::map<std::string, Clock::time_point> present;
  std::vector<domain::Finding> told;
  for (auto& finding : findings) {
    const bool old = is_old(world, finding) && !waits_for(seen, finding);
    // What an earlier try left may go when this step gets to it: a hook's Job, pods of the last revision.
    if (old) finding.hopeless = false;
    if (old || diagnose::is_passing(finding.code)) {
      const auto identity = key_of(finding);
      const auto known = first_seen_.find(identity);
      const auto since = known == first_seen_.end() ? now : known->second;
      present.emplace(identity, since);
      if (known == first_seen_.end() && watcher != nullptr) watcher->remind(since + kPassing);
      if (now - since < kPassing) continue;
    }
    told.push_back(std::move(finding));
  }
  first_seen_ = std::move(present);
  return told;
}

void StepLook::read_logs(const SeenWorld& seen, Watcher& watcher) {
  for (const auto& log : diagnose::wanted_logs(seen.world(), scope_)) {
    auto restarts = restarts_of(seen.world(), log);
    const auto known = logs_.find(log);
    if (known != logs_.end() && known->second == restarts) continue;
    logs_[log] = std::move(restarts);
    watcher.read_log(log);
  }
}

exec::Observation StepLook::look(const SeenWorld& seen, Watcher* watcher) {
  if (last_ && state_ == seen.state()) return *last_;
  state_ = seen.state();
  auto observation = judge(seen);
  observation.findings = lasting(seen, diagnose::find(seen.world(), scope_), watcher);
  if (watcher != nullptr) read_logs(seen, *watcher);
  last_ = std::move(observation);
  return *last_;
}

}  // namespace datamill::watch
