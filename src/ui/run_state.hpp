#pragma once

#include "datamill/exec/event.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace datamill::ui {

struct RunningStep {
  plan::StepId step = 0;
  proc::Clock::time_point started{};
  std::string last_line{};   ///< harmless
  std::string waits_for{};   ///< harmless; what is seen in the cluster of what it waits for
  bool interactive = false;  ///< the terminal is its own while it runs

  /// Keeps a line of output, unless it is blank.
  void hear(const std::string& line);
  /// What it waits for, as far as anybody knows.
  [[nodiscard]] const std::string& news() const { return waits_for.empty() ? last_line : waits_for; }
};

/// How a component of the plan fared.
struct ComponentOutcome {
  std::string name{};
  exec::StepStatus status = exec::StepStatus::already_done;
  exec::Elapsed elapsed{};  ///< its steps added up
  std::string because{};    ///< of a skipped one: the component, or the step of the cluster, that failed
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
  /// Every component of the plan with what became of it, in the plan's order.
  [[nodiscard]] std::vector<ComponentOutcome> component_outcomes(const exec::RunFinished& finished) const;
  /// What is left of the expected time; 0 where that is not known, or over.
  [[nodiscard]] exec::Elapsed left(proc::Clock::time_point now) const;

private:
  void start(const exec::StepStarted& event, proc::Clock::time_point now);
  void forget(plan::StepId step);
  [[nodiscard]] std::string cause_of(const std::string& title) const;
  [[nodiscard]] RunningStep* find_running(plan::StepId step);

  const plan::Plan* plan_ = nullptr;
  proc::Clock::time_point started_{};
  std::vector<RunningStep> running_{};
  std::vector<exec::FailureReport> failures_{};
  std::size_t finished_ = 0;
  exec::Elapsed expected_{};
  std::map<plan::StepId, std::string> because_{};  ///< of skipped steps
};

}  // namespace datamill::ui
