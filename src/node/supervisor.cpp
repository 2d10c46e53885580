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
constexpr std::chrono::milliseconds kAskAgain = 200ms;

/// A part and its present process.
struct Running {
  bool alive = false;
  Clock::time_point started{};
  Clock::time_point due{};  ///< where it is not alive: when it is started again
  std::chrono::milliseconds delay = kFirstDelay;
};

/// The commands that parts wait for, each asked once for all of them. Their processes come after those of the parts.
class Questions {
public:
  Questions(const Spec& spec, proc::Keeper& keeper) : keeper_(keeper), first_(spec.parts.size()) {
    for (const auto& part : spec.parts) {
      const auto same = [&](const Question& question) { return question.words == part.after; };
      const auto found = std::find_if(questions_.begin(), questions_.end(), same);
      of_part_.push_back(static_cast<std::size_t>(found - questions_.begin()));
      if (found == questions_.end()) questions_.push_back({.words = part.after});
    }
  }

  /// Whether the part may start, which became due at `due`; asks where that is not known.
  [[nodiscard]] bool allow(std::size_t part, Clock::time_point due) {
    const auto index = of_part_[part];
    auto& question = questions_[index];
    if (question.words.empty() || (question.yes && *question.yes >= due)) return true;
    if (!question.asking && question.again <= keeper_.now()) {
      question.asking = true;
      keeper_.start(first_ + index, resolve_words(question.words), "/dev/null");
    }
    return false;
  }
  /// When allow() should be asked again; nullopt where an answer will come.
  [[nodiscard]] std::optional<Clock::time_point> next(std::size_t part) const {
    const auto& question = questions_[of_part_[part]];
    return question.asking ? std::nullopt : std::optional(question.again);
  }
  [[nodiscard]] bool owns(proc::ChildId id) const { return id >= first_; }
  void on_end(const proc::KeptEnded& ended) {
    auto& question = questions_[ended.id - first_];
    question.asking = false;
    const auto* exited = ended.outcome ? std::get_if<proc::Exited>(&*ended.outcome) : nullptr;
    if (exited != nullptr && exited->code == 0) {
      question.yes = keeper_.now();
    } else {
      question.again = keeper_.now() + kAskAgain;
    }
  }
  void end() {
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      if (questions_[i].asking) keeper_.signal(first_ + i, SIGKILL);
    }
  }

private:
  struct Question {
    std::vector<std::string> words{};
    bool asking = false;
    Clock::time_point again{};
    std::optional<Clock::time_point> yes{};  ///< when it succeeded last
  };
  proc::Keeper& keeper_;
  proc::ChildId first_;
  std::vector<Question> questions_{};
  std::vector<std::size_t> of_part_{};
};

class Supervisor {
public:
  Supervisor(const Spec& spec, NodeRecord record, proc::Keeper& keeper, const SupervisorHooks& hooks)
      : spec_(spec), keeper_(keeper), hooks_(hooks), record_(std::move(record)), running_(spec.parts.size()),
        questions_(spec, keeper) {}

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
    questions_.end();
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
    for (std::size_t i = 0; i < running_.size(); ++i) {
      const auto& part = running_[i];
      if (part.alive) continue;
      const auto due = part.due > keeper_.now() ? std::optional(part.due) : questions_.next(i);
      next = std::min(next, due.value_or(next));
    }
    return next;
  }

  void start_due() {
    for (std::size_t i = 0; i < running_.size(); ++i) {
      auto& part = running_[i];
      if (part.alive || part.due > keeper_.now() || !questions_.allow(i, part.due)) continue;
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
    if (questions_.owns(ended.id)) return questions_.on_end(ended);
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
  Questions questions_;
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
