#pragma once

#include "ui/view.hpp"

#include <memory>
#include <string>
#include <vector>

namespace datamill::ui::testing {

/// A view that writes into a string, on a screen of any size, by a clock that moves when told.
struct Bench {
  std::string out{};
  ScreenSize screen{.columns = 80, .rows = 24};
  proc::Clock::time_point now{};
  plan::Plan plan{.title = "Install flavour quickstart"};

  [[nodiscard]] ViewContext context(Verbosity verbosity = Verbosity::normal, bool color = false) {
    return {.terminal = {.color = color},
            .verbosity = verbosity,
            .write = [this](std::string_view text) { out += text; },
            .size = [this] { return screen; },
            .now = [this] { return now; }};
  }

  plan::StepId add(std::string component, std::string title, bool interactive = false) {
    plan::Step step{.component = std::move(component), .title = std::move(title)};
    step.id = plan.steps.size();
    step.action = plan::RunCommand{.command = {.program = "helm", .interactive = interactive}};
    plan.steps.push_back(std::move(step));
    return plan.steps.size() - 1;
  }

  /// Takes what was written since the last call.
  [[nodiscard]] std::string taken() { return std::exchange(out, {}); }
};

/// What a terminal would show: understands newline, carriage return, cursor up, erase line, erase below, and wraps
/// at its width; colours are dropped. Lines that scrolled out of the screen are kept.
class FakeScreen {
public:
  explicit FakeScreen(std::size_t columns) : columns_(columns) {}
  void feed(const std::string& text);
  /// The lines up to the last one that is not empty.
  [[nodiscard]] std::vector<std::string> lines() const;
  [[nodiscard]] std::size_t cursor_row() const { return row_; }
  [[nodiscard]] std::size_t cursor_column() const { return column_; }

private:
  void put(char c);
  std::size_t escape(const std::string& text, std::size_t at);
  std::string& line();

  std::size_t columns_;
  std::vector<std::string> rows_{};
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

}  // namespace datamill::ui::testing
