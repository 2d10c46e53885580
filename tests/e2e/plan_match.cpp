#include "plan_match.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace datamill::tests {

using support::Node;

namespace {

constexpr std::string_view kOpen = "«";
constexpr std::string_view kClose = "»";

std::size_t number(const Node& node) {
  return static_cast<std::size_t>(support::parse_integer(node.scalar).value_or(0));
}

PlannedCall read_call(const Node& step, const Node& command) {
  PlannedCall call{.id = number(*step.find("id")), .tool = std::string(command.text_at("program"))};
  for (const auto& item : command.find("args")->items)
    call.args.push_back(item.scalar);
  for (const auto& entry : command.find("env")->entries)
    call.env[entry.key] = entry.value.scalar;
  if (const auto* input = command.find("stdin"); input != nullptr && !input->is_null()) call.input = input->scalar;
  return call;
}

bool same_command(const PlannedCall& planned, const ToolCall& run, Symbols& symbols) {
  if (planned.tool != run.tool || planned.args != run.args || planned.input.has_value() != run.input.has_value())
    return false;
  for (const auto& [name, value] : planned.env) {
    const auto found = run.env.find(name);
    if (found == run.env.end() || found->second != value) return false;
  }
  if (!planned.input) return true;
  auto values = symbols;
  if (!matches(*planned.input, *run.input, values)) return false;
  symbols = std::move(values);
  return true;
}

}  // namespace

std::string PlannedCall::line() const {
  return tool + " " + support::join(args, " ");
}

std::vector<PlannedCall> planned_calls(const std::string& plan_json) {
  const auto plan = json_document(plan_json);
  std::vector<PlannedCall> calls;
  // Steps without a command hand on what they wait for.
  std::vector<std::set<std::size_t>> before;
  for (const auto& step : plan.find("steps")->items) {
    std::set<std::size_t> all;
    for (const auto& need : step.find("needs")->items) {
      const auto id = number(need);
      all.insert(before.at(id).begin(), before.at(id).end());
      all.insert(id);
    }
    before.push_back(all);
    const auto* command = step.find("command");
    if (command == nullptr || command->is_null()) continue;
    calls.push_back(read_call(step, *command));
    calls.back().after.assign(all.begin(), all.end());
  }
  return calls;
}

bool matches(const std::string& pattern, const std::string& text, Symbols& symbols) {
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  while (in_pattern < pattern.size()) {
    const auto open = pattern.find(kOpen, in_pattern);
    const auto literal = pattern.substr(in_pattern, open == std::string::npos ? open : open - in_pattern);
    if (text.compare(at, literal.size(), literal) != 0) return false;
    at += literal.size();
    if (open == std::string::npos) break;
    const auto close = pattern.find(kClose, open);
    const auto symbol = pattern.substr(open + kOpen.size(), close - open - kOpen.size());
    in_pattern = close + kClose.size();
    // The value goes up to the text that follows the symbol.
    const auto next_open = pattern.find(kOpen, in_pattern);
    const auto next = pattern.substr(in_pattern, next_open == std::string::npos ? next_open : next_open - in_pattern);
    const auto end = next.empty() ? text.size() : text.find(next, at);
    if (end == std::string::npos) return false;
    const auto value = text.substr(at, end - at);
    const auto [known, is_new] = symbols.emplace(symbol, value);
    if (!is_new && known->second != value) return false;
    at = end;
  }
  return at == text.size();
}

Comparison compare(const std::vector<PlannedCall>& planned, const std::vector<ToolCall>& recorded) {
  Comparison result;
  std::map<std::size_t, const ToolCall*> by_step;
  std::vector<bool> used(recorded.size(), false);
  for (const auto& plan : planned) {
    bool found = false;
    for (std::size_t i = 0; i < recorded.size() && !found; ++i) {
      if (used[i] || !same_command(plan, recorded[i], result.symbols)) continue;
      used[i] = found = true;
      by_step[plan.id] = &recorded[i];
    }
    if (!found) result.problems.push_back("planned, but not run: " + plan.line());
  }
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    if (!used[i]) result.problems.push_back("run, but not planned: " + recorded[i].line());
  }
  for (const auto& plan : planned) {
    for (const auto id : plan.after) {
      if (by_step.count(id) == 0 || by_step.count(plan.id) == 0) continue;
      const auto& first = *by_step[id];
      if (!first.ended || *first.ended > by_step[plan.id]->started)
        result.problems.push_back("run too early: " + plan.line() + "\n    before the end of: " + first.line());
    }
  }
  return result;
}

}  // namespace datamill::tests
