#include "ui/report_words.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace datamill::ui {

using exec::Elapsed;
using exec::RunOutcome;
using exec::StepState;
using support::format_elapsed;

std::string local_time(const std::optional<exec::WallTime>& time, Zone zone) {
  if (!time) return {};
  const auto seconds =
      std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::system_clock::duration>(*time));
  std::tm parts{};
  if (localtime_r(&seconds, &parts) == nullptr) return exec::format_wall_time(*time);
  std::array<char, 64> text{};
  const auto size = std::strftime(text.data(), text.size(),
                                  zone == Zone::shown ? "%Y-%m-%d %H:%M:%S %z" : "%Y-%m-%d %H:%M:%S", &parts);
  return {text.data(), size};
}

namespace {

std::string failed_words(const exec::RunRecord& run) {
  const auto text = fmt::format("{} after {}", run.timed_out ? "timed out" : "failed", format_elapsed(run.elapsed));
  if (run.cluster_lost) return text + ": the cluster did not answer any more";
  if (run.lock_lost) return text + ": another run took the lock in the cluster";
  return text;
}

}  // namespace

std::string verdict_of(const exec::RunRecord& run) {
  const auto elapsed = format_elapsed(run.elapsed);
  switch (run.outcome) {
  case RunOutcome::running: return fmt::format("running; last heard of after {}", elapsed);
  case RunOutcome::done: return fmt::format("done in {}", elapsed);
  case RunOutcome::unchanged: return fmt::format("nothing to do, after {}", elapsed);
  case RunOutcome::failed: return failed_words(run);
  case RunOutcome::interrupted: return fmt::format("interrupted by {} after {}", run.signal, elapsed);
  case RunOutcome::cut_off: return fmt::format("cut off; last heard of after {}", elapsed);
  }
  return {};
}

Paint paint_of(RunOutcome outcome) {
  switch (outcome) {
  case RunOutcome::done: return Paint::good;
  case RunOutcome::unchanged: return Paint::faint;
  case RunOutcome::running: return Paint::hint;
  case RunOutcome::failed: return Paint::bad;
  case RunOutcome::interrupted:
  case RunOutcome::cut_off: return Paint::warning;
  }
  return Paint::plain;
}

Paint paint_of(StepState state) {
  switch (state) {
  case StepState::done: return Paint::good;
  case StepState::not_started:
  case StepState::unchanged: return Paint::faint;
  case StepState::running: return Paint::hint;
  case StepState::failed: return Paint::bad;
  case StepState::skipped:
  case StepState::cancelled:
  case StepState::cut_off: return Paint::warning;
  }
  return Paint::plain;
}

std::string offset_of(const std::optional<exec::WallTime>& time, const exec::RunRecord& run) {
  if (!time || !run.started) return {};
  return "+" + format_elapsed(std::max(Elapsed{}, *time - *run.started));
}

std::string took_of(const exec::StepRecord& step) {
  return step.started && step.state != StepState::skipped ? format_elapsed(step.elapsed) : std::string{};
}

std::string state_words(const exec::ComponentRecord& component) {
  const std::string word(exec::to_name(component.state));
  return component.because.empty() ? word : fmt::format("{}, because of {}", word, component.because);
}

std::string state_words(const exec::StepRecord& step, const exec::RunRecord& run) {
  const std::string word(exec::to_name(step.state));
  if (!step.skipped_by) return word;
  return fmt::format("{}, because of {}", word, run.steps[*step.skipped_by].title);
}

std::string shown_name(const std::string& component) {
  return component.empty() ? "(cluster)" : component;
}

std::string place_of(const domain::Finding& finding) {
  std::vector<std::string> objects;
  for (const auto& object : finding.chain)
    objects.push_back(fmt::format("{} {}{}{}", object.kind, object.ns, object.ns.empty() ? "" : "/", object.name));
  auto text = support::join(objects, " > ");
  if (!finding.container.empty()) text += fmt::format(", container {}", finding.container);
  return text;
}

std::string retry_words(const exec::RetryRecord& retry) {
  const auto reason = retry.reason.empty() ? std::string{} : fmt::format(" ({})", retry.reason);
  return fmt::format("attempt {} failed{}, again after {}", retry.attempt, reason, format_elapsed(retry.delay));
}

}  // namespace datamill::ui
