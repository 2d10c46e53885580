#include "cli/foreground.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/overloaded.hpp"

#include <fmt/format.h>

#include <csignal>
#include <optional>
#include <set>
#include <termios.h>

#include <unistd.h>

namespace datamill::cli {

using proc::Clock;
using support::ExitCode;

namespace {

constexpr proc::ChildId kChild = 1;
constexpr std::chrono::seconds kGrace{3};
constexpr std::chrono::seconds kPatience{2};

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
  ForegroundResult result{.program = command.command().program};
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
                   [](const proc::Resumed&) {},
                   [](const proc::Readable&) {},
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
  if (result.signal != 0) return exit_code_of_signal(result.signal);
  if (const auto* exited = std::get_if<proc::Exited>(&result.outcome)) return static_cast<ExitCode>(exited->code);
  if (const auto* signalled = std::get_if<proc::Signalled>(&result.outcome))
    return static_cast<ExitCode>(128 + signalled->signal);
  throw support::Failure(ExitCode::tool, "DM031", fmt::format("{} {}", result.program, proc::to_text(result.outcome)),
                         "`datamill tools list` shows which programs are used");
}

ExitCode exit_code_of_signal(int signal) {
  return signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated;
}

void end_children(proc::Runner& runner, const std::vector<proc::ChildId>& children) {
  std::set<proc::ChildId> left(children.begin(), children.end());
  for (const auto child : left)
    runner.signal(child, SIGTERM, true);
  auto deadline = std::optional(runner.now() + kPatience);
  while (!left.empty()) {
    const auto event = runner.wait(deadline);
    if (const auto* ended = std::get_if<proc::ChildEnded>(&event)) left.erase(ended->child);
    // A second Ctrl-C is as much as the end of patience.
    if (!std::holds_alternative<proc::DeadlineReached>(event) && !std::holds_alternative<proc::Interrupted>(event))
      continue;
    for (const auto child : left)
      runner.signal(child, SIGKILL, true);
    deadline.reset();
  }
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
                   [](const proc::Resumed&) {},
                   [](const proc::Readable&) {},
                   [&](const proc::Interrupted& interrupt) { signal = interrupt.signal; },
               },
               runner.wait(deadline));
  }
  return result;
}

}  // namespace datamill::cli
