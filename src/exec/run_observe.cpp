#include "exec/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstPause = 100ms;
constexpr auto kLongestPause = 5s;
constexpr auto kCompanionGrace = 2s;
constexpr auto kLookAgain = 5s;
constexpr auto kTellLoss = 10s;
/// Longer than an API server takes to come back.
constexpr auto kLost = 45s;

/// One ill state of what owns the object: pods come and go, and the cluster's words for it change back and forth.
std::string key_of(const domain::Finding& finding) {
  const auto owner = finding.chain.empty() ? domain::ObjectRef{} : finding.chain.front();
  return fmt::format("{} {}/{}/{} {}", finding.code, owner.kind, owner.ns, owner.name, finding.container);
}

void scrub(domain::Finding& finding, const command::Redactor& redactor) {
  for (auto* text : {&finding.message, &finding.event, &finding.cause, &finding.next})
    *text = redactor.scrub(*text);
  for (auto& line : finding.last_log)
    line = redactor.scrub(line);
}

}  // namespace

bool Run::is_observed(const plan::Step& step) const {
  return options_.observer != nullptr && !step.awaits.empty();
}

/// Looking costs a process and some connections, so it begins with the first step that has something to look at.
void Run::begin_to_observe() {
  if (observing_ || blind_) return;
  observing_ = true;
  start_companion();
  options_.observer->begin();
  runner_.watch_descriptor(options_.observer->wake_descriptor());
}

void Run::start_companion() {
  companion_due_.reset();
  const auto companion = options_.observer->companion();
  if (!companion) return;
  companion_runs_ = true;
  runner_.start(kCompanion, *companion);
}

void Run::companion_ended() {
  companion_runs_ = false;
  if (!observing_) return;
  if (!seen_) return give_up_observing();
  companion_pause_ = companion_pause_ == 0ms ? std::chrono::milliseconds(kFirstPause)
                                             : std::min<std::chrono::milliseconds>(companion_pause_ * 2, kLongestPause);
  companion_due_ = runner_.now() + companion_pause_;
}

/// A companion that ends before anything was seen will not do better another time (a kubectl that lacks a flag, a login
/// helper that fails): steps are left to their commands.
void Run::give_up_observing() {
  blind_ = true;
  end_to_observe();
  for (const plan::StepId id : live_ids()) {
    if (const auto found = live_.find(id); found != live_.end() && found->second.phase == Phase::watching)
      run_command(found->second);
  }
}

/// Returns when the companion has ended: nothing of a run outlives it.
void Run::end_to_observe() {
  if (!observing_) return;
  observing_ = false;
  companion_due_.reset();
  runner_.watch_descriptor(-1);
  options_.observer->end();
  if (companion_runs_) runner_.signal(kCompanion, SIGTERM, true);
  auto deadline = std::optional(runner_.now() + kCompanionGrace);
  while (companion_runs_) {
    handle(runner_.wait(deadline));
    if (companion_runs_ && deadline && runner_.now() >= *deadline) {
      runner_.signal(kCompanion, SIGKILL, true);
      deadline.reset();
    }
  }
}

void Run::observe() {
  if (!observing_ || !options_.observer->take()) return;
  seen_ = true;
  companion_pause_ = 0ms;  // it works
  for (const plan::StepId id : live_ids()) {
    // Looking at one step may end it, and others with it.
    if (const auto found = live_.find(id); found != live_.end()) look(found->second);
  }
}

/// Helm waits for a cluster that is gone as it does for a pod: to its own limit, which may be many minutes.
void Run::look_for_loss() {
  if (!observing_ || !seen_ || start_no_more_) return;
  const auto since = options_.observer->lost_since();
  if (!since) {
    loss_told_ = false;
    return;
  }
  const auto silent = runner_.now() - *since;
  if (silent >= kTellLoss && !std::exchange(loss_told_, true)) {
    for (const plan::StepId id : live_ids())
      emit(StepWaiting{.step = id, .text = "the cluster does not answer"});
  }
  if (silent < kLost) return;
  result_.cluster_lost = true;
  stop_run(StopReason::cluster_lost);
}

void Run::look(Live& live) {
  if (!observing_ || !is_observed(*live.step) || (live.phase != Phase::running && live.phase != Phase::watching))
    return;
  tell(live, options_.observer->look(*live.step));
}

/// A wait that nobody can judge is left to its command. `live` may be gone afterwards.
void Run::look_again(Live& live) {
  if (!observing_) return run_command(live);
  (void)options_.observer->take();
  auto seen = options_.observer->look(*live.step);
  if (!seen.fulfilled) return run_command(live);
  live.next = runner_.now() + kLookAgain;
  tell(live, std::move(seen));
}

/// Before a step is said to have failed: what was seen of it up to its end.
void Run::observe_last(Live& live) {
  if (!observing_) return;
  (void)options_.observer->take();
  auto seen = options_.observer->look(*live.step);
  for (auto& finding : seen.findings)
    scrub(finding, secrets_.redactor());
  live.findings = std::move(seen.findings);
}

/// Tells what is new; ends a step whose wait is over, or without hope. `live` may be gone afterwards.
void Run::tell(Live& live, Observation seen) {
  const plan::StepId id = live.step->id;
  if (seen.waits_for != live.waits_for) {
    live.waits_for = secrets_.redactor().scrub(seen.waits_for);
    if (!live.waits_for.empty()) emit(StepWaiting{.step = id, .text = live.waits_for});
  }
  for (auto& finding : seen.findings) {
    scrub(finding, secrets_.redactor());
    if (live.told.insert(key_of(finding)).second) emit(FindingSeen{.step = id, .finding = finding});
  }
  live.findings = std::move(seen.findings);
  const bool hopeless = std::any_of(live.findings.begin(), live.findings.end(),
                                    [](const domain::Finding& finding) { return finding.hopeless; });
  if (live.phase == Phase::watching) {
    if (seen.fulfilled == true) {
      scheduler_.succeed(id);
      finish(id, StepStatus::done);
    } else if (hopeless) {
      fail(id, {.step = live.step, .outcome = outcome_after_stop(live, {}), .hopeless = true});
    }
    return;
  }
  if (hopeless) begin_stop(live, StopReason::hopeless);
}

}  // namespace datamill::exec
