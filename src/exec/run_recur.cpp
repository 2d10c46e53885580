#include "exec/run.hpp"
#include "exec/transient.hpp"

#include <csignal>

namespace datamill::exec {

void Run::recur() {
  recur_due_.reset();
  recurring_runs_ = true;
  recurring_is_transient_ = false;
  runner_.start(kRecurring, options_.recurring->command());
}

void Run::recurring_said(const std::string& line) {
  recurring_is_transient_ = recurring_is_transient_ || transient_of(line) != Transient::no;
}

/// Passing trouble is passed over: whoever else wants the lock has to wait much longer than one round.
void Run::recurring_ended(const proc::Outcome& outcome) {
  recurring_runs_ = false;
  if (result_.lock_lost) return;
  recur_due_ = runner_.now() + options_.recurring->every;
  const bool refused = std::holds_alternative<proc::Exited>(outcome) && !proc::succeeded(outcome);
  if (!refused || recurring_is_transient_) return;
  result_.lock_lost = true;
  recur_due_.reset();
  stop_run(StopReason::lock_lost);
}

void Run::end_recurring() {
  recur_due_.reset();
  if (recurring_runs_) runner_.signal(kRecurring, SIGKILL, true);
  while (recurring_runs_)
    handle(runner_.wait(std::nullopt));
}

}  // namespace datamill::exec
