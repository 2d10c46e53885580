#include "datamill/support/units.hpp"
#include "ui/view.hpp"

#include <cerrno>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace datamill::ui {

namespace {

/// https://no-color.org: set and not empty. CI systems set CI to "true" or "1".
bool is_set(const support::Environment& environment, std::string_view name) {
  const auto value = environment.get(name);
  return !value.empty() && !(name == "CI" && value == "false");
}

int columns_from(const support::Environment& environment) {
  const auto columns = support::parse_integer(environment.get("COLUMNS"));
  return columns && *columns >= 20 && *columns <= 10000 ? static_cast<int>(*columns) : ScreenSize{}.columns;
}

}  // namespace

ScreenSize screen_size(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

Terminal detect_terminal(int fd, ColorMode mode, const support::Environment& environment) {
  Terminal terminal{.fd = fd, .is_terminal = isatty(fd) == 1};
  const auto type = environment.get("TERM");
  const bool capable = terminal.is_terminal && !type.empty() && type != "dumb";
  const bool is_ci = is_set(environment, "CI");
  terminal.animation = capable && !is_ci;
  const bool wanted = capable && !is_ci && !is_set(environment, "NO_COLOR");
  terminal.color = mode == ColorMode::always || (mode == ColorMode::automatic && wanted);
  terminal.width = terminal.is_terminal ? screen_size(fd).columns : columns_from(environment);
  return terminal;
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      // A child that shares the terminal may have made it non-blocking.
      pollfd output{.fd = fd, .events = POLLOUT, .revents = 0};
      (void)poll(&output, 1, 1000);
    } else if (errno != EINTR) {
      return;
    }
  }
}

bool reader_is_gone(int fd) {
  pollfd output{.fd = fd, .events = 0, .revents = 0};
  return poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

}  // namespace datamill::ui
