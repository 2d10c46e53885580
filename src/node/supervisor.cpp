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

namespace {

constexpr std::chrono::milliseconds kFirstDelay = 500ms;
constexpr std::chrono::milliseconds kLongestDelay = 30s;
constexpr std::chrono::seconds kSteady = 60s;
constexpr std::chrono::seconds kGrace = 20s;
constexpr std::chrono::seconds kTidy = 60s;

/// A part and its present process.
struct Running {
  bool alive = false;
  Clock::time_point started{};
  Clock::time_point due{};  ///< where it is not alive: when it is started again
  std::chrono::milliseconds delay = kFirstDelay;
};

class Supervisor {
public:
  Supervisor(const Spec& spec, NodeRecord record, proc::Keeper& keeper, const SupervisorHooks& hooks)
      : spec_(spec), keeper_(keeper), hooks_(hooks), record_(std::move(record)), running_(spec.parts.size()) {}

  void adopt() {
    for (std::size_t i = 0; i < running_.size(); ++i) {
      const auto& part = spec_.parts[i];
      running_[i].due = running_[i].started = keeper_.now();
      (void)record_.part(part.name);
      const auto process = hooks_.find(part);
      if (!process || !keeper_.adopt(i, *process)) {
        if (hooks_.was_noted(part)) count_end(part, "ended while nobody watched it");
        continue;
      }
      running_[i].alive = true;
      hooks_.note(part, process);
      if (hooks_.words_of(*process) == part.words) {
        hooks_.say(fmt::format("{} runs (process {}): taken over", part.name, process->pid));
      } else {
        hooks_.say(fmt::format("{} runs (process {}) with other words: restarted", part.name, process->pid));
        keeper_.signal(i, SIGTERM);
      }
    }
    hooks_.remember(record_);
  }

  void run() {
    next_tidy_ = keeper_.now() + kTidy;
    while (signal_ == 0) {
      start_due();
      handle(keeper_.wait(next_due()));
      if (keeper_.now() < next_tidy_) continue;
      hooks_.tidy();
      next_tidy_ = keeper_.now() + kTidy;
    }
    if (signal_ == SIGHUP) return hooks_.say("SIGHUP: leaving the parts to a successor");
    hooks_.say(fmt::format("{}: stopping", proc::signal_name(signal_)));
    stop_all();
  }

  void stop_all() {
    for (std::size_t i = spec_.parts.size(); i-- > 0;)
      stop(i);
  }

private:
  [[nodiscard]] Clock::time_point next_due() const {
    auto next = next_tidy_;
    for (const auto& part : running_) {
      if (!part.alive) next = std::min(next, part.due);
    }
    return next;
  }

  void start_due() {
    for (std::size_t i = 0; i < running_.size(); ++i) {
      auto& part = running_[i];
      if (part.alive || part.due > keeper_.now()) continue;
      part.alive = true;
      part.started = keeper_.now();
      const auto& what = spec_.parts[i];
      hooks_.say(fmt::format("start {}", what.name));
      keeper_.start(i, resolve_words(what.words, what.env), hooks_.log_file(what));
      hooks_.note(what, keeper_.identity(i));
    }
  }

  void handle(const proc::KeeperEvent& event) {
    std::visit(support::Overloaded{
                   [&](const proc::KeptEnded& ended) { on_end(ended); },
                   [](const proc::DeadlineReached&) {},
                   [&](const proc::Interrupted& interrupted) { signal_ = interrupted.signal; },
               },
               event);
  }

  void on_end(const proc::KeptEnded& ended) {
    auto& part = running_[ended.id];
    const auto& what = spec_.parts[ended.id];
    part.alive = false;
    hooks_.note(what, std::nullopt);
    if (stopping_) return;
    if (keeper_.now() - part.started >= kSteady) part.delay = kFirstDelay;
    part.due = keeper_.now() + part.delay;
    const auto how = ended.outcome ? proc::to_text(*ended.outcome) : "exit status unknown";
    count_end(what, how);
    hooks_.remember(record_);
    hooks_.say(fmt::format("{} ended: {}, again in {} ms", what.name, how, part.delay.count()));
    part.delay = std::min(part.delay * 2, kLongestDelay);
  }

  void count_end(const Part& part, const std::string& how) {
    auto& record = record_.part(part.name);
    ++record.restarts;
    record.last_end = how;
    record.last_end_at = hooks_.clock();
  }

  void stop(std::size_t index) {
    stopping_ = true;
    const auto& part = running_[index];
    const auto& what = spec_.parts[index];
    if (part.alive) keeper_.signal(index, SIGTERM);
    const auto deadline = keeper_.now() + kGrace;
    bool killed = false;
    while (part.alive) {
      const auto event = keeper_.wait(killed ? std::nullopt : std::optional(deadline));
      if (std::holds_alternative<proc::DeadlineReached>(event)) {
        hooks_.say(fmt::format("{} does not end, killed", what.name));
        keeper_.signal(index, SIGKILL);
        killed = true;
      } else {
        handle(event);
      }
    }
    hooks_.say(fmt::format("{} stopped", what.name));
    if (what.ends_containers) hooks_.end_containers();
  }

  const Spec& spec_;
  proc::Keeper& keeper_;
  const SupervisorHooks& hooks_;
  NodeRecord record_;
  std::vector<Running> running_;
  Clock::time_point next_tidy_{};
  int signal_ = 0;
  bool stopping_ = false;
};

}  // namespace

std::string prepare(const Spec& spec, proc::Runner& runner) {
  for (const auto& preparation : spec.preparations) {
    const auto result =
        exec::capture_all(runner, {{.command = resolve_words(preparation.words), .timeout = 30s}}).front();
    const auto text = support::trim(result.err);
    const bool known = std::any_of(preparation.ok_texts.begin(), preparation.ok_texts.end(),
                                   [&](const auto& ok) { return support::contains(text, ok); });
    if (result.ok() || known) continue;
    return fmt::format("{}: {}: {}", support::join(preparation.words, " "), proc::to_text(result.outcome), text);
  }
  return {};
}

void supervise(const Spec& spec, NodeRecord record, proc::Keeper& keeper, const SupervisorHooks& hooks) {
  Supervisor supervisor(spec, std::move(record), keeper, hooks);
  supervisor.adopt();
  supervisor.run();
}

void stop_parts(const Spec& spec, NodeRecord record, proc::Keeper& keeper, const SupervisorHooks& hooks) {
  Supervisor supervisor(spec, std::move(record), keeper, hooks);
  supervisor.adopt();
  supervisor.stop_all();
}

}  // namespace datamill::node
