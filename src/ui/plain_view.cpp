#include "ui/view.hpp"

#include "datamill/support/overloaded.hpp"
#include "datamill/support/units.hpp"
#include "datamill/ui/finding_text.hpp"
#include "ui/run_text.hpp"
#include "ui/screen_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace datamill::ui {

namespace {

/// Of the last line of a step that takes long: some tools write kilobytes into one.
constexpr std::size_t kShownOutput = 120;
constexpr std::chrono::seconds kBetweenNews{10};

class PlainView final : public exec::EventSink {
public:
  explicit PlainView(ViewContext context) : context_(std::move(context)), paint_{context_.terminal.color} {}

  void on(const exec::Event& event) override {
    const auto now = context_.now();
    state_.update(event, now);
    std::visit([this](const auto& e) { show(e); }, event);
  }

private:
  [[nodiscard]] bool quiet() const { return context_.verbosity == Verbosity::quiet; }

  void line(Paint paint, std::string_view word, const std::string& text) {
    if (!quiet()) {
      context_.write(fmt::format("{} {} {}\n", state_.counter(), paint_(paint, fmt::format("{:<9}", word)), text));
    }
  }

  void show(const exec::RunStarted& e) {
    if (quiet() || e.plan == nullptr) return;
    context_.write(fmt::format("{}\n", paint_(Paint::strong, harmless(e.plan->title))));
  }

  void show(const exec::StepStarted& e) {
    if (e.attempt > 1 && hides_retries(e.step)) return;
    line(Paint::plain, "start", state_.title(e.step));
    if (context_.verbosity >= Verbosity::commands && !e.command.empty()) {
      context_.write(paint_(Paint::faint, fmt::format("$ {}", harmless_lines(e.command))) + "\n");
    }
  }

  void show(const exec::StepOutput& e) {
    if (context_.verbosity < Verbosity::output) return;
    context_.write(fmt::format("{} | {}\n", state_.title(e.step), harmless(e.text)));
  }

  void show(const exec::StepFinished& e) { line(status_paint(e.status), status_word(e.status), finished_text(e)); }

  [[nodiscard]] std::string finished_text(const exec::StepFinished& e) const {
    const bool ran = e.status != exec::StepStatus::skipped && e.status != exec::StepStatus::already_done;
    const auto title = state_.title(e.step);
    return ran ? fmt::format("{} ({})", title, support::format_elapsed(e.elapsed)) : title;
  }

  [[nodiscard]] bool hides_retries(plan::StepId step) const {
    return state_.polls(step) && context_.verbosity < Verbosity::commands;
  }

  void show(const exec::StepRetried& e) {
    if (hides_retries(e.step)) return;
    line(Paint::warning, "retry", fmt::format("{}: {}", state_.title(e.step), retry_text(e)));
  }

  /// Pods come and go by the second; a log wants a line now and then.
  void show(const exec::StepWaiting& e) {
    const auto now = context_.now();
    const auto [last, is_new] = told_.try_emplace(e.step, now);
    if (!is_new && now - last->second < kBetweenNews) return;
    last->second = now;
    line(Paint::plain, "waiting", fmt::format("{}: {}", state_.title(e.step), fit(harmless(e.text), kShownOutput)));
  }

  void show(const exec::FindingSeen& e) {
    line(Paint::warning, "problem", fmt::format("{}: {}", state_.title(e.step), finding_line(e.finding)));
  }

  void show(const exec::StepFailed& e) { context_.write(failure_text(e.report, paint_)); }

  void show(const exec::Heartbeat&) {
    const auto now = context_.now();
    for (const auto& step : state_.running()) {
      const auto elapsed = std::chrono::duration_cast<exec::Elapsed>(now - step.started);
      const auto last = step.news().empty() ? std::string{} : fmt::format(": {}", fit(step.news(), kShownOutput));
      line(Paint::plain, "waiting",
           fmt::format("{} ({}){}", state_.title(step.step), support::format_elapsed(elapsed), last));
    }
  }

  void show(const exec::RunResumed& e) {
    line(Paint::plain, "resumed", fmt::format("after {}", support::format_elapsed(e.paused)));
  }

  void show(const exec::Interrupting& e) { context_.write(paint_(Paint::warning, interrupt_text(e)) + "\n"); }

  void show(const exec::RunFinished& e) {
    if (quiet() && exec::succeeded(e)) return;
    context_.write(summary_text(e, state_, paint_));
  }

  ViewContext context_;
  Painter paint_;
  RunState state_{};
  std::map<plan::StepId, proc::Clock::time_point> told_{};  ///< when the last news of a step were shown
};

}  // namespace

std::unique_ptr<exec::EventSink> make_plain_view(ViewContext context) {
  return std::make_unique<PlainView>(std::move(context));
}

}  // namespace datamill::ui
