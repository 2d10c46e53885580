#include "datamill/exec/capture.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/overloaded.hpp"
#include "datamill/support/text.hpp"
#include "exec/transient.hpp"

#include <algorithm>

namespace datamill::exec {
namespace {

using proc::Clock;

constexpr std::chrono::seconds kGrace{2};

/// One command under way.
struct Capture {
  Clock::time_point next{};  ///< when to ask it to stop, or to kill it
  bool asked = false;
  bool killed = false;
  bool ended = false;
};

class Captures {
public:
  Captures(proc::Runner& runner, const std::vector<CaptureRequest>& requests)
      : runner_(runner), requests_(requests), states_(requests.size()), results_(requests.size()) {}

  [[nodiscard]] std::vector<CaptureResult> collect() {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      states_[i].next = runner_.now() + requests_[i].timeout;
      runner_.start(i, requests_[i].command);
    }
    while (std::any_of(states_.begin(), states_.end(), [](const Capture& state) { return !state.ended; })) {
      handle(runner_.wait(next_deadline()));
      stop_overdue();
    }
    if (signal_ == 0) return std::move(results_);
    throw support::Failure{signal_ == SIGINT ? support::ExitCode::interrupted : support::ExitCode::terminated, "DM601",
                           "interrupted; nothing was changed"};
  }

private:
  [[nodiscard]] std::optional<Clock::time_point> next_deadline() const {
    std::optional<Clock::time_point> next;
    for (const auto& state : states_) {
      if (!state.ended && !state.killed) next = next ? std::min(*next, state.next) : state.next;
    }
    return next;
  }

  void handle(proc::RunnerEvent event) {
    std::visit(support::Overloaded{
                   [&](const proc::OutputLine& line) {
                     if (line.child >= results_.size()) return;
                     CaptureResult& result = results_[line.child];
                     auto& text = line.stream == proc::Stream::out ? result.out : result.err;
                     text += line.text;
                     text += proc::line_end(line);
                   },
                   [&](const proc::ChildEnded& ended) {
                     if (ended.child < results_.size()) end(ended.child, ended.outcome);
                   },
                   [](const proc::DeadlineReached&) {},
                   [](const proc::Readable&) {},
                   [&](const proc::Resumed& resumed) {
                     for (auto& state : states_)
                       state.next += resumed.paused;
                   },
                   [&](const proc::Interrupted& interrupt) { interrupted(interrupt.signal); },
               },
               event);
  }

  void end(std::size_t i, const proc::Outcome& outcome) {
    states_[i].ended = true;
    results_[i].outcome = outcome;
    if (signal_ == 0 && states_[i].asked && !proc::succeeded(outcome)) {
      results_[i].outcome = proc::TimedOut{.after = std::chrono::ceil<std::chrono::seconds>(requests_[i].timeout),
                                           .killed = states_[i].killed};
    }
  }

  void interrupted(int signal) {
    const bool second = std::exchange(signal_, signal) != 0;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i].ended) continue;
      if (second) {
        kill(i);
      } else if (!states_[i].asked) {
        ask(i);
      }
    }
  }

  void stop_overdue() {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const Capture& state = states_[i];
      if (state.ended || state.killed || runner_.now() < state.next) continue;
      if (state.asked) {
        kill(i);
      } else {
        ask(i);
      }
    }
  }

  void ask(std::size_t i) {
    states_[i].asked = true;
    states_[i].next = runner_.now() + kGrace;
    const auto& stop = requests_[i].command.command().stop;
    runner_.signal(i, stop.first, stop.whole_group);
  }

  void kill(std::size_t i) {
    states_[i].killed = true;
    runner_.signal(i, SIGKILL, true);
  }

  proc::Runner& runner_;
  const std::vector<CaptureRequest>& requests_;
  std::vector<Capture> states_;
  std::vector<CaptureResult> results_;
  int signal_ = 0;
};

}  // namespace

std::vector<CaptureResult> capture_all(proc::Runner& runner, const std::vector<CaptureRequest>& requests) {
  return Captures{runner, requests}.collect();
}

bool CaptureResult::may_pass() const {
  if (ok() || !std::holds_alternative<proc::Exited>(outcome)) return false;
  const auto lines = support::split_lines(err);
  const auto any = [&](auto&& judge) { return std::any_of(lines.begin(), lines.end(), judge); };
  const auto is_away = [](const std::string& line) {
    return support::contains(line, "connection refused") || support::contains(line, "no route to host") ||
           support::contains(line, "i/o timeout");
  };
  return !any(is_away) && any([](const std::string& line) { return transient_of(line) != Transient::no; });
}

std::string CaptureResult::reason() const {
  const auto lines = support::split_lines(support::trim(err));
  if (lines.empty()) return proc::to_text(outcome);
  const auto is_stack = [](const std::string& line) { return line.starts_with("goroutine "); };
  return std::any_of(lines.begin(), lines.end(), is_stack) ? lines.front() : lines.back();
}

}  // namespace datamill::exec
