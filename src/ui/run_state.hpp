#pragma once

#include "datamill/exec/event.hpp"

#include <string>
#include <utility>
#include <vector>

namespace datamill::ui {

struct RunningStep {
  plan::StepId step = 0;
  proc::Clock::time_point started{};
  std::string last_line{};   ///< harmless; what it waits for, as far as its output tells
  bool interactive = false;  ///< the terminal is its own while it runs

  /// Keeps a line of output, unless it is blank.
  void hear(const std::string& line);
};

/// What the events of a run add up to; every view keeps one and asks it.
class RunState {
public:
  void update(const exec::Event& event, proc::Clock::time_point now);

  /// nullptr before the run has started, or where it has no plan.
  [[nodiscard]] const plan::Plan* plan() const { return plan_; }
  /// nullptr where the run has no plan or no such step.
  [[nodiscard]] const plan::Step* find(plan::StepId step) const;
  /// Harmless; "step 3" where it has none.
  [[nodiscard]] std::string title(plan::StepId step) const;
  [[nodiscard]] std::string component(plan::StepId step) const;
  /// A step that only looks, again and again until it sees what it waits for: that it has to look again is no news.
  [[nodiscard]] bool polls(plan::StepId step) const;
  /// "[ 3/12]": finished and all steps.
  [[nodiscard]] std::string counter() const;
  [[nodiscard]] const std::vector<RunningStep>& running() const { return running_; }
  [[nodiscard]] bool interactive() const;
  [[nodiscard]] std::size_t total() const { return plan_ == nullptr ? 0 : plan_->steps.size(); }
  [[nodiscard]] std::size_t failed() const { return failures_.size(); }
  [[nodiscard]] proc::Clock::time_point started() const { return started_; }
  /// Without their last lines.
  [[nodiscard]] const std::vector<exec::FailureReport>& failures() const { return failures_; }
  /// Time that the steps of each component took, added up, in the order of the plan; components without a step that
  /// did something are left out.
  [[nodiscard]] std::vector<std::pair<std::string, exec::Elapsed>>
  component_times(const exec::RunFinished& finished) const;

private:
  void start(const exec::StepStarted& event, proc::Clock::time_point now);
  void forget(plan::StepId step);
  [[nodiscard]] RunningStep* find_running(plan::StepId step);

  const plan::Plan* plan_ = nullptr;
  proc::Clock::time_point started_{};
  std::vector<RunningStep> running_{};
  std::vector<exec::FailureReport> failures_{};
  std::size_t finished_ = 0;
};

}  // namespace datamill::ui
