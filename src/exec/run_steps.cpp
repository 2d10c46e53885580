#include "exec/in_process.hpp"
#include "exec/run.hpp"

#include "datamill/support/overloaded.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::exec {
namespace {

using support::Failure;

/// How long a wait goes at least without being judged before its command is started instead.
constexpr std::chrono::seconds kBlindWait{5};
/// Of kubectl and helm while the cluster has passing trouble: 40 s in all.
constexpr int kTransientAttempts = 10;

FailedStep failed_by(const plan::Step& step, const Failure& failure) {
  FailedStep failed{.step = &step, .problem = failure.what()};
  if (!failure.diagnostics().items().empty()) {
    failed.problem = failure.diagnostics().items().front().message;
    failed.problem_hint = failure.diagnostics().items().front().hint;
  }
  return failed;
}

std::string executable_of(const command::Command& command, const ExecutorOptions& options) {
  const auto found = options.tool_paths.find(command.program);
  return found == options.tool_paths.end() ? command.program : found->second;
}

}  // namespace

void Run::start(plan::StepId id) {
  const plan::Step& step = plan_.steps[id];
  if (is_already_done(step)) {
    scheduler_.succeed(id);
    finish(id, StepStatus::already_done);
    return;
  }
  Live live{.step = &step, .started = runner_.now(), .deadline = runner_.now() + step.timeout};
  Live& placed = live_.emplace(id, std::move(live)).first->second;
  start_attempt(placed);
}

/// `live` may be gone afterwards: a step without a child ends here.
void Run::start_attempt(Live& live) {
  const plan::Step& step = *live.step;
  live.output = std::make_unique<OutputKeeper>(step);
  if (!is_observed(step)) return run_command(live);
  begin_to_observe();
  if (!observing_) return run_command(live);
  // What is ill now is not this step's doing: the observer takes note of it.
  if (!step.only_waits) (void)options_.observer->look(step);
  if (!step.only_waits) return run_command(live);
  emit(StepStarted{.step = step.id, .command = shown_command(step), .attempt = live.attempt});
  live.phase = Phase::watching;
  live.next = runner_.now() + kBlindWait;
  (void)options_.observer->take();
  look(live);
}

/// `live` may be gone afterwards: a step without a child ends here.
void Run::run_command(Live& live) {
  const plan::Step& step = *live.step;
  if (std::exchange(live.must_recover, false)) return recover(live);
  const bool told = live.phase == Phase::watching;
  live.phase = Phase::running;
  if (!told) emit(StepStarted{.step = step.id, .command = shown_command(step), .attempt = live.attempt});
  try {
    if (const auto* create = std::get_if<plan::CreateSecret>(&step.action)) make_values(*create, secrets_);
    if (const auto* command = plan::command_of(step)) {
      runner_.start(step.id, command::CommandResolver::resolve(*command, executable_of(*command, options_), secrets_));
      return;
    }
    do_in_process(step);
    scheduler_.succeed(step.id);
    finish(step.id, StepStatus::done);
  } catch (const Failure& failure) {
    fail(step.id, failed_by(step, failure));
  }
}

/// What comes of it shows the next attempt.
void Run::recover(Live& live) {
  const auto& command = *live.step->retry.recover;
  live.phase = Phase::running;
  live.recovering = true;
  emit(StepOutput{.step = live.step->id, .text = "$ " + command::to_shell(command, {.with_stdin = false})});
  try {
    runner_.start(live.step->id,
                  command::CommandResolver::resolve(command, executable_of(command, options_), secrets_));
  } catch (const Failure& failure) {
    fail(live.step->id, failed_by(*live.step, failure));
  }
}

void Run::do_in_process(const plan::Step& step) {
  const auto starts_a_child = []() { throw std::logic_error{"a step with a command was taken for one without"}; };
  std::visit(support::Overloaded{
                 [&](const plan::RunCommand&) { starts_a_child(); },
                 [&](const plan::CreateSecret&) { starts_a_child(); },
                 [&](const plan::ReadSecret&) { starts_a_child(); },
                 [&](const plan::WriteFile& file) { write_file(file, secrets_); },
                 [&](const plan::RemovePath& path) { remove_path(path); },
                 [&](const plan::Say& say) { emit(StepOutput{.step = step.id, .text = say.text}); },
             },
             step.action);
}

void Run::child_ended(Live& live, const proc::Outcome& outcome) {
  const plan::Step& step = *live.step;
  if (std::exchange(live.recovering, false) && live.reason == StopReason::none) {
    live.output = std::make_unique<OutputKeeper>(step);
    return run_command(live);
  }
  const bool exited = std::holds_alternative<proc::Exited>(outcome);
  if (proc::succeeded(outcome) || (exited && (live.output->said_ok() || was_created_before(live)))) {
    try {
      if (proc::succeeded(outcome)) take_results(live);
    } catch (const Failure& failure) {
      fail(step.id, failed_by(step, failure));
      return;
    }
    scheduler_.succeed(step.id);
    finish(step.id, StepStatus::done);
    return;
  }
  if (cancels(live.reason)) {
    (void)scheduler_.fail(step.id);
    finish(step.id, StepStatus::cancelled,
           live.phase == Phase::killed ? "killed: it did not end when it was asked to" : "");
    return;
  }
  if (try_again(live, outcome)) return;
  const bool lost = live.reason == StopReason::none && !step.component.empty() && !sees_cluster() &&
                    live.output->transient() == Transient::unreachable;
  if (is_observed(step)) observe_last(live);
  fail(step.id, {.step = &step,
                 .outcome = outcome_after_stop(live, outcome),
                 .last_lines = live.output->last_lines(),
                 .attempts = live.attempt});
  if (lost) lose_cluster(step.title);
}

/// An attempt whose answer was lost may have made the Secret all the same: its values are those of this run.
bool Run::was_created_before(const Live& live) {
  return live.left_half_done && std::holds_alternative<plan::CreateSecret>(live.step->action) &&
         live.output->said("AlreadyExists");
}

/// What a tool could not reach need not be the cluster: a webhook, a registry of charts.
bool Run::sees_cluster() const {
  return observing_ && options_.observer->answers();
}

Elapsed Run::pause_before_next(const Live& live) const {
  constexpr Elapsed kLongestDelay{8000};
  Elapsed delay = std::min(live.step->retry.first_delay, kLongestDelay);
  for (int attempt = 1; attempt < live.attempt && delay < kLongestDelay; ++attempt)
    delay = std::min(delay * 2, kLongestDelay);
  const double jitter = options_.jitter ? options_.jitter() : 0.0;
  return delay + Elapsed{static_cast<Elapsed::rep>(static_cast<double>(delay.count()) / 4 * jitter)};
}

/// True where the step now waits for another attempt.
bool Run::try_again(Live& live, const proc::Outcome& outcome) {
  const plan::Retry& retry = live.step->retry;
  const bool transient = live.output->transient() != Transient::no;
  const int attempts = transient ? std::max(retry.attempts, kTransientAttempts) : retry.attempts;
  // Who is refused by what somebody else does has left nothing half done himself.
  const bool refused = retry.recover && live.output->said(retry.recover_when);
  live.must_recover = live.left_half_done && refused;
  live.left_half_done = live.left_half_done || (transient && !refused);
  const bool may = live.reason == StopReason::none && !std::holds_alternative<proc::NotStarted>(outcome) &&
                   live.attempt < attempts && (transient || live.output->said_retry());
  if (!may) return false;
  const Elapsed delay = pause_before_next(live);
  live.next = runner_.now() + delay;
  if (live.next >= live.deadline) return false;
  live.phase = Phase::waiting;
  ++result_.summary.retries;
  std::string reason = live.output->why();
  if (reason.empty()) reason = proc::to_text(outcome);
  emit(StepRetried{.step = live.step->id, .attempt = live.attempt, .reason = reason, .delay = delay});
  return true;
}

void Run::take_results(const Live& live) {
  const plan::Step& step = *live.step;
  const std::string& text = live.output->result();
  if (const auto* read = std::get_if<plan::ReadSecret>(&step.action)) {
    secrets_.learn_secret_json(read->ns, read->name, text);
  }
  const auto* run = std::get_if<plan::RunCommand>(&step.action);
  if (run == nullptr) return;
  if (!run->output.empty()) {
    const std::string value = value_from_output(run->output, text);
    secrets_.put_output(run->output, value);
    result_.outputs[run->output] = value;
  }
  if (step.effect == plan::Effect::read && !run->command.sensitive_output) {
    result_.outputs["stdout:" + step.title] = text;
  }
}

/// Ends a step that succeeded, was left out or was cancelled.
void Run::finish(plan::StepId id, StepStatus status, const std::string& because) {
  Elapsed taken{};
  if (const auto found = live_.find(id); found != live_.end()) {
    taken = std::chrono::duration_cast<Elapsed>(runner_.now() - found->second.started);
    live_.erase(found);
  }
  result_.summary.step_elapsed[id] = taken;
  result_.summary.step_status[id] = status;
  emit(StepFinished{.step = id, .status = status, .elapsed = taken, .because = because});
}

void Run::fail(plan::StepId id, FailedStep failed) {
  if (const auto found = live_.find(id); found != live_.end()) {
    failed.findings = found->second.findings;
    failed.hopeless = failed.hopeless || found->second.reason == StopReason::hopeless;
  }
  std::vector<plan::StepId> left_out = scheduler_.fail(id);
  if (options_.fail_fast) {
    start_no_more_ = true;
    const auto others = scheduler_.drop_pending();
    left_out.insert(left_out.end(), others.begin(), others.end());
  }
  for (const plan::StepId skipped : left_out)
    failed.skipped.push_back(plan_.steps[skipped].title);
  FailureReport report = make_report(failed, options_);
  finish(id, StepStatus::failed);
  result_.failures.push_back(report);
  emit(StepFailed{.report = std::move(report)});
  skip(left_out, plan_.steps[id].title);
}

/// Each of the steps that are left would find it gone, one after another.
void Run::lose_cluster(const std::string& title) {
  result_.cluster_lost = true;
  start_no_more_ = true;
  skip(scheduler_.drop_pending(), title);
}

void Run::skip(const std::vector<plan::StepId>& steps, const std::string& because) {
  for (const plan::StepId id : steps)
    finish(id, StepStatus::skipped, because);
}

void Run::cancel(const std::vector<plan::StepId>& steps) {
  for (const plan::StepId id : steps)
    finish(id, StepStatus::cancelled);
}

}  // namespace datamill::exec
