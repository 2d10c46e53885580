#pragma once

#include "datamill/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::exec {

/// Which step of a plan may start next: pure bookkeeping over needs, locks and interactive steps. The plan must outlive
/// it and keep its invariants.
class Scheduler {
public:
  explicit Scheduler(const plan::Plan& plan);

  /// The first step whose needs are met and whose locks are free; it counts as running from now on. An interactive step
  /// runs alone: when its turn comes nothing else is started until the others have ended and it has.
  [[nodiscard]] std::optional<plan::StepId> take_ready();
  /// A running step ended well: what it held back may come.
  void succeed(plan::StepId step);
  /// A running step ended badly. Returns all that needs it, directly or not, in plan order; they are out.
  [[nodiscard]] std::vector<plan::StepId> fail(plan::StepId step);
  /// Takes out everything that has not started, in plan order.
  [[nodiscard]] std::vector<plan::StepId> drop_pending();
  [[nodiscard]] std::size_t running() const { return running_; }

private:
  enum class State : std::uint8_t { pending, running, ended, out };

  [[nodiscard]] const plan::Step& step(plan::StepId id) const { return plan_.steps[id]; }
  [[nodiscard]] bool locks_are_free(plan::StepId id) const;
  void start(plan::StepId id);
  void end(plan::StepId id);

  const plan::Plan& plan_;
  std::vector<State> states_{};
  std::vector<std::size_t> missing_{};  ///< needs of each step that have not ended well
  std::vector<std::vector<plan::StepId>> dependents_{};
  std::set<plan::StepId> ready_{};
  std::set<std::string_view> held_locks_{};
  std::size_t running_ = 0;
  bool interactive_running_ = false;
};

}  // namespace datamill::exec
