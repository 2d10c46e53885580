#include "datamill/plan/plan.hpp"

#include "datamill/support/enum_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::plan {
namespace {

constexpr support::EnumTable<Effect, 3> kEffects{
    {{Effect::read, "read"}, {Effect::change, "change"}, {Effect::destroy, "destroy"}}};

/// What kubectl takes for one request.
constexpr std::chrono::milliseconds kShortCommand{300};

std::string needs_problem(const Step& step) {
  std::set<StepId> seen;
  for (const StepId need : step.needs) {
    if (need >= step.id) return fmt::format("step {} needs step {}, which does not come before it", step.id, need);
    if (!seen.insert(need).second) return fmt::format("step {} needs step {} twice", step.id, need);
  }
  return "";
}

std::string step_problem(const Step& step) {
  if (step.title.empty()) return fmt::format("step {} has no title", step.id);
  if (step.title.find('\n') != std::string::npos) return fmt::format("the title of step {} has two lines", step.id);
  if (step.timeout.count() <= 0) return fmt::format("step {} has no time", step.id);
  if (step.retry.attempts < 1) return fmt::format("step {} has no attempt", step.id);
  if (const auto* command = command_of(step)) {
    if (command->program.empty()) return fmt::format("the command of step {} has no program", step.id);
    if (command->interactive && !std::holds_alternative<command::NoStdin>(command->stdin_text)) {
      return fmt::format("the command of step {} has both the terminal and a text as its input", step.id);
    }
  }
  return needs_problem(step);
}

}  // namespace

std::string_view to_name(Effect effect) {
  return support::name_of(kEffects, effect);
}

const command::Command* command_of(const Step& step) {
  if (const auto* run = std::get_if<RunCommand>(&step.action)) return &run->command;
  if (const auto* create = std::get_if<CreateSecret>(&step.action)) return &create->command;
  if (const auto* read = std::get_if<ReadSecret>(&step.action)) return &read->command;
  return nullptr;
}

StepId Plan::add(Step step) {
  step.id = steps.size();
  const auto* command = command_of(step);
  if (command != nullptr && command->program.find('/') == std::string::npos) {
    const auto place = std::lower_bound(tools.begin(), tools.end(), command->program);
    if (place == tools.end() || *place != command->program) tools.insert(place, command->program);
  }
  if (command != nullptr && step.estimate == std::chrono::milliseconds{}) step.estimate = kShortCommand;
  steps.push_back(std::move(step));
  return steps.back().id;
}

std::string invariant_problem(const Plan& plan) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    if (step.id != i) return fmt::format("step at {} has id {}", i, step.id);
    if (std::string problem = step_problem(step); !problem.empty()) return problem;
  }
  if (!std::is_sorted(plan.tools.begin(), plan.tools.end())) return "the tools are not sorted";
  if (std::adjacent_find(plan.tools.begin(), plan.tools.end()) != plan.tools.end()) return "a tool is listed twice";
  return "";
}

}  // namespace datamill::plan
