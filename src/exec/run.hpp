#pragma once

#include "datamill/exec/executor.hpp"
#include "exec/failure_report.hpp"
#include "exec/output_keeper.hpp"
#include "exec/scheduler.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

namespace datamill::exec {

using Time = proc::Clock::time_point;

/// One walk over a plan; Executor::run makes one and lets it go.
class Run {
public:
  Run(proc::Runner& runner, EventSink& sink, SecretStore& secrets, const ExecutorOptions& options,
      const plan::Plan& plan);
  [[nodiscard]] RunResult walk();

private:
  enum class Phase : std::uint8_t { running, stopping, killed, waiting };
  enum class StopReason : std::uint8_t { none, step_limit, run_limit, interrupt };

  /// A step under way: its child runs, is asked to stop, was killed, or it waits for another attempt.
  struct Live {
    const plan::Step* step = nullptr;
    Time started{};
    Time deadline{};  ///< the step's own limit, over all attempts
    Time next{};      ///< stopping: when to kill; waiting: when to try again
    int attempt = 1;
    Phase phase = Phase::running;
    StopReason reason = StopReason::none;
    std::unique_ptr<OutputKeeper> output{};
  };

  // run.cpp: the loop
  [[nodiscard]] bool turn();
  [[nodiscard]] std::optional<Time> next_deadline() const;
  void handle(const proc::RunnerEvent& event);
  void handle_due();
  void handle_due(Live& live);
  void beat();
  void emit(const Event& event);
  [[nodiscard]] Elapsed elapsed() const;
  [[nodiscard]] std::vector<plan::StepId> live_ids() const;

  // run_steps.cpp: one step's life
  void start(plan::StepId id);
  void start_attempt(Live& live);
  void do_in_process(const plan::Step& step);
  void child_ended(Live& live, const proc::Outcome& outcome);
  [[nodiscard]] bool try_again(Live& live, const proc::Outcome& outcome);
  void take_results(const Live& live);
  void finish(plan::StepId id, StepStatus status);
  void fail(plan::StepId id, FailedStep failed);
  void skip(const std::vector<plan::StepId>& steps);

  // run_stop.cpp: limits and signals
  void interrupted(int signal);
  void stop_run(StopReason reason);
  void begin_stop(Live& live, StopReason reason);
  void kill(Live& live);
  [[nodiscard]] proc::Outcome outcome_after_stop(const Live& live, const proc::Outcome& outcome) const;

  proc::Runner& runner_;
  EventSink& sink_;
  SecretStore& secrets_;
  const ExecutorOptions& options_;
  const plan::Plan& plan_;
  Scheduler scheduler_;
  std::map<plan::StepId, Live> live_{};
  RunResult result_{};
  bool start_no_more_ = false;
  Time started_{};
  std::optional<Time> run_deadline_{};
  Time last_change_{};
  Time last_tick_{};
};

}  // namespace datamill::exec
