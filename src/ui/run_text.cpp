#include "ui/run_text.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/ui/finding_text.hpp"
#include "ui/screen_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::ui {

namespace {

/// "  ended:    exit code 1\n", or nothing where there is nothing to say.
std::string field(std::string_view name, const std::string& value, const Painter& paint, Paint value_paint) {
  if (value.empty()) return {};
  const auto label = paint(Paint::faint, fmt::format("  {:<9}", fmt::format("{}:", name)));
  return fmt::format("{}{}\n", label, paint(value_paint, harmless_lines(value)));
}

std::string last_lines(const std::vector<std::string>& lines, const Painter& paint) {
  if (lines.empty()) return {};
  std::string text = paint(Paint::faint, "  last lines of its output:") + "\n";
  for (const auto& line : lines)
    text += fmt::format("    {}\n", harmless(line));
  return text;
}

/// What was seen in the cluster, the most telling first.
std::string findings_text(const std::vector<domain::Finding>& findings, const Painter& paint) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(findings.size(), kShown); ++i)
    text += support::indent(finding_text(findings[i], {.color = paint.color}), "    ");
  if (text.empty()) return text;
  if (findings.size() > kShown) text += fmt::format("    and {} more\n", findings.size() - kShown);
  return paint(Paint::faint, "  seen in the cluster:") + "\n" + text;
}

std::string skipped(const std::vector<std::string>& titles, const Painter& paint) {
  if (titles.empty()) return {};
  std::string text = paint(Paint::faint, "  skipped, because they need it:") + "\n";
  for (const auto& title : titles)
    text += fmt::format("    {}\n", harmless(title));
  return text;
}

/// "9 done, 3 unchanged, 1 failed, 2 skipped": only what there is.
std::string counts(const exec::RunFinished& finished) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, exec::StepStatus status) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, status_word(status)));
  };
  add(finished.failed, exec::StepStatus::failed);
  add(finished.cancelled, exec::StepStatus::cancelled);
  add(finished.skipped, exec::StepStatus::skipped);
  add(finished.done, exec::StepStatus::done);
  add(finished.already_done, exec::StepStatus::already_done);
  return support::join(parts, ", ");
}

std::string verdict(const exec::RunFinished& finished, const Painter& paint) {
  const auto elapsed = support::format_elapsed(finished.elapsed);
  if (finished.signal != 0) {
    return paint(Paint::bad, fmt::format("Interrupted by {} after {}", proc::signal_name(finished.signal), elapsed));
  }
  if (finished.cluster_lost)
    return paint(Paint::bad, fmt::format("The cluster does not answer any more: given up after {}", elapsed));
  if (finished.lock_lost)
    return paint(Paint::bad, fmt::format("The lock in the cluster is another run's: given up after {}", elapsed));
  if (finished.timed_out) return paint(Paint::bad, fmt::format("Timed out after {}", elapsed));
  return exec::succeeded(finished) ? paint(Paint::good, fmt::format("Done in {}", elapsed))
                                   : paint(Paint::bad, fmt::format("Failed after {}", elapsed));
}

/// "hub        skipped  because of lake", one line for each component that did something or was to do it.
std::string component_table(const exec::RunFinished& finished, const RunState& state, const Painter& paint) {
  std::size_t width = 0;
  const auto outcomes = state.component_outcomes(finished);
  for (const auto& outcome : outcomes)
    width = std::max(width, display_width(harmless(outcome.name)));
  const bool all_well = exec::succeeded(finished);
  std::string text;
  for (const auto& outcome : outcomes) {
    if (outcome.status == exec::StepStatus::already_done) continue;
    const auto shown = harmless(outcome.name);
    const std::string padding(width - display_width(shown), ' ');
    text += fmt::format("  {}{}  {:>7}", shown, padding, support::format_elapsed(outcome.elapsed));
    if (!all_well) text += fmt::format("  {}", paint(status_paint(outcome.status), status_word(outcome.status)));
    if (!outcome.because.empty())
      text += fmt::format(", {}{}", outcome.status == exec::StepStatus::skipped ? "because of " : "",
                          harmless(outcome.because));
    text += '\n';
  }
  return text.empty() ? text : (all_well ? "Time per component:\n" : "Components:\n") + text;
}

}  // namespace

std::string_view status_word(exec::StepStatus status) {
  switch (status) {
  case exec::StepStatus::done: return "done";
  case exec::StepStatus::already_done: return "unchanged";
  case exec::StepStatus::failed: return "failed";
  case exec::StepStatus::skipped: return "skipped";
  case exec::StepStatus::cancelled: return "cancelled";
  }
  return "";
}

Paint status_paint(exec::StepStatus status) {
  switch (status) {
  case exec::StepStatus::done: return Paint::good;
  case exec::StepStatus::already_done: return Paint::faint;
  case exec::StepStatus::failed: return Paint::bad;
  case exec::StepStatus::skipped:
  case exec::StepStatus::cancelled: return Paint::warning;
  }
  return Paint::plain;
}

std::string failure_text(const exec::FailureReport& report, const Painter& paint) {
  std::string text = paint(Paint::bad, fmt::format("failed: {}", harmless(report.title)));
  if (!report.component.empty()) text += fmt::format(" (component {})", harmless(report.component));
  text += '\n';
  text += field("command", report.command, paint, Paint::plain);
  text += last_lines(report.last_lines, paint);
  text += findings_text(report.findings, paint);
  text += skipped(report.skipped, paint);
  text += field("ended", report.outcome, paint, Paint::bad);
  text += field("cause", cause_text(report), paint, Paint::strong);
  text += field("log", report.log_file, paint, Paint::plain);
  text += field("next", report.hint, paint, Paint::hint);
  return text;
}

std::string cause_text(const exec::FailureReport& report) {
  if (report.code.empty()) return report.cause;
  return fmt::format("{} {}{}{}", report.code, report.name, report.cause.empty() ? "" : ": ", report.cause);
}

std::string retry_text(const exec::StepRetried& event) {
  const auto reason =
      event.reason.empty() ? std::string{} : fmt::format(" ({})", support::elide_middle(harmless(event.reason), 160));
  return fmt::format("attempt {} failed{}, again in {}", event.attempt, reason, support::format_elapsed(event.delay));
}

std::string interrupt_text(const exec::Interrupting& event) {
  const auto count = event.running.size();
  const auto steps = fmt::format("{} running {}", count, count == 1 ? "step" : "steps");
  if (event.second)
    return fmt::format("{} again: killing {}; the next run repairs what they leave", proc::signal_name(event.signal),
                       steps);
  if (count == 0) return fmt::format("{}: nothing more is started", proc::signal_name(event.signal));
  return fmt::format("{}: nothing more is started, stopping {}; press Ctrl-C again to kill at once",
                     proc::signal_name(event.signal), steps);
}

std::string summary_text(const exec::RunFinished& finished, const RunState& state, const Painter& paint) {
  const auto steps = counts(finished);
  if (steps.empty() && exec::succeeded(finished)) return "Nothing to do\n";
  std::string text = component_table(finished, state, paint);
  text += verdict(finished, paint);
  if (!steps.empty()) text += fmt::format(": {}", steps);
  if (finished.retries > 0) {
    text += fmt::format("; {} further {}", finished.retries, finished.retries == 1 ? "attempt" : "attempts");
  }
  text += '\n';
  std::vector<std::string> hints;
  for (const auto& report : state.failures()) {
    text += fmt::format("{}: {}\n", paint(Paint::bad, harmless(report.title)), harmless(report.outcome));
    text += field("cause", cause_text(report), paint, Paint::strong);
    text += field("log", report.log_file, paint, Paint::plain);
    if (std::find(hints.begin(), hints.end(), report.hint) == hints.end()) hints.push_back(report.hint);
  }
  for (const auto& hint : hints)
    text += field("next", hint, paint, Paint::hint);
  if (finished.cluster_lost) {
    text += field("next", "look at the cluster and the way to it (`datamill status`)", paint, Paint::hint);
  }
  if (hints.empty() && !finished.go_on.empty()) {
    text += field("next", fmt::format("go on with `{}`: it repairs what was left half done", finished.go_on), paint,
                  Paint::hint);
  }
  return text;
}

}  // namespace datamill::ui
