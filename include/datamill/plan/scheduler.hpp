#pragma once

#include "datamill/plan/plan.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::plan {

/// For each step the expected time from its start to the end of all that needs it, itself included.
[[nodiscard]] std::vector<std::chrono::milliseconds> longest_remaining(const Plan& plan);

/// Which step of a plan may start next: pure bookkeeping over needs, locks and interactive steps. The plan must outlive
/// it and keep its invariants. Of several ready steps the one with the longest expected way to the end comes first, and
/// of equal ones the earlier.
class Scheduler {
public:
  explicit Scheduler(const Plan& plan);

  /// The first step whose needs are met and whose locks are free; it counts as running from now on. An interactive step
  /// runs alone: when its turn comes nothing else is started until the others have ended and it has.
  [[nodiscard]] std::optional<StepId> take_ready();
  /// A running step ended well: what it held back may come.
  void succeed(StepId step);
  /// A running step ended badly. Returns all that needs it, directly or not, in plan order; they are out.
  [[nodiscard]] std::vector<StepId> fail(StepId step);
  /// Takes out everything that has not started, in plan order.
  [[nodiscard]] std::vector<StepId> drop_pending();
  [[nodiscard]] std::size_t running() const { return running_; }

private:
  enum class State : std::uint8_t { pending, running, ended, out };

  [[nodiscard]] const Step& step(StepId id) const { return plan_.steps[id]; }
  [[nodiscard]] const std::string* held_lock_of(StepId id) const;
  void park(StepId id, const std::string& lock);
  void wake_next(std::string_view lock);
  void start(StepId id);
  void end(StepId id);

  const Plan& plan_;
  std::vector<State> states_{};
  std::vector<std::size_t> missing_{};  ///< needs of each step that have not ended well
  std::vector<std::vector<StepId>> dependents_{};
  struct Ready {
    std::chrono::milliseconds remaining{};
    StepId id = 0;
    friend bool operator<(const Ready& a, const Ready& b) {
      return a.remaining != b.remaining ? a.remaining > b.remaining : a.id < b.id;
    }
  };
  void make_ready(StepId id) { ready_.insert({remaining_[id], id}); }

  std::vector<std::chrono::milliseconds> remaining_{};
  std::set<Ready> ready_{};
  std::set<std::string_view> held_locks_{};
  /// Steps that lack nothing but this lock, so that thousands of them are not looked at again and again. While the lock
  /// is free its first one is in ready_.
  std::map<std::string_view, std::set<Ready>> parked_{};
  std::size_t running_ = 0;
  bool interactive_running_ = false;
};

}  // namespace datamill::plan
