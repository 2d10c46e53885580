#include "datamill/plan/plan.hpp"
#include "datamill/plan/schedule.hpp"
#include "datamill/support/overloaded.hpp"
#include "datamill/support/side_by_side.hpp"
#include "datamill/support/text.hpp"
#include "plan/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace datamill::plan {
namespace {

constexpr std::size_t kWorthThreads = 2000;

std::string prompt(const command::Command& command, const TextOptions& options) {
  return "$ " + command::to_shell(command, {.symbols = options.symbols, .with_stdin = options.with_stdin}) + '\n';
}

std::string file_text(const WriteFile& file, const TextOptions& options) {
  std::string out = fmt::format("writes {} (mode {:04o})", options.symbols.apply(file.path), file.mode);
  if (!options.with_stdin) return out + '\n';
  std::string content = options.symbols.apply(file.content.display());
  if (!content.empty() && content.back() != '\n') content += '\n';
  return out + ":\n" + support::indent(content, "| ");
}

std::string secret_text(const CreateSecret& create, const TextOptions& options) {
  std::string out;
  for (const auto& value : create.generate)
    out += fmt::format("makes {}: {}, unless it is known\n", describe(value.ref), describe(value.random));
  for (const auto& [ref, text] : create.derived)
    out += fmt::format("makes {} out of {}\n", describe(ref), text.display());
  return out + prompt(create.command, options);
}

/// What a step does, one or more whole lines.
std::string action_text(const Step& step, const TextOptions& options) {
  return std::visit(
      support::Overloaded{
          [&](const RunCommand& run) { return prompt(run.command, options); },
          [&](const CreateSecret& create) { return secret_text(create, options); },
          [&](const ReadSecret& read) { return prompt(read.command, options); },
          [&](const WriteFile& file) { return file_text(file, options); },
          [&](const RemovePath& path) { return fmt::format("removes {}\n", options.symbols.apply(path.path)); },
          [&](const Say& say) { return options.symbols.apply(say.text) + '\n'; },
      },
      step.action);
}

std::string heading(const std::string& component, const std::map<std::string, const PlannedComponent*>& known) {
  if (component.empty()) return "Cluster\n";
  const auto found = known.find(component);
  if (found == known.end()) return component + '\n';
  const PlannedComponent& planned = *found->second;
  std::string out = component;
  if (!planned.ns.empty()) out += " in " + planned.ns;
  if (!planned.reason.empty()) out += fmt::format(" ({})", planned.reason);
  return out + '\n';
}

std::string step_text(const Step& step, std::size_t width, const TextOptions& options) {
  const std::string margin(width + 2, ' ');
  std::string out = fmt::format("{:>{}}. {}\n", step.id + 1, width, step.title);
  if (step.guard) out += fmt::format("{}only if {} does not exist\n", margin, options.symbols.apply(step.guard->path));
  return out + support::indent(action_text(step, options), margin);
}

std::string steps_text(const Plan& plan, const TextOptions& options) {
  std::map<std::string, const PlannedComponent*> known;
  for (const auto& component : plan.components)
    known.emplace(component.name, &component);
  const std::size_t width = std::to_string(plan.steps.size()).size() + 2;
  const auto part = [&](std::size_t first, std::size_t last) {
    std::string out;
    for (std::size_t i = first; i < last; ++i) {
      const Step& step = plan.steps[i];
      if (i == 0 || plan.steps[i - 1].component != step.component) out += '\n' + heading(step.component, known);
      out += step_text(step, width, options);
    }
    return out;
  };
  return support::join(support::side_by_side(plan.steps.size(), kWorthThreads, part), "");
}

std::string unchanged_text(const Plan& plan) {
  std::vector<std::string> names;
  for (const auto& component : plan.components) {
    if (component.unchanged) names.push_back(component.name);
  }
  return names.empty() ? "" : fmt::format("\nUnchanged: {}\n", support::join(names, ", "));
}

std::string count_text(const Plan& plan) {
  if (plan.steps.empty()) return "\nNothing to do.\n";
  std::string out = fmt::format("\n{} {}:", plan.steps.size(), plan.steps.size() == 1 ? "step" : "steps");
  std::string separator = " ";
  for (const Effect effect : std::array{Effect::read, Effect::change, Effect::destroy}) {
    const auto count =
        std::count_if(plan.steps.begin(), plan.steps.end(), [&](const Step& step) { return step.effect == effect; });
    if (count == 0) continue;
    out += fmt::format("{}{} {}", std::exchange(separator, ", "), count, to_name(effect));
  }
  return out + '\n';
}

std::string expected_text(const Plan& plan, const TextOptions& options) {
  if (options.parallelism == 0) return "";
  const auto text = describe(make_schedule(plan, options.parallelism), plan, options.parallelism);
  return text.empty() ? "" : fmt::format("Expected: {}\n", text);
}

}  // namespace

std::string print_text(const Plan& plan, const TextOptions& options) {
  std::string out = plan.title + '\n' + steps_text(plan, options) + unchanged_text(plan);
  if (!plan.kept.empty()) out += "\nStays in the cluster, with the command that removes it:\n";
  for (const auto& kept : plan.kept)
    out += fmt::format("  {}\n    $ {}\n", kept.what, options.symbols.apply(kept.command));
  if (!plan.notes.empty()) out += "\nNotes:\n";
  for (const auto& note : plan.notes)
    out += fmt::format("  - {}\n", options.symbols.apply(note));
  return out + count_text(plan) + expected_text(plan, options);
}

}  // namespace datamill::plan
