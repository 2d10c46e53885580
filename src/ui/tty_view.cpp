#include "ui/view.hpp"

#include "datamill/support/units.hpp"
#include "datamill/ui/finding_text.hpp"
#include "ui/run_text.hpp"
#include "ui/screen_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::ui {

namespace {

/// One line per running step at the bottom of the screen, redrawn in place; everything else scrolls above it.
///
/// The cursor always rests at the start of the line below the live lines and is never hidden, so that Ctrl-Z, SIGKILL
/// or a crash leave a usable terminal.
class TtyView final : public exec::EventSink {
public:
  explicit TtyView(ViewContext context) : context_(std::move(context)), paint_{context_.terminal.color} {}
  TtyView(const TtyView&) = delete;
  TtyView& operator=(const TtyView&) = delete;
  ~TtyView() override { print({}); }

  void on(const exec::Event& event) override {
    state_.update(event, context_.now());
    std::visit([this](const auto& e) { show(e); }, event);
  }
  void tick(exec::Elapsed) override { redraw({}); }
  [[nodiscard]] bool animated() const override { return true; }

private:
  void show(const exec::RunStarted& e) {
    if (e.plan != nullptr) redraw(paint_(Paint::strong, harmless(e.plan->title)) + "\n");
  }

  void show(const exec::StepStarted& e) {
    std::string text;
    if (context_.verbosity >= Verbosity::commands && !e.command.empty()) {
      text = paint_(Paint::faint, fmt::format("$ {}", harmless_lines(e.command))) + "\n";
    }
    redraw(text);
  }

  void show(const exec::StepOutput& e) {
    // The line is shown at the next tick: drawing for each one would slow a chatty child down.
    if (context_.verbosity < Verbosity::output) return;
    redraw(fmt::format("{} {} {}\n", state_.title(e.step), paint_(Paint::faint, "|"), harmless(e.text)));
  }

  void show(const exec::StepFinished& e) {
    const auto word = paint_(status_paint(e.status), fmt::format("{:<9}", status_word(e.status)));
    const bool ran = e.status != exec::StepStatus::skipped && e.status != exec::StepStatus::already_done;
    const auto elapsed = ran ? support::format_elapsed(e.elapsed) : std::string{};
    redraw(fmt::format("{} {:>7}  {}\n", word, elapsed, state_.title(e.step)));
  }

  void show(const exec::StepRetried& e) {
    if (state_.polls(e.step) && context_.verbosity < Verbosity::commands) return;
    redraw(fmt::format("{} {:>7}  {}: {}\n", paint_(Paint::warning, fmt::format("{:<9}", "retry")), "",
                       state_.title(e.step), retry_text(e)));
  }

  void show(const exec::StepWaiting&) { redraw({}); }

  void show(const exec::FindingSeen& e) {
    redraw(fmt::format("{} {:>7}  {}: {}\n", paint_(Paint::warning, fmt::format("{:<9}", "problem")), "",
                       state_.title(e.step), finding_line(e.finding)));
  }

  void show(const exec::StepFailed& e) { redraw(failure_text(e.report, paint_)); }
  void show(const exec::Heartbeat&) { redraw({}); }
  void show(const exec::RunResumed&) {
    drawn_.clear();  // the shell wrote below them
    redraw({});
  }
  void show(const exec::Interrupting& e) { redraw(paint_(Paint::warning, interrupt_text(e)) + "\n"); }
  void show(const exec::RunFinished& e) { print(summary_text(e, state_, paint_)); }

  struct LiveLine {
    std::string text{};     ///< with colours
    std::size_t width = 0;  ///< columns
  };

  /// Prints above the live lines, then draws these anew.
  void redraw(const std::string& above) {
    // An interactive step owns the terminal.
    draw(above, state_.interactive() ? std::vector<LiveLine>{} : live_lines());
  }

  void print(const std::string& above) { draw(above, {}); }

  void draw(const std::string& above, const std::vector<LiveLine>& lines) {
    if (above.empty() && lines.empty() && drawn_.empty()) return;
    std::string out = to_top();
    // What scrolls may be wider than the screen, so the rest of the old lines is cleared first.
    if (!above.empty()) out += "\x1b[J" + above;
    for (const auto& line : lines)
      out += line.text + "\x1b[K\n";
    out += "\x1b[J";
    drawn_.clear();
    for (const auto& line : lines)
      drawn_.push_back(line.width);
    context_.write(out);
  }

  /// Moves to the first of the drawn lines; a terminal that became narrower has wrapped them.
  [[nodiscard]] std::string to_top() const {
    const auto columns = static_cast<std::size_t>(std::max(context_.size().columns, 1));
    std::size_t rows = 0;
    for (const auto width : drawn_)
      rows += std::max<std::size_t>(1, (width + columns - 1) / columns);
    return rows == 0 ? std::string{"\r"} : fmt::format("\r\x1b[{}A", rows);
  }

  [[nodiscard]] std::vector<LiveLine> live_lines() const {
    const auto& running = state_.running();
    if (running.empty()) return {};
    const auto size = context_.size();
    const auto columns = static_cast<std::size_t>(std::max(size.columns, 2)) - 1;  // the last one would wrap
    // One row for the cursor, one for the counter; the command line that the user typed should stay too.
    const auto room = static_cast<std::size_t>(std::max(size.rows - 3, 1));
    std::vector<LiveLine> lines;
    lines.reserve(running.size() + 1);
    const auto shown = running.size() <= room ? running.size() : room - 1;
    for (std::size_t i = 0; i < shown; ++i)
      lines.push_back(step_line(running[i], columns));
    if (shown < running.size()) lines.push_back(cut(fmt::format("  ... and {} more", running.size() - shown), columns));
    if (size.rows > 2) lines.push_back(counter_line(columns));
    return lines;
  }

  [[nodiscard]] LiveLine cut(const std::string& text, std::size_t columns) const {
    // Stand-ins are counted, not what they stand for: the view must know how far its lines reach.
    auto shown = fit(context_.terminal.utf8 ? text : in_ascii(text), columns);
    const auto width = display_width(shown);
    return {std::move(shown), width};
  }

  [[nodiscard]] exec::Elapsed since(proc::Clock::time_point start) const {
    return std::chrono::duration_cast<exec::Elapsed>(context_.now() - start);
  }

  /// "12.3s of ~40s"
  [[nodiscard]] std::string time_text(const RunningStep& running) const {
    auto text = support::format_elapsed(since(running.started));
    const auto* step = state_.find(running.step);
    if (step != nullptr && step->estimate >= std::chrono::seconds(2))
      text += fmt::format(" of ~{}", support::format_elapsed(step->estimate));
    return text;
  }

  [[nodiscard]] LiveLine step_line(const RunningStep& step, std::size_t columns) const {
    auto head = cut(fmt::format("{:>17}  {}", time_text(step), state_.title(step.step)), columns);
    const auto room = columns - head.width;
    if (step.news().empty() || room < 12) return head;
    const auto tail = cut(": " + step.news(), room);
    return {head.text + paint_(Paint::faint, tail.text), head.width + tail.width};
  }

  [[nodiscard]] LiveLine counter_line(std::size_t columns) const {
    auto text = fmt::format("{} {} running", state_.counter(), state_.running().size());
    if (state_.failed() > 0) text += fmt::format(", {} failed", state_.failed());
    text += fmt::format(", {}", support::format_elapsed(since(state_.started())));
    const auto left = state_.left(context_.now());
    if (left >= std::chrono::seconds(5)) text += fmt::format(", about {} left", support::format_elapsed(left));
    const auto line = cut(text, columns);
    return {paint_(state_.failed() > 0 ? Paint::bad : Paint::hint, line.text), line.width};
  }

  ViewContext context_;
  Painter paint_;
  RunState state_{};
  std::vector<std::size_t> drawn_{};  ///< widths of the live lines on the screen
};

}  // namespace

std::unique_ptr<exec::EventSink> make_tty_view(ViewContext context) {
  return std::make_unique<TtyView>(std::move(context));
}

}  // namespace datamill::ui
