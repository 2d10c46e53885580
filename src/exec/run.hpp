#pragma once

#include "datamill/exec/executor.hpp"
#include "datamill/plan/scheduler.hpp"
#include "exec/failure_report.hpp"
#include "exec/output_keeper.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace datamill::exec {

using Time = proc::Clock::time_point;

/// The observer's companion among the runner's children; steps have their own numbers.
inline constexpr proc::ChildId kCompanion = ~proc::ChildId{0};
inline constexpr proc::ChildId kRecurring = kCompanion - 1;

/// One walk over a plan; Executor::run makes one and lets it go.
class Run {
public:
  Run(proc::Runner& runner, EventSink& sink, SecretStore& secrets, const ExecutorOptions& options,
      const plan::Plan& plan);
  [[nodiscard]] RunResult walk();

private:
  enum class Phase : std::uint8_t { running, stopping, killed, waiting, watching };
  enum class StopReason : std::uint8_t { none, step_limit, run_limit, interrupt, hopeless, lock_lost, cluster_lost };

  /// A step under way: its child runs, is asked to stop, was killed, it waits for another attempt, or, without a child,
  /// for what the observer sees.
  struct Live {
    const plan::Step* step = nullptr;
    Time started{};
    Time deadline{};  ///< the step's own limit, over all attempts
    Time next{};      ///< stopping: when to kill; waiting: when to try again
    int attempt = 1;
    Phase phase = Phase::running;
    StopReason reason = StopReason::none;
    std::unique_ptr<OutputKeeper> output{};
    bool left_half_done = false;              ///< an attempt failed with passing trouble
    bool must_recover = false;                ///< before the next attempt
    bool recovering = false;                  ///< its child is Retry::recover
    std::string waits_for{};                  ///< as last told
    std::vector<domain::Finding> findings{};  ///< as last seen
    std::set<std::string> told{};             ///< findings that were told, each once
  };

  // run.cpp: the loop
  [[nodiscard]] bool turn();
  [[nodiscard]] std::optional<Time> next_deadline() const;
  void handle(const proc::RunnerEvent& event);
  void handle_due();
  void handle_due(Live& live);
  void beat();
  void forgive(std::chrono::milliseconds paused);
  [[nodiscard]] std::size_t places_taken() const;
  void emit(const Event& event);
  [[nodiscard]] Elapsed elapsed() const;
  [[nodiscard]] std::vector<plan::StepId> live_ids() const;

  // run_steps.cpp: one step's life
  void start(plan::StepId id);
  void start_attempt(Live& live);
  void run_command(Live& live);
  void recover(Live& live);
  void do_in_process(const plan::Step& step);
  void child_ended(Live& live, const proc::Outcome& outcome);
  [[nodiscard]] bool try_again(Live& live, const proc::Outcome& outcome);
  [[nodiscard]] Elapsed pause_before_next(const Live& live) const;
  void lose_cluster(const std::string& title);
  [[nodiscard]] bool sees_cluster() const;
  [[nodiscard]] static bool was_created_before(const Live& live);
  void take_results(const Live& live);
  void finish(plan::StepId id, StepStatus status, const std::string& because = {});
  void fail(plan::StepId id, FailedStep failed);
  void skip(const std::vector<plan::StepId>& steps, const std::string& because);
  void cancel(const std::vector<plan::StepId>& steps);

  // run_recur.cpp: the command beside the steps
  void recur();
  void recurring_said(const std::string& line);
  void recurring_ended(const proc::Outcome& outcome);
  void end_recurring();

  // run_observe.cpp: what is seen in the cluster
  void begin_to_observe();
  void end_to_observe();
  void give_up_observing();
  void look_for_loss();
  void companion_ended();
  void start_companion();
  void observe();
  void look(Live& live);
  void look_again(Live& live);
  void observe_last(Live& live);
  void tell(Live& live, Observation seen);
  [[nodiscard]] bool is_observed(const plan::Step& step) const;

  // run_stop.cpp: limits and signals
  void interrupted(int signal);
  void stop_run(StopReason reason);
  [[nodiscard]] static bool cancels(StopReason reason);
  void begin_stop(Live& live, StopReason reason);
  void kill(Live& live);
  [[nodiscard]] proc::Outcome outcome_after_stop(const Live& live, const proc::Outcome& outcome) const;

  proc::Runner& runner_;
  EventSink& sink_;
  SecretStore& secrets_;
  const ExecutorOptions& options_;
  const plan::Plan& plan_;
  plan::Scheduler scheduler_;
  std::map<plan::StepId, Live> live_{};
  RunResult result_{};
  bool start_no_more_ = false;
  std::optional<Time> recur_due_{};
  bool recurring_runs_ = false;
  bool recurring_is_transient_ = false;
  bool observing_ = false;
  bool seen_ = false;   ///< the observer has seen something
  bool blind_ = false;  ///< the observer cannot see
  bool companion_runs_ = false;
  std::optional<Time> companion_due_{};  ///< when to start it again
  bool loss_told_ = false;
  std::chrono::milliseconds companion_pause_{};
  Time started_{};
  std::optional<Time> run_deadline_{};
  Time last_change_{};
  Time last_tick_{};
};

}  // namespace datamill::exec
