// What the pretended kubectl does with a terminal of its own.
#include "tools.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <string>
#include <termios.h>

#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace datamill::fake {

namespace {

void tell_size() {
  winsize size{};
  (void)ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
  std::printf("%d lines, %d columns\r\n", size.ws_row, size.ws_col);
  std::fflush(stdout);
}

/// As kubectl does for --tty: keys come as they are, Ctrl-C too.
void take_keys_as_they_are() {
  termios modes{};
  tcgetattr(STDIN_FILENO, &modes);
  cfmakeraw(&modes);
  tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

}  // namespace

int terminal_shell() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGWINCH);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  const int sizes = signalfd(-1, &set, SFD_CLOEXEC);
  take_keys_as_they_are();
  tell_size();
  std::array<pollfd, 2> events{pollfd{.fd = sizes, .events = POLLIN, .revents = 0},
                               pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0}};
  while (poll(events.data(), events.size(), -1) > 0) {
    if (events[0].revents != 0) {
      signalfd_siginfo change{};
      (void)!read(sizes, &change, sizeof change);
      tell_size();
    }
    if (events[1].revents == 0) continue;
    char key = 'q';
    if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q') break;
    std::printf("key %d\r\n", key);
    std::fflush(stdout);
  }
  // The modes stay as they are: the real one may be killed, too.
  return 7;
}

}  // namespace datamill::fake
