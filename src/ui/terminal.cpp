#include "datamill/support/units.hpp"
#include "ui/screen_text.hpp"
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

/// "de_DE.UTF-8@euro", "C.utf8", and "UTF-8" alone, as macOS has it for LC_CTYPE.
bool names_utf8(std::string_view locale) {
  locale = locale.substr(0, locale.find('@'));
  if (const auto dot = locale.find('.'); dot != std::string_view::npos) locale.remove_prefix(dot + 1);
  std::string charset;
  for (const char c : locale) {
    if (c != '-') charset += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return charset == "utf8";
}

/// The locale of characters, "" where none is set.
std::string locale_of(const support::Environment& environment) {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (auto value = environment.get(name); !value.empty()) return value;
  }
  return {};
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
  const auto locale = locale_of(environment);
  // The log pages of CI systems are UTF-8, also where a job has a terminal.
  terminal.utf8 = !terminal.is_terminal || names_utf8(locale) || (is_ci && locale.empty());
  terminal.width = terminal.is_terminal ? screen_size(fd).columns : columns_from(environment);
  return terminal;
}

void write_text(const Terminal& terminal, std::string_view text) {
  if (terminal.utf8) return write_all(terminal.fd, text);
  write_all(terminal.fd, in_ascii(text));
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
