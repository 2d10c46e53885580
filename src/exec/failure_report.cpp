#include "exec/failure_report.hpp"

#include "datamill/exec/journal.hpp"
#include "exec/likely_cause.hpp"

#include <fmt/format.h>

#include <cerrno>

namespace datamill::exec {
namespace {

/// Throttling mostly passes by itself; here it did not.
LikelyCause with_attempts(LikelyCause cause, int attempts) {
  if (cause.code == "DM809" && attempts > 1) cause.cause += fmt::format("; datamill tried it {} times", attempts);
  return cause;
}

/// What was seen in the cluster says more than a tool's last words, unless the tool has its own trouble.
bool findings_explain(const FailedStep& failed, const LikelyCause& cause) {
  if (failed.findings.empty()) return false;
  return failed.hopeless || cause.cause.empty() || cause.only_waited ||
         std::holds_alternative<proc::TimedOut>(failed.outcome);
}

LikelyCause cause_of(const FailedStep& failed) {
  if (!failed.problem.empty()) return {.hint = failed.problem_hint};
  if (const auto* not_started = std::get_if<proc::NotStarted>(&failed.outcome)) {
    const auto* command = plan::command_of(*failed.step);
    const std::string program = command == nullptr ? "" : command->program;
    if (not_started->error == ENOENT) {
      return {.cause = fmt::format("the program \"{}\" or its working directory does not exist", program),
              .hint = "see with `datamill doctor` which tools are there"};
    }
    if (not_started->error == EACCES) {
      return {.cause = fmt::format("the program \"{}\" may not be executed", program),
              .hint = "see with `datamill doctor` which file is used"};
    }
  }
  LikelyCause cause = with_attempts(likely_cause(failed.last_lines), failed.attempts);
  if (findings_explain(failed, cause)) {
    const auto& finding = failed.findings.front();
    return {.code = finding.code, .name = finding.name, .cause = finding.cause, .hint = finding.next};
  }
  if (cause.hint.empty() && std::holds_alternative<proc::TimedOut>(failed.outcome)) {
    cause.hint =
        "look at the pods with `kubectl get pods -A`; if they only need longer, raise the limit (--timeout, or "
        "`timeout:` of the component)";
  }
  const auto* signalled = std::get_if<proc::Signalled>(&failed.outcome);
  if (cause.cause.empty() && signalled != nullptr && signalled->signal == SIGKILL) {
    cause = {.cause = "somebody killed it, or the kernel did because the memory ran out",
             .hint = "see with `dmesg | grep -i oom`"};
  }
  return cause;
}

std::string with_retry(std::string hint, const std::string& retry) {
  if (retry.empty()) return hint;
  const std::string go_on = fmt::format("go on with `{}`", retry);
  return hint.empty() ? go_on : fmt::format("{}; then {}", hint, go_on);
}

}  // namespace

std::string shown_command(const plan::Step& step) {
  const auto* command = plan::command_of(step);
  return command == nullptr ? "" : command::to_shell(*command, {.with_stdin = false});
}

FailureReport make_report(const FailedStep& failed, const ExecutorOptions& options) {
  const plan::Step& step = *failed.step;
  LikelyCause cause = cause_of(failed);
  FailureReport report;
  report.step = step.id;
  report.title = step.title;
  report.component = step.component;
  report.command = shown_command(step);
  report.outcome = failed.problem.empty() ? proc::to_text(failed.outcome) : failed.problem;
  if (failed.hopeless) report.outcome = "given up: waiting longer would not help";
  if (failed.attempts > 1) report.outcome += fmt::format(" (attempt {})", failed.attempts);
  report.findings = failed.findings;
  report.timed_out =
      failed.problem.empty() && !failed.hopeless && std::holds_alternative<proc::TimedOut>(failed.outcome);
  const auto* exited = std::get_if<proc::Exited>(&failed.outcome);
  report.refused = step.may_refuse && failed.problem.empty() && exited != nullptr &&
                   exited->code == static_cast<int>(support::ExitCode::preflight);
  report.last_lines = failed.last_lines;
  report.code = std::move(cause.code);
  report.name = std::move(cause.name);
  report.cause = std::move(cause.cause);
  report.hint = with_retry(std::move(cause.hint), options.retry_hint);
  if (!options.log_directory.empty()) report.log_file = options.log_directory + '/' + step_log_name(step);
  report.skipped = failed.skipped;
  return report;
}

}  // namespace datamill::exec
