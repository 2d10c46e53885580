#include "datamill/plan/plan.hpp"
#include "support/catch.hpp"
#include "unit/plan/sample_plan.hpp"

#include <algorithm>

namespace datamill::plan {
namespace {

using test::sample_plan;
using test::simple_step;

TEST_CASE("add numbers the steps and collects the tools", "[plan]") {
  Plan plan = sample_plan();
  CHECK(plan.steps.size() == 7);
  CHECK(plan.steps.back().id == 6);
  CHECK(plan.tools == std::vector<std::string>{"helm", "kubectl", "kwokctl"});
  CHECK(plan.add(simple_step("Run a path", RunCommand{.command = {.program = "/bin/true"}})) == 7);
  CHECK(plan.tools.size() == 3);
  CHECK(invariant_problem(plan).empty());
}

TEST_CASE("only steps that start a process have a command", "[plan]") {
  const Plan plan = sample_plan();
  CHECK(command_of(plan.steps[0])->program == "kwokctl");
  CHECK(command_of(plan.steps[1]) == nullptr);
  CHECK(command_of(plan.steps[2]) == nullptr);
  CHECK(command_of(plan.steps[3])->program == "kubectl");
  CHECK(command_of(plan.steps[4])->program == "kubectl");
  CHECK(command_of(plan.steps[6]) == nullptr);
}

struct BrokenCase {
  std::string problem{};
  void (*break_it)(Plan&) = nullptr;
};

TEST_CASE("invariant_problem finds each way to break a plan", "[plan]") {
  const auto c = GENERATE(values<BrokenCase>({
      {"step at 1 has id 7", [](Plan& plan) { plan.steps[1].id = 7; }},
      {"step 2 needs step 5, which does not come before it", [](Plan& plan) { plan.steps[2].needs = {5}; }},
      {"step 2 needs step 2, which does not come before it", [](Plan& plan) { plan.steps[2].needs = {2}; }},
      {"step 2 needs step 0 twice", [](Plan& plan) { plan.steps[2].needs = {0, 1, 0}; }},
      {"step 0 has no title", [](Plan& plan) { plan.steps[0].title.clear(); }},
      {"the title of step 0 has two lines", [](Plan& plan) { plan.steps[0].title = "a\nrm"; }},
      {"step 0 has no time", [](Plan& plan) { plan.steps[0].timeout = {}; }},
      {"step 0 has no attempt", [](Plan& plan) { plan.steps[0].retry.attempts = 0; }},
      {"the command of step 0 has no program", [](Plan& plan) { plan.steps[0].action = RunCommand{}; }},
      {"the command of step 5 has both the terminal and a text as its input",
       [](Plan& plan) { std::get<RunCommand>(plan.steps[5].action).command.interactive = true; }},
      {"the tools are not sorted", [](Plan& plan) { std::reverse(plan.tools.begin(), plan.tools.end()); }},
      {"a tool is listed twice", [](Plan& plan) { plan.tools.push_back(plan.tools.back()); }},
  }));
  Plan plan = sample_plan();
  c.break_it(plan);
  CHECK(invariant_problem(plan) == c.problem);
}

}  // namespace
}  // namespace datamill::plan
