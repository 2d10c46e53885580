#pragma once

#include "datamill/ui/ui.hpp"
#include "support/catch.hpp"

#include <array>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <string>
#include <unistd.h>

namespace datamill::ui::testing {

/// A pseudo terminal of 100 columns.
struct Pty {
  int master = -1;
  int slave = -1;
  Pty() {
    winsize size{.ws_row = 30, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
    REQUIRE(openpty(&master, &slave, nullptr, nullptr, &size) == 0);
  }
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;
  ~Pty() {
    close(master);
    close(slave);
  }
  void type(const std::string& keys) const { write_all(master, keys); }
  /// Whether `text` appears on the screen, among the echo of what was typed; gives up after ten seconds.
  [[nodiscard]] bool shows(const std::string& text) const { return read_until(text).find(text) != std::string::npos; }
  /// What was written to the screen up to `text` and a little more; all there is where it does not appear within ten
  /// seconds.
  [[nodiscard]] std::string read_until(const std::string& text) const {
    std::string screen;
    std::array<char, 4096> buffer{};
    pollfd output{.fd = master, .events = POLLIN, .revents = 0};
    while (screen.find(text) == std::string::npos && poll(&output, 1, 10000) == 1) {
      const auto count = read(master, buffer.data(), buffer.size());
      if (count <= 0) break;
      screen.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return screen;
  }
};

/// Puts another file in the place of stdin while it lives.
class StdinFrom {
public:
  explicit StdinFrom(int fd) : saved_(dup(0)) { REQUIRE(dup2(fd, 0) == 0); }
  StdinFrom(const StdinFrom&) = delete;
  StdinFrom& operator=(const StdinFrom&) = delete;
  ~StdinFrom() {
    dup2(saved_, 0);
    close(saved_);
  }

private:
  int saved_;
};

}  // namespace datamill::ui::testing
