#include "datamill/ui/run_report.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "ui/report_page.hpp"
#include "ui/report_words.hpp"
#include "ui/run_text.hpp"
#include "ui/screen_text.hpp"

#include <fmt/format.h>

#include <map>

namespace datamill::ui {

using exec::RunRecord;

namespace {

std::string paragraph(std::string_view name, const std::string& value) {
  return value.empty() ? std::string{} : fmt::format("<p><b>{}:</b> {}</p>\n", name, escaped(value));
}

std::string log_block(const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  return fmt::format("<pre>{}</pre>\n", escaped(support::join(lines, "\n")));
}

std::string finding_card(const domain::Finding& finding) {
  auto text = fmt::format("<div class=\"card s-skipped\">\n<h3>{} {} <span class=\"soft\">{}</span></h3>\n",
                          escaped(finding.code), escaped(finding.name), escaped(place_of(finding)));
  text += paragraph("Reason", finding.reason) + paragraph("The cluster says", finding.message);
  if (finding.exit_code) text += paragraph("Exit code", fmt::format("{}", *finding.exit_code));
  text += paragraph("Event", finding.event);
  for (const auto& node : finding.nodes) {
    std::string lacks;
    for (const auto& [what, lack] : node.lacks)
      lacks += fmt::format("{}{}: {}", lacks.empty() ? "" : "; ", what, lack);
    text += paragraph("Node " + escaped(node.node), lacks);
  }
  text += log_block(finding.last_log) + paragraph("Likely cause", finding.cause) + paragraph("Next", finding.next);
  return text + "</div>\n";
}

std::string failure_card(const exec::StepRecord& step) {
  const auto& failure = *step.failure;
  auto text = fmt::format("<div class=\"card s-failed\">\n<h3>{} <span class=\"soft\">{}</span></h3>\n",
                          escaped(step.title), escaped(shown_name(step.component)));
  text += paragraph("Ended", failure.outcome) + paragraph("Likely cause", cause_text(failure)) +
          paragraph("Next", failure.hint) + paragraph("Log", failure.log_file);
  if (!failure.command.empty()) text += fmt::format("<pre>$ {}</pre>\n", escaped(failure.command));
  text += log_block(failure.last_lines);
  if (!failure.skipped.empty()) text += paragraph("Skipped because of it", support::join(failure.skipped, ", "));
  for (const auto& finding : step.findings)
    text += finding_card(finding);
  return text + "</div>\n";
}

/// What was seen while a step ran that got through in the end, or has not ended.
std::string passing_card(const exec::StepRecord& step) {
  auto text = fmt::format("<div class=\"card {}\">\n<h3>{} <span class=\"soft\">{}, {}</span></h3>\n",
                          class_of(exec::to_name(step.state)), escaped(step.title), escaped(shown_name(step.component)),
                          exec::to_name(step.state));
  for (const auto& finding : step.findings)
    text += finding_card(finding);
  return text + "</div>\n";
}

std::string fact(std::string_view name, const std::string& value) {
  return value.empty() ? std::string{} : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, escaped(value));
}

std::string counts(const RunRecord& run) {
  std::map<exec::StepState, int> steps;
  for (const auto& step : run.steps)
    ++steps[step.state];
  std::string text;
  for (const auto& [state, count] : steps) {
    const auto name = exec::to_name(state);
    text += pill(name, fmt::format("{} {} {}", count, count == 1 ? "step" : "steps", name)) + "\n";
  }
  return text.empty() ? text : fmt::format("<div class=\"counts\">\n{}</div>\n", text);
}

std::string page_head(const RunRecord& run) {
  const auto outcome = exec::to_name(run.outcome);
  auto text = fmt::format("<header>\n{}\n<h1>{}</h1>\n<div class=\"soft\">{}</div>\n", pill(outcome, outcome),
                          escaped(run.title.empty() ? run.id : run.title), escaped(verdict_of(run)));
  if (!run.command_line.empty()) text += fmt::format("<pre>$ {}</pre>\n", escaped(run.command_line));
  text += "<dl class=\"facts\">\n";
  text += fact("Started", local_time(run.started, Zone::shown)) + fact("Ended", local_time(run.ended, Zone::shown));
  text += fact("Took", support::format_elapsed(run.elapsed));
  if (run.estimated) text += fact("Expected", support::format_elapsed(*run.estimated));
  text += fact("Flavour", run.flavour);
  text += fact("Cluster", run.provider.empty() ? run.cluster : fmt::format("{} ({})", run.cluster, run.provider));
  text += fact("datamill", run.version) + fact("Run", run.id) + fact("Logs", run.log_directory);
  return text + "</dl>\n" + counts(run) + "</header>\n";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : harmless_lines(text)) {
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    case '\'': out += "&#39;"; break;
    default: out += c;
    }
  }
  // The two code points of the basic plane that are characters nowhere, XML 1.0 section 2.2.
  out = support::replace_all(std::move(out), "\xEF\xBF\xBE", "\xEF\xBF\xBD");
  return support::replace_all(std::move(out), "\xEF\xBF\xBF", "\xEF\xBF\xBD");
}

std::string class_of(std::string_view state_name) {
  return "s-" + support::replace_all(std::string(state_name), " ", "-");
}

std::string pill(std::string_view state_name, std::string_view text) {
  return fmt::format(R"(<span class="pill {}">{}</span>)", class_of(state_name), escaped(text));
}

std::string trouble_cards(const RunRecord& run) {
  std::string cards;
  for (const auto& step : run.steps) {
    if (step.failure)
      cards += failure_card(step);
    else if (!step.findings.empty())
      cards += passing_card(step);
  }
  if (cards.empty()) return {};
  return fmt::format("<section>\n<h2>What went wrong, and what was seen</h2>\n{}</section>\n", cards);
}

std::string run_report_html(const RunRecord& run) {
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{}: {}</title>
<style>{}</style>
</head>
<body>
<main>
{}{}{}{}<footer>Report of run {}, made by datamill from its journal.</footer>
</main>
</body>
</html>
)",
                     exec::to_name(run.outcome), escaped(run.title.empty() ? run.id : run.title), page_style(),
                     page_head(run), trouble_cards(run), gantt_chart(run), page_tables(run), escaped(run.id));
}

}  // namespace datamill::ui
