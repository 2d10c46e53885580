#pragma once

#include "datamill/exec/event.hpp"
#include "datamill/exec/observer.hpp"
#include "datamill/exec/secret_store.hpp"
#include "datamill/plan/plan.hpp"
#include "datamill/proc/runner.hpp"
#include "datamill/support/exit_code.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace datamill::exec {

/// A command that is run again and again beside the steps. Where it fails in a way that is not passing, the run ends.
struct Recurring {
  std::function<command::ResolvedCommand()> command{};
  std::chrono::milliseconds every{};
};

struct ExecutorOptions {
  std::size_t parallelism = 4;
  bool fail_fast = false;
  std::optional<std::chrono::seconds> timeout{};    ///< whole run
  std::map<std::string, std::string> tool_paths{};  ///< tool name -> executable
  std::string run_id{};
  std::string log_directory{};           ///< runs/<id>; "" = nothing is written
  std::string retry_hint{};              ///< what to type after a failure: "datamill install -f x.yaml"
  Observer* observer = nullptr;          ///< looks at the cluster while steps wait for it; nullptr: nobody does
  std::optional<Recurring> recurring{};  ///< renews the lock in the cluster
  /// Stretches the pauses before further attempts, so that many runs do not come back at once: 0 to 1, times a quarter
  /// of the pause. Empty: 0.
  std::function<double()> jitter{};
};

struct RunResult {
  RunFinished summary{};
  bool lock_lost = false;  ///< the recurring command failed: another run may be at work
  /// The cluster did not answer any more, however often it was asked: what was left was not tried.
  bool cluster_lost = false;
  std::vector<FailureReport> failures{};
  std::map<std::string, std::string> outputs{};  ///< stdout of read steps by step title, outputs by name
  [[nodiscard]] bool ok() const {
    return summary.failed == 0 && summary.skipped == 0 && summary.cancelled == 0 && summary.signal == 0 &&
           !summary.timed_out;
  }
};

/// The exit code a finished run deserves.
[[nodiscard]] support::ExitCode exit_code_of(const RunResult& result);

/// Walks a plan: keeps a ready queue, starts at most `parallelism` steps, waits for one event at a time. Knows nothing
/// of Kubernetes. Interactive steps run alone.
///
/// Ctrl-C once: nothing more is started, each running child gets its stop signal once, then its grace, then SIGKILL;
/// exit 130. Twice: SIGKILL at once. A failing step skips what depends on it; the rest goes on unless fail_fast.
class Executor {
public:
  Executor(proc::Runner& runner, EventSink& sink, SecretStore& secrets, ExecutorOptions options);
  [[nodiscard]] RunResult run(const plan::Plan& plan);

private:
  proc::Runner& runner_;
  EventSink& sink_;
  SecretStore& secrets_;
  ExecutorOptions options_;
};

}  // namespace datamill::exec
