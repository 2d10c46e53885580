#include "datamill/exec/executor.hpp"

#include "exec/run.hpp"

#include <algorithm>

namespace datamill::exec {

support::ExitCode exit_code_of(const RunResult& result) {
  using support::ExitCode;
  if (result.summary.signal == SIGINT) return ExitCode::interrupted;
  if (result.summary.signal != 0) return ExitCode::terminated;
  if (result.summary.timed_out) return ExitCode::timed_out;
  if (result.cluster_lost) return ExitCode::unreachable;
  if (result.ok()) return ExitCode::ok;
  if (result.lock_lost) return ExitCode::locked;
  const bool only_limits =
      !result.failures.empty() && std::all_of(result.failures.begin(), result.failures.end(),
                                              [](const FailureReport& report) { return report.timed_out; });
  const bool only_refusals =
      !result.failures.empty() && std::all_of(result.failures.begin(), result.failures.end(),
                                              [](const FailureReport& report) { return report.refused; });
  if (only_refusals) return ExitCode::preflight;
  return only_limits ? ExitCode::timed_out : ExitCode::step_failed;
}

Executor::Executor(proc::Runner& runner, EventSink& sink, SecretStore& secrets, ExecutorOptions options)
    : runner_(runner), sink_(sink), secrets_(secrets), options_(std::move(options)) {}

RunResult Executor::run(const plan::Plan& plan) {
  Run walk{runner_, sink_, secrets_, options_, plan};
  return walk.walk();
}

}  // namespace datamill::exec
