#pragma once

#include "datamill/proc/runner.hpp"
#include "datamill/ui/ui.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace datamill::ui {

struct ScreenSize {
  int columns = 80;
  int rows = 24;
};

/// The size now (TIOCGWINSZ); the default where `fd` is no terminal.
[[nodiscard]] ScreenSize screen_size(int fd);

/// What a view needs of the world, so that tests can stand in for it.
struct ViewContext {
  Terminal terminal{};
  Verbosity verbosity = Verbosity::normal;
  std::function<void(std::string_view)> write{};
  std::function<ScreenSize()> size{};
  std::function<proc::Clock::time_point()> now{};
};

/// Animated: a live line per running step, finished ones scroll above.
[[nodiscard]] std::unique_ptr<exec::EventSink> make_tty_view(ViewContext context);
/// One line per change of state and per heartbeat.
[[nodiscard]] std::unique_ptr<exec::EventSink> make_plain_view(ViewContext context);
/// One JSON object per line.
[[nodiscard]] std::unique_ptr<exec::EventSink> make_json_view(ViewContext context);

}  // namespace datamill::ui
