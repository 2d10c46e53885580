#include "datamill/support/units.hpp"
#include "ui/report_page.hpp"
#include "ui/report_words.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace datamill::ui {

using exec::RunRecord;
using support::format_elapsed;

namespace {

std::string section(std::string_view heading, std::string_view head_row, const std::string& rows) {
  if (rows.empty()) return {};
  return fmt::format("<section>\n<h2>{}</h2>\n<div class=\"scroll\"><table>\n<thead><tr>{}</tr></thead>\n"
                     "<tbody>\n{}</tbody>\n</table></div>\n</section>\n",
                     heading, head_row, rows);
}

std::string path_table(const RunRecord& run) {
  std::string rows;
  for (const auto& link : exec::critical_path(run)) {
    const auto& step = run.steps[link.step];
    const auto waited = link.waited.count() < 100 ? std::string{} : format_elapsed(link.waited);
    rows +=
        fmt::format(R"(<tr><td class="n">{}</td><td>{}</td><td>{}</td><td class="n">{}</td><td class="n">{}</td></tr>
)",
                    step.id + 1, escaped(shown_name(step.component)), escaped(step.title), waited, took_of(step));
  }
  return section(
      "Critical path: the steps that decided how long it took",
      R"(<th class="n">#</th><th>Component</th><th>Step</th><th class="n">Waited</th><th class="n">Took</th>)", rows);
}

std::string component_table(const RunRecord& run) {
  std::string rows;
  for (const auto& component : exec::components_of(run)) {
    const auto because =
        component.because.empty() ? std::string{} : fmt::format(" because of {}", escaped(component.because));
    rows += fmt::format(
        R"(<tr><td class="c">{}</td><td class="w">{}{}</td><td>{}</td><td>{}</td><td class="n">{}</td><td class="n">{}</td>)"
        R"(<td class="n">{}</td><td class="n">{}</td></tr>
)",
        escaped(shown_name(component.name)), pill(exec::to_name(component.state), exec::to_name(component.state)),
        because, escaped(component.ns), escaped(component.reason), component.steps.size(),
        component.retries == 0 ? std::string{} : fmt::format("{}", component.retries),
        offset_of(component.started, run), component.started ? format_elapsed(component.elapsed) : std::string{});
  }
  return section("Components",
                 R"(<th>Component</th><th>Status</th><th>Namespace</th><th>Why it is here</th><th class="n">Steps</th>)"
                 R"(<th class="n">Retries</th><th class="n">Start</th><th class="n">Took</th>)",
                 rows);
}

std::string step_status(const exec::StepRecord& step, const RunRecord& run) {
  auto text = pill(exec::to_name(step.state), exec::to_name(step.state));
  if (step.skipped_by) text += fmt::format(" because of {}", escaped(run.steps[*step.skipped_by].title));
  if (step.attempts > 1) text += fmt::format(R"( <span class="soft">{} attempts</span>)", step.attempts);
  for (const auto& retry : step.retries)
    text += fmt::format(R"(<br/><span class="soft">{}</span>)", escaped(retry_words(retry)));
  return text;
}

std::string step_table(const RunRecord& run) {
  std::set<plan::StepId> path;
  for (const auto& link : exec::critical_path(run))
    path.insert(link.step);
  std::string rows;
  for (const auto& step : run.steps) {
    const auto command = step.command.empty() ? std::string{} : fmt::format("<code>{}</code>", escaped(step.command));
    const auto log = step.log.empty() ? std::string{} : fmt::format("<code>{}</code>", escaped(step.log));
    rows += fmt::format(
        R"(<tr{}><td class="n">{}</td><td class="c">{}</td><td class="what">{}{}{}</td><td class="w">{}</td>)"
        R"(<td class="n">{}</td><td class="n">{}</td></tr>
)",
        path.count(step.id) != 0 ? R"( class="path")" : "", step.id + 1, escaped(shown_name(step.component)),
        escaped(step.title), command, log, step_status(step, run), offset_of(step.started, run), took_of(step));
  }
  return section("Steps",
                 R"(<th class="n">#</th><th>Component</th><th>Step, its command and its log</th><th>Status</th>)"
                 R"(<th class="n">Start</th><th class="n">Took</th>)",
                 rows);
}

std::string version_table(const RunRecord& run) {
  std::string rows;
  const auto row = [&](std::string_view kind, const std::string& name, const std::string& version) {
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", kind, escaped(name), escaped(version));
  };
  if (!run.version.empty()) row("datamill", "datamill", run.version);
  for (const auto& tool : run.tools) {
    const auto known = run.versions.find(tool);
    row("tool", tool, known == run.versions.end() ? std::string{} : known->second);
  }
  for (const auto& chart : run.charts)
    row("chart", chart.release, chart.chart);
  return section("Versions", "<th>Kind</th><th>Name or release</th><th>Version or chart</th>", rows);
}

std::string list_of(std::string_view heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string items;
  for (const auto& line : lines)
    items += fmt::format("<li>{}</li>\n", escaped(line));
  return fmt::format("<section>\n<h2>{}</h2>\n<ul>\n{}</ul>\n</section>\n", heading, items);
}

std::string kept_list(const RunRecord& run) {
  std::vector<std::string> lines;
  for (const auto& kept : run.kept)
    lines.push_back(fmt::format("{}: {}", kept.what, kept.command));
  return list_of("What stays in the cluster, and what removes it", lines);
}

}  // namespace

std::string page_tables(const RunRecord& run) {
  return path_table(run) + component_table(run) + step_table(run) + version_table(run) + kept_list(run) +
         list_of("Notes", run.notes) + list_of("What of the journal could not be read", run.problems);
}

}  // namespace datamill::ui
