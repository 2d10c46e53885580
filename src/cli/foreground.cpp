#include "cli/foreground.hpp"

#include "datamill/support/overloaded.hpp"

#include <csignal>
#include <optional>
#include <termios.h>

#include <unistd.h>

namespace datamill::cli {

using proc::Clock;
using support::ExitCode;

namespace {

constexpr proc::ChildId kChild = 1;
constexpr std::chrono::seconds kGrace{3};

/// A killed child leaves a terminal that echoes nothing.
class TerminalModes {
public:
  TerminalModes() : known_(tcgetattr(STDIN_FILENO, &modes_) == 0) {}
  TerminalModes(const TerminalModes&) = delete;
  TerminalModes& operator=(const TerminalModes&) = delete;
  ~TerminalModes() {
    // From the background setting them would stop us.
    if (known_ && tcgetpgrp(STDIN_FILENO) == getpgrp()) (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &modes_);
  }

private:
  termios modes_{};
  bool known_ = false;
};

}  // namespace

ForegroundResult run_foreground(proc::Runner& runner, const command::ResolvedCommand& command) {
  const TerminalModes modes;
  ForegroundResult result;
  std::optional<Clock::time_point> deadline;
  bool ended = false;
  const auto end_it = [&](int signal) {
    runner.signal(kChild, deadline ? SIGKILL : signal, false);
    deadline = runner.now() + kGrace;
  };
  runner.start(kChild, command);
  while (!ended) {
    std::visit(support::Overloaded{
                   [](const proc::OutputLine&) {},
                   [&](const proc::ChildEnded& end) {
                     ended = true;
                     result.outcome = end.outcome;
                   },
                   [&](const proc::DeadlineReached&) { end_it(SIGKILL); },
                   [&](const proc::Interrupted& interrupt) {
                     result.signal = interrupt.signal;
                     end_it(interrupt.signal);
                   },
               },
               runner.wait(deadline));
  }
  return result;
}

ExitCode exit_code_of(const ForegroundResult& result) {
  if (result.signal != 0) return result.signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated;
  if (const auto* exited = std::get_if<proc::Exited>(&result.outcome)) return static_cast<ExitCode>(exited->code);
  if (const auto* signalled = std::get_if<proc::Signalled>(&result.outcome))
    return static_cast<ExitCode>(128 + signalled->signal);
  return ExitCode::step_failed;
}

exec::CaptureResult run_uninterrupted(proc::Runner& runner, const command::ResolvedCommand& command,
                                      std::chrono::seconds limit, int& signal) {
  exec::CaptureResult result;
  bool ended = false;
  std::optional<Clock::time_point> deadline = runner.now() + limit;
  runner.start(kChild, command);
  while (!ended) {
    std::visit(support::Overloaded{
                   [&](const proc::OutputLine& line) {
                     auto& text = line.stream == proc::Stream::out ? result.out : result.err;
                     text += line.text;
                     text += proc::line_end(line);
                   },
                   [&](const proc::ChildEnded& end) {
                     ended = true;
                     result.outcome = end.outcome;
                   },
                   [&](const proc::DeadlineReached&) {
                     deadline.reset();
                     runner.signal(kChild, SIGKILL, true);
                   },
                   [&](const proc::Interrupted& interrupt) { signal = interrupt.signal; },
               },
               runner.wait(deadline));
  }
  return result;
}

}  // namespace datamill::cli
