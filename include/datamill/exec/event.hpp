#pragma once

#include "datamill/domain/finding.hpp"
#include "datamill/plan/plan.hpp"
#include "datamill/proc/outcome.hpp"
#include "datamill/proc/runner.hpp"
#include "datamill/support/node.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace datamill::exec {

using Elapsed = std::chrono::milliseconds;

struct RunStarted {
  const plan::Plan* plan = nullptr;  ///< valid until RunFinished was handled
  std::string run_id{};
  std::string log_directory{};
  Elapsed expected{};  ///< how long the run is expected to take; 0: nobody knows
};
struct StepStarted {
  plan::StepId step = 0;
  std::string command{};  ///< to_shell without stdin, or ""
  int attempt = 1;
};
struct StepOutput {
  plan::StepId step = 0;
  proc::Stream stream = proc::Stream::out;
  std::string text{};  ///< already redacted
};
enum class StepStatus : std::uint8_t { done, already_done, failed, skipped, cancelled };
[[nodiscard]] std::string_view to_name(StepStatus status);

/// A step that never started (already_done, skipped) has no StepStarted before it.
struct StepFinished {
  plan::StepId step = 0;
  StepStatus status = StepStatus::done;
  Elapsed elapsed{};
  std::string because{};  ///< of a skipped one: the title of the step that failed; of a cancelled one: how it ended
};
/// A step will be tried again.
struct StepRetried {
  plan::StepId step = 0;
  int attempt = 1;  ///< the attempt that failed
  std::string reason{};
  Elapsed delay{};
};
/// Everything one needs at 3 a.m.: what was being done, the exact command, how it ended, the last lines, the likely
/// cause, the log, what to type next.
struct FailureReport {
  plan::StepId step = 0;
  std::string title{};
  std::string component{};
  std::string command{};
  std::string outcome{};
  bool timed_out = false;                 ///< the limit of the step or of the run was reached
  bool refused = false;                   ///< Step::may_refuse, and it did
  std::vector<std::string> last_lines{};  ///< at most 40, redacted
  std::string code{};                     ///< of the cause, stable: "DM809"; "" where it has none
  std::string name{};                     ///< of the code: "ApiThrottled"
  std::string cause{};                    ///< "" where none is known
  std::string hint{};
  std::string log_file{};
  std::vector<domain::Finding> findings{};  ///< what was seen in the cluster, the most telling first
  std::vector<std::string> skipped{};       ///< titles of the dependents that were skipped because of it
};
struct StepFailed {
  FailureReport report{};
};
/// What a running step waits for has changed.
struct StepWaiting {
  plan::StepId step = 0;
  std::string text{};  ///< "2 of 3 pods: lake-0 ContainerCreating"
};
/// Something that keeps a step's component from being ready was seen; told once for each state.
struct FindingSeen {
  plan::StepId step = 0;
  domain::Finding finding{};
};
/// Sent every 30 s while steps run and nothing but output happened.
struct Heartbeat {
  std::vector<plan::StepId> running{};
  Elapsed elapsed{};
};
/// The user pressed Ctrl-C (first) or pressed it again (second).
struct Interrupting {
  int signal = 0;
  bool second = false;
  std::vector<plan::StepId> running{};
};
/// The run was stopped (Ctrl-Z) with all its children and goes on; limits and durations do not count that time.
struct RunResumed {
  Elapsed paused{};
};
struct RunFinished {
  Elapsed elapsed{};
  std::size_t retries = 0;  ///< further attempts of all steps
  std::size_t done = 0, already_done = 0, failed = 0, skipped = 0, cancelled = 0;
  int signal = 0;                         ///< 0, SIGINT, SIGTERM or SIGHUP
  bool timed_out = false;                 ///< the limit of the whole run
  bool cluster_lost = false;              ///< it did not answer any more
  bool lock_lost = false;                 ///< another run took the lock in the cluster
  std::string go_on{};                    ///< what to type where not all is done: "datamill install -f x.yaml"
  std::vector<Elapsed> step_elapsed{};    ///< by step id
  std::vector<StepStatus> step_status{};  ///< by step id
};
/// Whether everything that the run was to do is done.
[[nodiscard]] bool succeeded(const RunFinished& finished);

/// The only way out of exec/. Additive: views ignore what they do not know.
using Event = std::variant<RunStarted, StepStarted, StepOutput, StepFinished, StepRetried, StepFailed, StepWaiting,
                           FindingSeen, Heartbeat, Interrupting, RunResumed, RunFinished>;

/// An event as a JSON object with "v", "type" and its fields; `plan` (or nullptr) gives titles and components. The
/// journal's lines and `-o json`.
[[nodiscard]] support::Node event_node(const Event& event, const plan::Plan* plan);

/// Port: views and the journal.
class EventSink {
public:
  virtual ~EventSink() = default;
  virtual void on(const Event& event) = 0;
  /// Called about ten times a second while steps run, for animation only.
  virtual void tick(Elapsed) {}
  /// True if tick() should be called.
  [[nodiscard]] virtual bool animated() const { return false; }
};

/// Hands each event to several sinks in order.
class EventFan final : public EventSink {
public:
  explicit EventFan(std::vector<EventSink*> sinks) : sinks_(std::move(sinks)) {}
  void on(const Event& event) override;
  void tick(Elapsed elapsed) override;
  [[nodiscard]] bool animated() const override;

private:
  std::vector<EventSink*> sinks_;
};

}  // namespace datamill::exec
