#include "exec/run.hpp"

#include "datamill/plan/schedule.hpp"
#include "datamill/support/overloaded.hpp"

#include <algorithm>

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;
constexpr auto kHeartbeat = 30s;
constexpr auto kTick = 100ms;
constexpr auto kLookForLoss = 5s;

}  // namespace

Run::Run(proc::Runner& runner, EventSink& sink, SecretStore& secrets, const ExecutorOptions& options,
         const plan::Plan& plan)
    : runner_(runner), sink_(sink), secrets_(secrets), options_(options), plan_(plan), scheduler_(plan) {
  started_ = last_change_ = last_tick_ = runner.now();
  if (options.recurring) recur_due_ = started_ + options.recurring->every;
  if (options.timeout) run_deadline_ = started_ + *options.timeout;
  result_.summary.step_elapsed.resize(plan.steps.size());
  result_.summary.step_status.resize(plan.steps.size(), StepStatus::skipped);
}

RunResult Run::walk() {
  emit(RunStarted{.plan = &plan_,
                  .run_id = options_.run_id,
                  .log_directory = options_.log_directory,
                  .expected = plan::make_schedule(plan_, options_.parallelism).total});
  while (turn()) {
  }
  end_to_observe();
  end_recurring();
  const auto count = [&](StepStatus status) {
    const auto& statuses = result_.summary.step_status;
    return static_cast<std::size_t>(std::count(statuses.begin(), statuses.end(), status));
  };
  result_.summary.elapsed = elapsed();
  result_.summary.done = count(StepStatus::done);
  result_.summary.already_done = count(StepStatus::already_done);
  result_.summary.failed = count(StepStatus::failed);
  result_.summary.skipped = count(StepStatus::skipped);
  result_.summary.cancelled = count(StepStatus::cancelled);
  result_.summary.cluster_lost = result_.cluster_lost;
  result_.summary.lock_lost = result_.lock_lost;
  if (!result_.ok()) result_.summary.go_on = options_.retry_hint;
  emit(result_.summary);
  return std::move(result_);
}

/// Starts what may start, then handles exactly one event. False where nothing runs any more.
bool Run::turn() {
  while (!start_no_more_ && places_taken() < std::max<std::size_t>(options_.parallelism, 1)) {
    const auto id = scheduler_.take_ready();
    if (!id) break;
    start(*id);
  }
  if (live_.empty()) return false;
  handle(runner_.wait(next_deadline()));
  handle_due();
  beat();
  return true;
}

std::optional<Time> Run::next_deadline() const {
  std::optional<Time> next;
  const auto consider = [&](Time time) { next = next ? std::min(*next, time) : time; };
  for (const auto& [id, live] : live_) {
    const bool limited = live.phase == Phase::running || live.phase == Phase::watching;
    if (limited) consider(live.deadline);
    if (live.phase != Phase::running && live.phase != Phase::killed) consider(live.next);
  }
  if (companion_due_) consider(*companion_due_);
  if (recur_due_) consider(*recur_due_);
  if (observing_ && seen_) consider(runner_.now() + kLookForLoss);
  if (run_deadline_ && !result_.summary.timed_out && result_.summary.signal == 0) consider(*run_deadline_);
  consider(last_change_ + kHeartbeat);
  if (sink_.animated()) consider(last_tick_ + kTick);
  return next;
}

void Run::handle(const proc::RunnerEvent& event) {
  std::visit(support::Overloaded{
                 [&](const proc::OutputLine& line) {
                   if (line.child == kRecurring) return recurring_said(line.text);
                   const auto found = live_.find(line.child);
                   if (found == live_.end()) return;
                   if (auto text = found->second.output->take(line, secrets_.redactor())) {
                     emit(StepOutput{.step = line.child, .stream = line.stream, .text = std::move(*text)});
                   }
                 },
                 [&](const proc::ChildEnded& ended) {
                   if (ended.child == kCompanion) return companion_ended();
                   if (ended.child == kRecurring) return recurring_ended(ended.outcome);
                   const auto found = live_.find(ended.child);
                   if (found != live_.end()) child_ended(found->second, ended.outcome);
                 },
                 [](const proc::DeadlineReached&) {},
                 [&](const proc::Interrupted& interrupt) { interrupted(interrupt.signal); },
                 [&](const proc::Readable&) { observe(); },
                 [&](const proc::Resumed& resumed) {
                   forgive(resumed.paused);
                   emit(RunResumed{.paused = resumed.paused});
                 },
             },
             event);
}

void Run::handle_due() {
  if (companion_due_ && runner_.now() >= *companion_due_) start_companion();
  look_for_loss();
  if (recur_due_ && runner_.now() >= *recur_due_) recur();
  if (run_deadline_ && runner_.now() >= *run_deadline_ && !result_.summary.timed_out && result_.summary.signal == 0) {
    result_.summary.timed_out = true;
    stop_run(StopReason::run_limit);
  }
  for (const plan::StepId id : live_ids()) {
    if (const auto found = live_.find(id); found != live_.end()) handle_due(found->second);
  }
}

void Run::handle_due(Live& live) {
  const Time now = runner_.now();
  if (live.phase == Phase::watching && now >= live.deadline) {
    return fail(live.step->id, {.step = live.step, .outcome = proc::TimedOut{.after = live.step->timeout}});
  }
  if (live.phase == Phase::watching && now >= live.next) return look_again(live);
  if (live.phase == Phase::running && now >= live.deadline) begin_stop(live, StopReason::step_limit);
  if (live.phase == Phase::stopping && now >= live.next) kill(live);
  if (live.phase == Phase::waiting && now >= live.next) {
    ++live.attempt;
    start_attempt(live);
  }
}

/// Time in which we were stopped counts for nothing.
void Run::forgive(std::chrono::milliseconds paused) {
  for (auto& [id, live] : live_) {
    live.started += paused;
    live.deadline += paused;
    live.next += paused;
  }
  started_ += paused;
  last_change_ += paused;
  if (run_deadline_) *run_deadline_ += paused;
}

/// A step that waits for another attempt keeps its place: where the cluster is in trouble, more steps are no help.
std::size_t Run::places_taken() const {
  return static_cast<std::size_t>(std::count_if(
      live_.begin(), live_.end(), [](const auto& entry) { return entry.second.phase != Phase::watching; }));
}

void Run::beat() {
  const Time now = runner_.now();
  if (!live_.empty() && now - last_change_ >= kHeartbeat) emit(Heartbeat{.running = live_ids(), .elapsed = elapsed()});
  if (sink_.animated() && now - last_tick_ >= kTick) {
    last_tick_ = now;
    sink_.tick(elapsed());
  }
}

void Run::emit(const Event& event) {
  if (!std::holds_alternative<StepOutput>(event)) last_change_ = runner_.now();
  sink_.on(event);
}

Elapsed Run::elapsed() const {
  return std::chrono::duration_cast<Elapsed>(runner_.now() - started_);
}

std::vector<plan::StepId> Run::live_ids() const {
  std::vector<plan::StepId> ids;
  for (const auto& [id, live] : live_)
    ids.push_back(id);
  return ids;
}

}  // namespace datamill::exec
