#pragma once

#include "datamill/proc/runner.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace datamill::test {

/// What a pretended child does.
struct FakeChild {
  std::chrono::milliseconds runs_for{1000};
  std::vector<std::string> out{};  ///< printed just before its end
  std::vector<std::string> err{};
  proc::Outcome outcome{};
  std::set<int> ignores{};                   ///< signals that it survives; SIGKILL cannot be one of them
  std::chrono::milliseconds takes_to_die{};  ///< after a signal
  std::chrono::milliseconds prints_every{};  ///< a line "..." to stdout again and again; 0 = never
};

/// Runner with pretended children and a clock that jumps to the next event: minutes pass in microseconds.
class FakeRunner final : public proc::Runner {
public:
  using Time = proc::Clock::time_point;
  struct Started {
    proc::ChildId id = 0;
    std::string executable{};
    std::vector<std::string> args{};
    std::string stdin_text{};
    std::chrono::milliseconds at{};
  };
  struct Sent {
    proc::ChildId id = 0;
    int signal = 0;
    bool whole_group = true;
    std::chrono::milliseconds at{};
    friend bool operator==(const Sent&, const Sent&) = default;
  };

  /// The next start of `executable` does this; without a script a child runs for a second and ends well. The last
  /// script of an executable is for all starts after it too.
  void script(const std::string& executable, FakeChild child) { scripts_[executable].push_back(std::move(child)); }
  void interrupt_at(std::chrono::milliseconds at, int signal) {
    events_.emplace(Time{at}, Pending{.event = proc::Interrupted{.signal = signal}});
  }

  void start(proc::ChildId id, const command::ResolvedCommand& command) override {
    const FakeChild child = take_script(command.executable());
    started.push_back({.id = id,
                       .executable = command.executable(),
                       .args = command.command().args,
                       .stdin_text = command.has_stdin() ? command.stdin_text().reveal() : "",
                       .at = since_start()});
    if (running_.contains(id)) throw std::logic_error{"a child id is used twice"};
    running_[id] = child;
    most_at_once = std::max(most_at_once, running_.size());
    const Time end =
        now_ + (std::holds_alternative<proc::NotStarted>(child.outcome) ? std::chrono::milliseconds{} : child.runs_for);
    for (auto at = now_ + child.prints_every; child.prints_every.count() > 0 && at < end; at += child.prints_every)
      add_line(at, id, proc::Stream::out, "...");
    for (const auto& line : child.out)
      add_line(end, id, proc::Stream::out, line);
    for (const auto& line : child.err)
      add_line(end, id, proc::Stream::err, line);
    add(end, id, proc::ChildEnded{.child = id, .outcome = child.outcome});
  }

  [[nodiscard]] proc::RunnerEvent wait(std::optional<Time> deadline) override {
    const auto next = events_.begin();
    if (next == events_.end() && !deadline) throw std::logic_error{"this wait would never end"};
    if (next == events_.end() || (deadline && next->first > *deadline)) {
      now_ = std::max(now_, *deadline);
      return proc::DeadlineReached{};
    }
    now_ = std::max(now_, next->first);
    proc::RunnerEvent event = std::move(next->second.event);
    events_.erase(next);
    if (const auto* ended = std::get_if<proc::ChildEnded>(&event)) running_.erase(ended->child);
    return event;
  }

  void signal(proc::ChildId id, int signal, bool whole_group) override {
    sent.push_back({.id = id, .signal = signal, .whole_group = whole_group, .at = since_start()});
    const auto found = running_.find(id);
    if (found == running_.end() || (signal != SIGKILL && found->second.ignores.contains(signal))) return;
    std::erase_if(events_, [&](const auto& entry) { return entry.second.is_child && entry.second.child == id; });
    add(now_ + found->second.takes_to_die, id,
        proc::ChildEnded{.child = id, .outcome = proc::Signalled{.signal = signal}});
  }

  void watch_descriptor(int descriptor) override { watched = descriptor; }
  /// wait() returns Readable at that time.
  void readable_at(std::chrono::milliseconds at) { events_.emplace(Time{at}, Pending{.event = proc::Readable{}}); }
  void resumed_at(std::chrono::milliseconds at, std::chrono::milliseconds paused) {
    events_.emplace(Time{at}, Pending{.event = proc::Resumed{.paused = paused}});
  }
  [[nodiscard]] Time now() const override { return now_; }
  [[nodiscard]] std::chrono::milliseconds since_start() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch());
  }
  [[nodiscard]] std::vector<std::string> started_programs() const {
    std::vector<std::string> programs;
    for (const auto& each : started)
      programs.push_back(each.executable);
    return programs;
  }

  std::vector<Started> started{};
  std::vector<Sent> sent{};
  std::size_t most_at_once = 0;
  int watched = -1;

private:
  struct Pending {
    bool is_child = false;
    proc::ChildId child = 0;
    proc::RunnerEvent event{};
  };

  void add(Time at, proc::ChildId id, proc::RunnerEvent event) {
    events_.emplace(at, Pending{.is_child = true, .child = id, .event = std::move(event)});
  }
  void add_line(Time at, proc::ChildId id, proc::Stream stream, const std::string& text) {
    add(at, id, proc::OutputLine{.child = id, .stream = stream, .text = text});
  }
  [[nodiscard]] FakeChild take_script(const std::string& executable) {
    auto& queue = scripts_[executable];
    if (queue.empty()) return {};
    FakeChild child = queue.front();
    if (queue.size() > 1) queue.pop_front();
    return child;
  }

  Time now_{};
  std::map<std::string, std::deque<FakeChild>> scripts_{};
  std::multimap<Time, Pending> events_{};
  std::map<proc::ChildId, FakeChild> running_{};
};

}  // namespace datamill::test
