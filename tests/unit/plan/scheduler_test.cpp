#include "datamill/plan/scheduler.hpp"
#include "support/catch.hpp"
#include "unit/exec/harness.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <random>
#include <set>

namespace datamill::plan {
namespace {

using test::command_step;
using Ids = std::vector<StepId>;

/// Takes all that may start now.
Ids take_all(Scheduler& scheduler) {
  Ids ids;
  while (const auto id = scheduler.take_ready())
    ids.push_back(*id);
  return ids;
}

TEST_CASE("steps come in plan order as soon as their needs are met", "[plan][scheduler]") {
  Plan plan;
  plan.add(command_step("a"));
  plan.add(command_step("b"));
  plan.add(command_step("c", {0, 1}));
  plan.add(command_step("d"));
  Scheduler scheduler{plan};
  CHECK(take_all(scheduler) == Ids{0, 1, 3});
  CHECK(scheduler.running() == 3);
  scheduler.succeed(1);
  CHECK(take_all(scheduler).empty());
  scheduler.succeed(0);
  CHECK(take_all(scheduler) == Ids{2});
}

TEST_CASE("a failed step takes out all that needs it, directly or not", "[plan][scheduler]") {
  Plan plan;
  plan.add(command_step("a"));
  plan.add(command_step("b"));
  plan.add(command_step("c", {0}));
  plan.add(command_step("d", {1}));
  plan.add(command_step("e", {2, 3}));
  Scheduler scheduler{plan};
  CHECK(take_all(scheduler) == Ids{0, 1});
  CHECK(scheduler.fail(0) == Ids{2, 4});
  scheduler.succeed(1);
  CHECK(take_all(scheduler) == Ids{3});
  CHECK(scheduler.fail(3).empty());  // its dependent is out already
  CHECK(scheduler.running() == 0);
}

TEST_CASE("steps that share a lock never run together", "[plan][scheduler]") {
  Plan plan;
  for (const auto* program : {"a", "b", "c"})
    plan.add(command_step(program));
  plan.steps[0].locks = {"x", "y"};
  plan.steps[1].locks = {"y"};
  plan.steps[2].locks = {"z"};
  Scheduler scheduler{plan};
  CHECK(take_all(scheduler) == Ids{0, 2});
  scheduler.succeed(2);
  CHECK(take_all(scheduler).empty());
  (void)scheduler.fail(0);
  CHECK(take_all(scheduler) == Ids{1});
}

TEST_CASE("an interactive step runs alone", "[plan][scheduler]") {
  Plan plan;
  for (const auto* program : {"a", "b", "c"})
    plan.add(command_step(program));
  std::get<RunCommand>(plan.steps[1].action).command.interactive = true;
  Scheduler scheduler{plan};
  CHECK(take_all(scheduler) == Ids{0});  // not c: it would keep b waiting
  scheduler.succeed(0);
  CHECK(take_all(scheduler) == Ids{1});
  scheduler.succeed(1);
  CHECK(take_all(scheduler) == Ids{2});
}

TEST_CASE("what has not started can be taken out", "[plan][scheduler]") {
  Plan plan;
  plan.add(command_step("a"));
  plan.add(command_step("b", {0}));
  plan.add(command_step("c"));
  Scheduler scheduler{plan};
  CHECK(scheduler.take_ready() == 0U);
  CHECK(scheduler.drop_pending() == Ids{1, 2});
  CHECK(scheduler.drop_pending().empty());
  scheduler.succeed(0);
  CHECK(take_all(scheduler).empty());
}

/// What may start, found by looking at every step: the first one in order of its way to the end.
std::optional<StepId> first_by_hand(const Plan& plan, const std::vector<bool>& over, const std::set<StepId>& running) {
  const auto remaining = longest_remaining(plan);
  std::optional<StepId> best;
  for (const auto& step : plan.steps) {
    if (over[step.id] || running.contains(step.id)) continue;
    if (!std::all_of(step.needs.begin(), step.needs.end(), [&](StepId need) { return over[need]; })) continue;
    const auto holds = [&](StepId id, const std::string& lock) {
      const auto& locks = plan.steps[id].locks;
      return std::find(locks.begin(), locks.end(), lock) != locks.end();
    };
    const bool free = std::none_of(step.locks.begin(), step.locks.end(), [&](const std::string& lock) {
      return std::any_of(running.begin(), running.end(), [&](StepId id) { return holds(id, lock); });
    });
    if (free && (!best || remaining[step.id] > remaining[*best])) best = step.id;
  }
  return best;
}

TEST_CASE("steps with several locks come as if every one were looked at", "[plan][scheduler]") {
  std::mt19937 random(GENERATE(range(1U, 41U)));
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  Plan plan;
  for (StepId id = 0; id < 60; ++id) {
    plan.add(command_step("s", id > 5 && below(2) == 0 ? Ids{below(id)} : Ids{}));
    plan.steps[id].estimate = std::chrono::milliseconds(below(5));
    for (const auto* lock : {"x", "y", "z"})
      if (below(3) == 0) plan.steps[id].locks.emplace_back(lock);
  }
  Scheduler scheduler{plan};
  std::vector<bool> over(plan.steps.size());
  std::set<StepId> running;
  for (std::size_t ended = 0; ended < plan.steps.size(); ++ended) {
    for (auto wanted = first_by_hand(plan, over, running); running.size() < 4 && wanted;
         wanted = first_by_hand(plan, over, running)) {
      REQUIRE(scheduler.take_ready() == wanted);
      running.insert(*wanted);
    }
    if (running.size() < 4) REQUIRE_FALSE(scheduler.take_ready());
    const auto chosen = *std::next(running.begin(), static_cast<std::ptrdiff_t>(below(running.size())));
    running.erase(chosen);
    over[chosen] = true;
    scheduler.succeed(chosen);
  }
}

TEST_CASE("5,000 steps with one lock are walked in no time", "[plan][scheduler]") {
  Plan plan;
  for (int i = 0; i < 5000; ++i)
    plan.add(command_step("a"));
  for (auto& step : plan.steps)
    step.locks = {"cluster"};
  Scheduler scheduler{plan};
  std::size_t count = 0;
  while (const auto id = scheduler.take_ready()) {
    CHECK_FALSE(scheduler.take_ready());
    scheduler.succeed(*id);
    ++count;
  }
  CHECK(count == 5000);
}

}  // namespace
}  // namespace datamill::plan
