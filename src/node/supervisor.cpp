#include "datamill/node/supervisor.hpp"

#include "datamill/exec/capture.hpp"
#include "datamill/node/words.hpp"
#include "datamill/support/overloaded.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

namespace datamill::node {

using namespace std::chrono_literals;
using proc::Clock;
using support::ExitCode;

namespace {

constexpr std::chrono::milliseconds kFirstDelay = 500ms;
constexpr std::chrono::milliseconds kLongestDelay = 30s;
constexpr std::chrono::seconds kSteady = 60s;
constexpr std::chrono::seconds kGrace = 20s;

/// A part and its present child.
struct Running {
  bool alive = false;
  Clock::time_point started{};
  Clock::time_point due{};  ///< where it is not alive: when it is started again
  std::chrono::milliseconds delay = kFirstDelay;
};

class Supervisor {
public:
  Supervisor(const Spec& spec, proc::Runner& runner, const SupervisorHooks& hooks)
      : spec_(spec), runner_(runner), hooks_(hooks), running_(spec.parts.size()) {}

  ExitCode run() {
    for (const auto& preparation : spec_.preparations) {
      if (!prepare(preparation)) return ExitCode::step_failed;
    }
    for (auto& part : running_)
      part.due = runner_.now();
    while (signal_ == 0) {
      start_due();
      handle(runner_.wait(next_due()));
    }
    hooks_.say(fmt::format("{}: stopping", proc::signal_name(signal_)));
    for (std::size_t i = spec_.parts.size(); i-- > 0;)
      stop(i);
    return ExitCode::ok;
  }

private:
  [[nodiscard]] bool prepare(const Preparation& preparation) {
    const auto result =
        exec::capture_all(runner_, {{.command = resolve_words(preparation.words), .timeout = 30s}}).front();
    const auto text = support::trim(result.err);
    const bool known = std::any_of(preparation.ok_texts.begin(), preparation.ok_texts.end(),
                                   [&](const auto& ok) { return support::contains(text, ok); });
    if (result.ok() || known) return true;
    hooks_.say(
        fmt::format("failed: {}: {}: {}", support::join(preparation.words, " "), proc::to_text(result.outcome), text));
    return false;
  }

  [[nodiscard]] std::optional<Clock::time_point> next_due() const {
    std::optional<Clock::time_point> next;
    for (const auto& part : running_) {
      if (!part.alive && (!next || part.due < *next)) next = part.due;
    }
    return next;
  }

  void start_due() {
    for (std::size_t i = 0; i < running_.size(); ++i) {
      auto& part = running_[i];
      if (part.alive || part.due > runner_.now()) continue;
      part.alive = true;
      part.started = runner_.now();
      hooks_.say(fmt::format("start {}", spec_.parts[i].name));
      runner_.start(i, resolve_words(spec_.parts[i].words, spec_.parts[i].env));
    }
  }

  void handle(const proc::RunnerEvent& event) {
    std::visit(support::Overloaded{
                   [&](const proc::OutputLine& line) { hooks_.log(spec_.parts[line.child].name, line.text); },
                   [&](const proc::ChildEnded& ended) { on_end(ended); },
                   [](const proc::DeadlineReached&) {},
                   [&](const proc::Interrupted& interrupted) { signal_ = interrupted.signal; },
               },
               event);
  }

  void on_end(const proc::ChildEnded& ended) {
    auto& part = running_[ended.child];
    part.alive = false;
    if (stopping_) return;
    if (runner_.now() - part.started >= kSteady) part.delay = kFirstDelay;
    part.due = runner_.now() + part.delay;
    hooks_.say(fmt::format("{} ended: {}, again in {} ms", spec_.parts[ended.child].name, proc::to_text(ended.outcome),
                           part.delay.count()));
    part.delay = std::min(part.delay * 2, kLongestDelay);
  }

  void stop(std::size_t index) {
    stopping_ = true;
    auto& part = running_[index];
    if (part.alive) runner_.signal(index, SIGTERM, false);
    const auto deadline = runner_.now() + kGrace;
    bool killed = false;
    while (part.alive) {
      const auto event = runner_.wait(killed ? std::nullopt : std::optional(deadline));
      if (std::holds_alternative<proc::DeadlineReached>(event)) {
        hooks_.say(fmt::format("{} does not end, killed", spec_.parts[index].name));
        runner_.signal(index, SIGKILL, false);
        killed = true;
      } else {
        handle(event);
      }
    }
    hooks_.say(fmt::format("{} stopped", spec_.parts[index].name));
    if (spec_.parts[index].ends_containers) hooks_.end_containers();
  }

  const Spec& spec_;
  proc::Runner& runner_;
  const SupervisorHooks& hooks_;
  std::vector<Running> running_;
  int signal_ = 0;
  bool stopping_ = false;
};

}  // namespace

ExitCode supervise(const Spec& spec, proc::Runner& runner, const SupervisorHooks& hooks) {
  return Supervisor(spec, runner, hooks).run();
}

}  // namespace datamill::node
