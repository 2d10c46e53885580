#include "datamill/support/units.hpp"
#include "ui/report_page.hpp"
#include "ui/report_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace datamill::ui {

using exec::ComponentRecord;
using exec::Elapsed;
using exec::RunRecord;
using exec::StepRecord;
using exec::StepState;
using support::format_elapsed;

namespace {

/// Places on the chart as percent of its width.
class Scale {
public:
  explicit Scale(const RunRecord& run) : run_(run) {
    whole_ = std::max(run.elapsed, Elapsed{1});
    for (const auto& step : run.steps) {
      if (step.started) whole_ = std::max(whole_, offset(*step.started) + step.elapsed);
    }
  }

  [[nodiscard]] Elapsed whole() const { return whole_; }
  [[nodiscard]] double percent(Elapsed time) const {
    return std::clamp(100.0 * static_cast<double>(time.count()) / static_cast<double>(whole_.count()), 0.0, 100.0);
  }
  [[nodiscard]] double at(exec::WallTime time) const { return percent(std::max(Elapsed{}, offset(time))); }
  [[nodiscard]] std::string style(exec::WallTime start, Elapsed length) const {
    const auto left = at(start);
    return fmt::format("left:{:.3f}%;width:{:.3f}%", left, std::min(percent(length), 100.0 - left));
  }

private:
  [[nodiscard]] Elapsed offset(exec::WallTime time) const { return run_.started ? time - *run_.started : Elapsed{}; }
  const RunRecord& run_;
  Elapsed whole_{};
};

/// Distance of the lines over time: at most eight of them.
Elapsed line_distance(Elapsed whole) {
  using namespace std::chrono_literals;
  constexpr std::array<Elapsed, 20> kDistances{10ms, 50ms, 100ms, 200ms, 500ms, 1s,    2s,    5s,    10s,    15s,
                                               30s,  1min, 2min,  5min,  10min, 15min, 30min, 60min, 120min, 360min};
  for (const auto distance : kDistances) {
    if (whole / distance <= 8) return distance;
  }
  return whole / 8;
}

/// "200ms", "10s", "1m30s"
std::string tick_text(Elapsed time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return time == seconds ? support::format_duration(seconds) : fmt::format("{}ms", time.count());
}

std::string axis(const Scale& scale) {
  const auto distance = line_distance(scale.whole());
  std::string ticks;
  std::string lines;
  for (Elapsed time{}; time <= scale.whole(); time += distance) {
    ticks += fmt::format(R"(<span class="tick" style="left:{:.3f}%">{}</span>)", scale.percent(time), tick_text(time));
    lines += fmt::format(R"(<i style="left:{:.3f}%"></i>)", scale.percent(time));
  }
  return fmt::format(R"(<div class="row axis"><div></div><div class="track">{}</div><div></div></div>
<div class="grid">{}</div>
)",
                     ticks, lines);
}

std::string step_bar(const StepRecord& step, const Scale& scale, bool on_path) {
  const auto title = fmt::format("{}: {}, {}{}", step.title, exec::to_name(step.state), format_elapsed(step.elapsed),
                                 on_path ? ", on the critical path" : "");
  auto text = fmt::format(R"(<div class="bar {}{}" style="{}" title="{}"></div>)", class_of(exec::to_name(step.state)),
                          on_path ? " crit" : "", scale.style(*step.started, step.elapsed), escaped(title));
  for (const auto& retry : step.retries) {
    if (!retry.at) continue;
    text += fmt::format(R"(<div class="retry" style="left:{:.3f}%" title="{}"></div>)", scale.at(*retry.at),
                        escaped(step.title + ": " + retry_words(retry)));
  }
  return text;
}

std::string component_row(const ComponentRecord& component, const RunRecord& run, const Scale& scale,
                          const std::set<plan::StepId>& path) {
  const auto name = escaped(shown_name(component.name));
  std::string track;
  if (component.started) {
    const auto title = fmt::format("{}: {}, {} from {}", shown_name(component.name), state_words(component),
                                   format_elapsed(component.elapsed), offset_of(component.started, run));
    track =
        fmt::format(R"(<div class="span {}" style="{}" title="{}"></div>)", class_of(exec::to_name(component.state)),
                    scale.style(*component.started, component.elapsed), escaped(title));
    for (const auto id : component.steps) {
      const auto& step = run.steps[id];
      if (step.started && step.state != StepState::skipped) track += step_bar(step, scale, path.count(id) != 0);
    }
  } else {
    track = fmt::format(R"(<div class="note">{}</div>)", escaped(state_words(component)));
  }
  return fmt::format(R"(<div class="row"><div class="label" title="{}">{}</div><div class="track">{}</div>)"
                     R"(<div class="took">{}</div></div>
)",
                     name, name, track, component.started ? format_elapsed(component.elapsed) : std::string{});
}

std::string legend(const RunRecord& run) {
  std::set<StepState> seen;
  bool retries = false;
  for (const auto& step : run.steps) {
    if (step.started) seen.insert(step.state);
    retries = retries || !step.retries.empty();
  }
  std::string text = R"(<div class="legend">)";
  for (const auto state : seen)
    text += fmt::format(R"(<span><span class="key {}"></span>{}</span>)", class_of(exec::to_name(state)),
                        exec::to_name(state));
  text += R"(<span><span class="key crit s-unchanged"></span>critical path</span>)";
  if (retries) text += R"(<span><span class="key mark"></span>tried again</span>)";
  return text + "</div>\n";
}

}  // namespace

std::string gantt_chart(const RunRecord& run) {
  if (run.steps.empty()) return {};
  const Scale scale(run);
  std::set<plan::StepId> path;
  for (const auto& link : exec::critical_path(run))
    path.insert(link.step);
  std::string rows;
  std::vector<std::string> unchanged;
  for (const auto& component : exec::components_of(run)) {
    if (component.state == StepState::unchanged && !component.started)
      unchanged.push_back(component.name);
    else
      rows += component_row(component, run, scale, path);
  }
  auto text = fmt::format("<section>\n<h2>Timeline</h2>\n<div class=\"gantt\">\n{}{}</div>\n{}", axis(scale), rows,
                          legend(run));
  if (!unchanged.empty()) {
    std::string names;
    for (const auto& name : unchanged)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", shown_name(name));
    text += fmt::format("<p class=\"soft\">Unchanged: {}</p>\n", escaped(names));
  }
  return text + "</section>\n";
}

}  // namespace datamill::ui
