#pragma once

#include "datamill/exec/executor.hpp"
#include "support/fake_runner.hpp"

#include <string>
#include <utility>
#include <vector>

namespace datamill::test {

class RecordingSink final : public exec::EventSink {
public:
  void on(const exec::Event& event) override { events.push_back(event); }
  void tick(exec::Elapsed elapsed) override { ticks.push_back(elapsed); }
  [[nodiscard]] bool animated() const override { return is_animated; }

  /// All events of one kind.
  template <class Kind>
  [[nodiscard]] std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const auto& event : events) {
      if (const auto* one = std::get_if<Kind>(&event)) found.push_back(*one);
    }
    return found;
  }

  std::vector<exec::Event> events{};
  std::vector<exec::Elapsed> ticks{};
  bool is_animated = false;
};

/// A step that runs `program`, titled "run <program>".
inline plan::Step command_step(std::string program, std::vector<plan::StepId> needs = {}) {
  plan::Step step;
  step.title = "run " + program;
  step.action = plan::RunCommand{.command = {.program = std::move(program)}};
  step.needs = std::move(needs);
  return step;
}

/// Everything an executor needs, with pretended children.
struct Harness {
  FakeRunner runner{};
  RecordingSink sink{};
  exec::SecretStore secrets{};
  exec::ExecutorOptions options{};
  plan::Plan plan{};

  plan::StepId add(plan::Step step) { return plan.add(std::move(step)); }
  plan::StepId add(std::string program, std::vector<plan::StepId> needs = {}) {
    return plan.add(command_step(std::move(program), std::move(needs)));
  }
  [[nodiscard]] command::Command& command(plan::StepId id) {
    return std::get<plan::RunCommand>(plan.steps[id].action).command;
  }
  [[nodiscard]] exec::RunResult run() {
    const std::string problem = plan::invariant_problem(plan);
    if (!problem.empty()) throw std::logic_error{problem};
    return exec::Executor{runner, sink, secrets, options}.run(plan);
  }
};

using Statuses = std::vector<exec::StepStatus>;

}  // namespace datamill::test
