#include "exec/run.hpp"

namespace datamill::exec {

void Run::interrupted(int signal) {
  const bool second = result_.summary.signal != 0;
  emit(Interrupting{.signal = signal, .second = second, .running = live_ids()});
  if (!second) {
    result_.summary.signal = signal;
    stop_run(StopReason::interrupt);
    return;
  }
  for (auto& [id, live] : live_) {
    if (live.phase == Phase::running || live.phase == Phase::stopping) kill(live);
  }
}

bool Run::cancels(StopReason reason) {
  return reason == StopReason::interrupt || reason == StopReason::lock_lost || reason == StopReason::cluster_lost;
}

/// Starts nothing more and asks all that runs to stop.
void Run::stop_run(StopReason reason) {
  start_no_more_ = true;
  for (const plan::StepId id : live_ids()) {
    Live& live = live_.at(id);
    if (live.phase == Phase::running) begin_stop(live, reason);
    if (live.phase != Phase::waiting && live.phase != Phase::watching) continue;
    live.reason = reason;  // no child: it ends here
    if (cancels(reason)) {
      (void)scheduler_.fail(id);
      finish(id, StepStatus::cancelled);
    } else {
      fail(id, {.step = live.step,
                .outcome = outcome_after_stop(live, proc::Outcome{}),
                .last_lines = live.output->last_lines()});
    }
  }
  if (cancels(reason)) return cancel(scheduler_.drop_pending());
  skip(scheduler_.drop_pending(), "the time limit of the run");
}

void Run::begin_stop(Live& live, StopReason reason) {
  const command::Command& command = *plan::command_of(*live.step);
  live.reason = reason;
  live.phase = Phase::stopping;
  live.next = runner_.now() + command.stop.grace;
  // Ctrl-C on the terminal has reached an interactive child already.
  if (command.interactive && reason == StopReason::interrupt && result_.summary.signal == SIGINT) return;
  runner_.signal(live.step->id, command.stop.first, command.stop.whole_group);
}

void Run::kill(Live& live) {
  live.phase = Phase::killed;
  runner_.signal(live.step->id, SIGKILL, true);
}

proc::Outcome Run::outcome_after_stop(const Live& live, const proc::Outcome& outcome) const {
  const bool killed = live.phase == Phase::killed;
  switch (live.reason) {
  case StopReason::hopeless:
  case StopReason::none: return outcome;
  case StopReason::lock_lost:
  case StopReason::cluster_lost:
  case StopReason::interrupt: return proc::Cancelled{.killed = killed};
  case StopReason::step_limit: return proc::TimedOut{.after = live.step->timeout, .killed = killed};
  case StopReason::run_limit:
    return proc::TimedOut{.after = options_.timeout.value_or(live.step->timeout), .killed = killed};
  }
  return outcome;
}

}  // namespace datamill::exec
