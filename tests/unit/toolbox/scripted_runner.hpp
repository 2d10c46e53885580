#pragma once

#include "datamill/proc/runner.hpp"

#include <csignal>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace datamill::tests {

/// What a fake child does.
struct Answer {
  std::vector<std::string> out{};
  std::vector<std::string> err{};
  proc::Outcome outcome = proc::Exited{0};
  bool hangs = false;  ///< until it is signalled
};

/// Starts nothing: a function answers for each command. Time stands still but for waits, which cost nothing.
class ScriptedRunner final : public proc::Runner {
public:
  using Script = std::function<Answer(const command::ResolvedCommand&)>;
  explicit ScriptedRunner(Script script = {}) : script_(std::move(script)) {}

  void start(proc::ChildId id, const command::ResolvedCommand& command) override {
    std::string line = command.executable();
    for (const auto& argument : command.command().args)
      line += " " + argument;
    started.push_back(line);
    const Answer answer = script_ ? script_(command) : Answer{};
    for (const auto& text : answer.out)
      events_.push_back(proc::OutputLine{.child = id, .stream = proc::Stream::out, .text = text});
    for (const auto& text : answer.err)
      events_.push_back(proc::OutputLine{.child = id, .stream = proc::Stream::err, .text = text});
    if (!answer.hangs) events_.push_back(proc::ChildEnded{.child = id, .outcome = answer.outcome});
  }

  [[nodiscard]] proc::RunnerEvent wait(std::optional<proc::Clock::time_point> deadline) override {
    if (on_wait) on_wait();
    if (!events_.empty()) {
      auto event = events_.front();
      events_.pop_front();
      return event;
    }
    if (deadline && *deadline > now_) now_ = *deadline;
    return proc::DeadlineReached{};
  }

  void signal(proc::ChildId id, int number, bool) override {
    events_.push_back(proc::ChildEnded{.child = id, .outcome = proc::Signalled{.signal = number}});
  }
  void watch_descriptor(int) override {}
  [[nodiscard]] proc::Clock::time_point now() const override { return now_; }

  /// Ctrl-C arrives.
  void interrupt() { events_.push_back(proc::Interrupted{.signal = SIGINT}); }

  std::vector<std::string> started{};  ///< executable and arguments, in order
  std::function<void()> on_wait{};

private:
  Script script_;
  std::deque<proc::RunnerEvent> events_{};
  proc::Clock::time_point now_{};
};

}  // namespace datamill::tests
