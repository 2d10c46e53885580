#include "datamill/plan/durations.hpp"
#include "datamill/plan/schedule.hpp"
#include "datamill/plan/scheduler.hpp"
#include "support/catch.hpp"

#include <numeric>
#include <random>

namespace datamill::plan {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

StepId add(Plan& plan, std::string component, milliseconds estimate, std::vector<StepId> needs = {}) {
  return plan.add({.component = component,
                   .title = "Install release " + component + " (chart 1.0)",
                   .action = Say{.text = "x"},
                   .needs = std::move(needs),
                   .estimate = estimate});
}

TEST_CASE("the step with the longest way to the end comes first", "[plan][schedule]") {
  Plan plan;
  add(plan, "short", 5s);
  const auto first = add(plan, "first", 1s);
  add(plan, "long", 10s, {first});
  CHECK(longest_remaining(plan) == std::vector<milliseconds>{5s, 11s, 10s});
  Scheduler scheduler{plan};
  CHECK(scheduler.take_ready() == first);
}

TEST_CASE("a schedule knows its critical path and its end", "[plan][schedule]") {
  Plan plan;
  const auto a = add(plan, "a", 3s);
  const auto b = add(plan, "b", 4s, {a});
  add(plan, "c", 2s, {a});
  add(plan, "d", 6s);
  const auto wide = make_schedule(plan, 8);
  CHECK(wide.critical_path == std::vector<StepId>{a, b});
  CHECK(wide.critical_time == 7s);
  CHECK(wide.work == 15s);
  CHECK(wide.total == 7s);
  const auto one = make_schedule(plan, 1);
  CHECK(one.total == 15s);
  CHECK(make_schedule(plan, 2).total == 8s);
  CHECK(describe(wide, plan, 8) == "about 7.0s with 8 steps at a time; longest way 7.0s: a, b");
  CHECK(describe(make_schedule(Plan{}, 4), Plan{}, 4).empty());
}

TEST_CASE("steps that share a lock are expected one after another", "[plan][schedule]") {
  Plan plan;
  plan.steps[add(plan, "a", 3s)].locks = {"chart"};
  plan.steps[add(plan, "b", 4s)].locks = {"chart"};
  CHECK(make_schedule(plan, 4).total == 7s);
}

TEST_CASE("a schedule is never shorter than its bounds nor longer than Graham's", "[plan][schedule]") {
  std::mt19937 random{7};
  using std::chrono::duration_cast;
  for (int round = 0; round < 200; ++round) {
    Plan plan;
    const auto count = 1 + random() % 40;
    for (StepId id = 0; id < count; ++id) {
      std::vector<StepId> needs;
      for (StepId other = 0; other < id; ++other) {
        if (random() % 6 == 0) needs.push_back(other);
      }
      add(plan, "c" + std::to_string(id), milliseconds(random() % 1000), std::move(needs));
    }
    const auto parallelism = 1 + random() % 8;
    const auto schedule = make_schedule(plan, parallelism);
    const auto share = duration_cast<milliseconds>(schedule.work / static_cast<long long>(parallelism));
    CHECK(schedule.total >= std::max(schedule.critical_time, share));
    CHECK(schedule.total <= share + schedule.critical_time + 1ms);
    const auto sum = std::accumulate(schedule.critical_path.begin(), schedule.critical_path.end(), milliseconds{},
                                     [&](milliseconds all, StepId id) { return all + plan.steps[id].estimate; });
    CHECK(sum == schedule.critical_time);
  }
}

TEST_CASE("durations are learnt by what a step does, whatever its version", "[plan][durations]") {
  Plan plan;
  add(plan, "lake", 60s);
  Durations durations;
  durations.learn("kwok", plan.steps[0], 10s);
  durations.learn("kwok", plan.steps[0], 20s);
  plan.steps[0].title = "Install release lake (chart 2.0)";
  const auto again = Durations::from_node(durations.to_node());
  again.apply("eks", plan);
  CHECK(plan.steps[0].estimate == 60s);
  again.apply("kwok", plan);
  CHECK(plan.steps[0].estimate == 15s);
}

TEST_CASE("durations that cannot be read are left out", "[plan][durations]") {
  const auto node = support::read_json(
      R"({"v":1,"steps":{"kwok/a/A":[5,1],"kwok/b/B":["x",1],"kwok/c/C":[-3,1],"kwok/d/D":3}})", "test");
  const auto text = support::write_json(Durations::from_node(node).to_node());
  CHECK(text == R"({"v":1,"steps":{"kwok/a/A":[5,1]}})");
  CHECK(Durations::from_node(support::Node::text("x")).empty());
}

TEST_CASE("only the newest durations are kept", "[plan][durations]") {
  Durations durations;
  Step step{.component = "c", .title = "old", .action = Say{}};
  durations.learn("p", step, 1s);
  for (int i = 0; i < 4000; ++i) {
    step.title = "new " + std::to_string(i);
    durations.learn("p", step, 1s);
  }
  const auto node = durations.to_node();
  CHECK(node.find("steps")->entries.size() == 4000);
  CHECK(node.find("steps")->find("p/c/old") == nullptr);
}

}  // namespace
}  // namespace datamill::plan
