#include "toolbox/progress.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/overloaded.hpp"

#include <csignal>
#include <variant>

namespace datamill::toolbox {

namespace {

exec::Elapsed since(proc::Clock::time_point start) {
  return std::chrono::duration_cast<exec::Elapsed>(proc::Clock::now() - start);
}

}  // namespace

void throw_interrupted(int signal) {
  const bool by_user = signal == SIGINT;
  throw support::Failure(by_user ? support::ExitCode::interrupted : support::ExitCode::terminated, "DM601",
                         "interrupted while getting tools", "run the command again: what is finished is kept");
}

void pause(proc::Runner& runner, std::chrono::milliseconds limit) {
  const auto event = runner.wait(runner.now() + limit);
  if (const auto* interrupted = std::get_if<proc::Interrupted>(&event)) throw_interrupted(interrupted->signal);
}

StepReporter::~StepReporter() {
  if (!open_) return;
  exec::RunFinished finished{.elapsed = since(since_)};
  for (const Progress& step : progress_) {
    if (step.started && step.status == exec::StepStatus::done) ++finished.done;
    if (!step.started || step.status == exec::StepStatus::skipped) ++finished.skipped;
    if (step.started && step.status == exec::StepStatus::cancelled) ++finished.cancelled;
    finished.step_elapsed.push_back(step.elapsed);
    finished.step_status.push_back(step.status);
  }
  sink_.on(finished);
}

plan::StepId StepReporter::add(std::string title) {
  progress_.emplace_back();
  return plan_.add({.title = std::move(title), .action = plan::Say{}});
}

void StepReporter::start(plan::StepId step) {
  if (progress_[step].started) return;
  if (!open_) {
    open_ = true;
    since_ = proc::Clock::now();
    sink_.on(exec::RunStarted{.plan = &plan_});
  }
  progress_[step].started = true;
  progress_[step].since = proc::Clock::now();
  sink_.on(exec::StepStarted{.step = step});
}

void StepReporter::output(plan::StepId step, std::string text) {
  if (progress_[step].started) sink_.on(exec::StepOutput{.step = step, .text = std::move(text)});
}

void StepReporter::finish(plan::StepId step, exec::StepStatus status) {
  Progress& progress = progress_[step];
  progress.status = status;
  if (!progress.started) return;
  progress.elapsed = since(progress.since);
  sink_.on(exec::StepFinished{.step = step, .status = status, .elapsed = progress.elapsed});
}

}  // namespace datamill::toolbox
