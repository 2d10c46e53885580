#pragma once

#include "datamill/exec/event.hpp"
#include "datamill/exec/secret_store.hpp"
#include "datamill/plan/plan.hpp"
#include "datamill/proc/runner.hpp"
#include "datamill/support/exit_code.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace datamill::exec {

struct ExecutorOptions {
  std::size_t parallelism = 4;
  bool fail_fast = false;
  std::optional<std::chrono::seconds> timeout{};    ///< whole run
  std::map<std::string, std::string> tool_paths{};  ///< tool name -> executable
  std::string run_id{};
  std::string log_directory{};  ///< runs/<id>; "" = nothing is written
  std::string retry_hint{};     ///< what to type after a failure: "datamill install -f x.yaml"
};

struct RunResult {
  RunFinished summary{};
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
