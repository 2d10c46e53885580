#include "datamill/ui/run_report.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "ui/report_words.hpp"
#include "ui/run_text.hpp"
#include "ui/screen_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::ui {

using exec::RunRecord;
using support::format_elapsed;

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string head(const RunRecord& run, const Painter& paint) {
  std::string text = paint(Paint::strong, harmless(run.title.empty() ? run.id : run.title)) + "\n";
  text += paint(paint_of(run.outcome), verdict_of(run));
  if (run.estimated) text += fmt::format(" (expected: {})", format_elapsed(*run.estimated));
  text += "\n\n";
  const auto field = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<9} {}\n", name, harmless(value));
  };
  field("run", run.id);
  field("started", local_time(run.started, Zone::shown));
  field("command", run.command_line);
  field("flavour", run.flavour);
  field("cluster", run.provider.empty() ? run.cluster : fmt::format("{} ({})", run.cluster, run.provider));
  field("datamill", run.version);
  field("logs", run.log_directory);
  return text;
}

std::string component_table(const RunRecord& run) {
  Rows rows{{"COMPONENT", "START", "TOOK", "STEPS", "RETRIES", "STATUS"}};
  for (const auto& component : exec::components_of(run)) {
    rows.push_back({shown_name(component.name), offset_of(component.started, run),
                    component.started ? format_elapsed(component.elapsed) : std::string{},
                    fmt::format("{}", component.steps.size()),
                    component.retries == 0 ? std::string{} : fmt::format("{}", component.retries),
                    state_words(component)});
  }
  return rows.size() == 1 ? std::string{} : "\n" + render_table(rows, 0);
}

std::string step_table(const RunRecord& run) {
  Rows rows{{"STEP", "START", "TOOK", "STATUS", "COMPONENT", "WHAT", "LOG"}};
  for (const auto& step : run.steps) {
    const auto tries = step.attempts > 1 ? fmt::format(" ({} attempts)", step.attempts) : std::string{};
    rows.push_back({fmt::format("{:>4}", step.id + 1), offset_of(step.started, run), took_of(step),
                    std::string(exec::to_name(step.state)) + tries, shown_name(step.component), step.title, step.log});
  }
  return rows.size() == 1 ? std::string{} : "\n" + render_table(rows, 0);
}

std::string path_table(const RunRecord& run) {
  const auto path = exec::critical_path(run);
  if (path.empty()) return {};
  Rows rows{{"  TOOK", "WAITED", "WHAT"}};
  for (const auto& link : path) {
    const auto& step = run.steps[link.step];
    rows.push_back({"  " + took_of(step), link.waited.count() < 100 ? std::string{} : format_elapsed(link.waited),
                    step.component.empty() ? step.title : fmt::format("{}: {}", step.component, step.title)});
  }
  return "\nCritical path: the steps that decided how long it took\n" + render_table(rows, 0);
}

std::string finding_text(const domain::Finding& finding, const Painter& paint) {
  auto text = fmt::format("  {} {}\n", paint(Paint::warning, harmless(finding.code + " " + finding.name)),
                          harmless(place_of(finding)));
  const auto line = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("    {:<8} {}\n", name, harmless(value));
  };
  line("reason:", finding.reason);
  line("says:", finding.message);
  if (finding.exit_code) line("exit:", fmt::format("{}", *finding.exit_code));
  line("event:", finding.event);
  for (const auto& node : finding.nodes) {
    for (const auto& [what, lack] : node.lacks)
      line("node:", fmt::format("{}: {} {}", node.node, what, lack));
  }
  for (const auto& log : finding.last_log)
    text += fmt::format("      | {}\n", harmless(log));
  line("cause:", finding.cause);
  line("next:", finding.next);
  return text;
}

std::string troubles(const RunRecord& run, const Painter& paint) {
  std::string text;
  for (const auto& step : run.steps) {
    if (step.failure) text += "\n" + failure_text(*step.failure, paint);
    if (!step.findings.empty()) text += fmt::format("\nSeen in the cluster during \"{}\":\n", harmless(step.title));
    for (const auto& finding : step.findings)
      text += finding_text(finding, paint);
    if (!step.retries.empty()) text += fmt::format("\nTried again: {}\n", harmless(step.title));
    for (const auto& retry : step.retries)
      text += fmt::format("  {}\n", harmless(retry_words(retry)));
  }
  return text;
}

std::string lines_under(std::string_view heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string text = fmt::format("\n{}:\n", heading);
  for (const auto& line : lines)
    text += fmt::format("  {}\n", harmless(line));
  return text;
}

std::string commands(const RunRecord& run) {
  std::string text;
  for (const auto& step : run.steps) {
    if (!step.command.empty()) text += fmt::format("  {:>4} $ {}\n", step.id + 1, harmless_lines(step.command));
  }
  return text.empty() ? text : "\nCommands:\n" + text;
}

/// Runs of older versions have only a title.
std::string command_of(const RunRecord& run) {
  return run.command.empty() ? run.title : run.command;
}

}  // namespace

std::string history_table(const std::vector<RunRecord>& runs, int width) {
  Rows rows{{"RUN", "STARTED", "COMMAND", "FLAVOUR", "CLUSTER", "RESULT", "TOOK", "FAILED"}};
  for (const auto& run : runs) {
    const auto trouble = exec::trouble_of(run);
    rows.push_back({run.id, local_time(run.started, Zone::hidden), command_of(run), run.flavour, run.cluster,
                    std::string(exec::to_name(run.outcome)), format_elapsed(run.elapsed),
                    support::join(trouble, ", ")});
  }
  return render_table(rows, width);
}

std::string run_report_text(const RunRecord& run, const Terminal& terminal, Verbosity verbosity) {
  const Painter paint{.color = terminal.color};
  const bool with_commands = verbosity == Verbosity::commands || verbosity == Verbosity::output;
  return head(run, paint) + component_table(run) + step_table(run) + (with_commands ? commands(run) : "") +
         path_table(run) + troubles(run, paint) + lines_under("Notes", run.notes) +
         lines_under("Not readable", run.problems);
}

}  // namespace datamill::ui
