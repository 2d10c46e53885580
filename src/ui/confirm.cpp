#include "datamill/support/text.hpp"
#include "datamill/ui/ui.hpp"
#include "ui/run_text.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace datamill::ui {

namespace {

constexpr int kStdin = 0;

/// Turns the signals that end a program into something to wait for, as long as it lives.
class SignalWatch {
public:
  SignalWatch() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
      sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
    fd_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch() {
    if (fd_ >= 0) close(fd_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  [[nodiscard]] int fd() const { return fd_; }
  /// The signal that arrived, or 0. Takes it away.
  [[nodiscard]] int take() const {
    signalfd_siginfo info{};
    return read(fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info) ? static_cast<int>(info.ssi_signo) : 0;
  }

private:
  sigset_t before_{};
  int fd_ = -1;
};

[[noreturn]] void interrupted(int signal, const Terminal& terminal) {
  write_all(terminal.fd, "\n");
  throw support::Failure(
      signal == SIGINT ? support::ExitCode::interrupted : support::ExitCode::terminated, "DM601",
      fmt::format("interrupted by {} at a question; nothing was changed", proc::signal_name(signal)));
}

/// One line of stdin without its end, byte by byte: what follows belongs to the next question.
std::string read_answer(const Terminal& terminal) {
  const SignalWatch signals;
  std::string answer;
  while (answer.size() < 100) {
    std::array<pollfd, 2> sources{pollfd{.fd = kStdin, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = signals.fd(), .events = POLLIN, .revents = 0}};
    (void)poll(sources.data(), sources.size(), -1);
    if (const int signal = signals.take(); signal != 0) interrupted(signal, terminal);
    if (sources[0].revents == 0) continue;
    char c = 0;
    if (read(kStdin, &c, 1) != 1 || c == '\n') break;
    answer += c;
  }
  return answer;
}

}  // namespace

bool can_ask(const Terminal& terminal) {
  return terminal.is_terminal && isatty(kStdin) == 1;
}

bool confirm(const std::string& question, const Terminal& terminal) {
  if (!can_ask(terminal)) return false;
  write_text(terminal, question + " [y/N] ");
  std::string answer(support::trim(read_answer(terminal)));
  for (char& c : answer)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return answer == "y" || answer == "yes";
}

}  // namespace datamill::ui
