#include "datamill/plan/plan.hpp"
#include "datamill/plan/schedule.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/overloaded.hpp"
#include "plan/describe.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <variant>

namespace datamill::plan {
namespace {

using command::PathSymbols;
using support::Node;

Node text_list(const std::vector<std::string>& texts, const PathSymbols& symbols = {}) {
  Node list = Node::sequence();
  for (const auto& text : texts)
    list.items.push_back(Node::text(symbols.apply(text)));
  return list;
}

Node number(std::size_t value) {
  return Node::integer(static_cast<long long>(value));
}

Node command_node(const command::Command& command, const PathSymbols& symbols) {
  Node node = Node::map();
  node.set("program", Node::text(symbols.apply(command.program)));
  node.set("args", text_list(command.args, symbols));
  Node env = Node::map();
  for (const auto& [name, value] : command.env)
    env.set(name, Node::text(symbols.apply(value)));
  node.set("env", std::move(env));
  node.set("cwd", command.cwd.empty() ? Node{} : Node::text(symbols.apply(command.cwd)));
  const auto* text = std::get_if<command::SymbolicText>(&command.stdin_text);
  node.set("stdin", text == nullptr ? Node{} : Node::text(symbols.apply(text->display())));
  node.set("interactive", Node::boolean(command.interactive));
  return node;
}

Node secrets_node(const CreateSecret& create) {
  Node generate = Node::sequence();
  for (const auto& value : create.generate) {
    Node item = Node::map();
    item.set("secret", Node::text(describe(value.ref)));
    item.set("bytes", Node::integer(value.random.bytes));
    item.set("as", Node::text(std::string{alphabet_name(value.random.alphabet)}));
    generate.items.push_back(std::move(item));
  }
  Node derived = Node::sequence();
  for (const auto& [ref, text] : create.derived) {
    Node item = Node::map();
    item.set("secret", Node::text(describe(ref)));
    item.set("template", Node::text(text.display()));
    derived.items.push_back(std::move(item));
  }
  Node node = Node::map();
  node.set("generate", std::move(generate));
  node.set("derived", std::move(derived));
  return node;
}

Node file_node(const WriteFile& file, const PathSymbols& symbols) {
  Node node = Node::map();
  node.set("path", Node::text(symbols.apply(file.path)));
  node.set("mode", Node::text(fmt::format("{:04o}", file.mode)));
  node.set("content", Node::text(symbols.apply(file.content.display())));
  return node;
}

constexpr std::array<std::string_view, std::variant_size_v<Action>> kActionNames{
    "run", "create_secret", "read_secret", "write_file", "remove_path", "say"};

/// Sets what only this kind of action has.
void set_details(Node& node, const Step& step, const PathSymbols& symbols) {
  std::visit(support::Overloaded{
                 [&](const RunCommand& run) {
                   if (!run.output.empty()) node.set("output", Node::text(run.output));
                 },
                 [&](const CreateSecret& create) { node.set("secrets", secrets_node(create)); },
                 [&](const ReadSecret& read) { node.set("secret", Node::text(read.ns + '/' + read.name)); },
                 [&](const WriteFile& file) { node.set("file", file_node(file, symbols)); },
                 [&](const RemovePath& path) { node.set("path", Node::text(symbols.apply(path.path))); },
                 [&](const Say& say) { node.set("text", Node::text(symbols.apply(say.text))); },
             },
             step.action);
}

Node retry_node(const Retry& retry) {
  Node node = Node::map();
  node.set("attempts", Node::integer(retry.attempts));
  node.set("first_delay_ms", Node::integer(retry.first_delay.count()));
  node.set("when_output_has", text_list(retry.when_output_has));
  node.set("ok_output_has", text_list(retry.ok_output_has));
  return node;
}

Node step_node(const Step& step, const PathSymbols& symbols) {
  Node node = Node::map();
  node.set("id", number(step.id));
  node.set("component", Node::text(step.component));
  node.set("title", Node::text(step.title));
  node.set("action", Node::text(std::string{kActionNames.at(step.action.index())}));
  const auto* command = command_of(step);
  node.set("command", command == nullptr ? Node{} : command_node(*command, symbols));
  Node needs = Node::sequence();
  for (const StepId need : step.needs)
    needs.items.push_back(number(need));
  node.set("needs", std::move(needs));
  node.set("locks", text_list(step.locks));
  Node guard;
  if (step.guard) guard.set("skip_if_exists", Node::text(symbols.apply(step.guard->path)));
  node.set("guard", std::move(guard));
  node.set("timeout_s", Node::integer(step.timeout.count()));
  node.set("estimate_ms", Node::integer(step.estimate.count()));
  node.set("effect", Node::text(std::string{to_name(step.effect)}));
  node.set("retry", retry_node(step.retry));
  set_details(node, step, symbols);
  return node;
}

Node expected_node(const Plan& plan, std::size_t parallelism) {
  const auto schedule = make_schedule(plan, parallelism);
  Node path = Node::sequence();
  for (const StepId id : schedule.critical_path)
    path.items.push_back(number(id));
  Node node = Node::map();
  node.set("critical_path", std::move(path));
  node.set("critical_ms", Node::integer(schedule.critical_time.count()));
  node.set("work_ms", Node::integer(schedule.work.count()));
  if (parallelism > 0) {
    node.set("parallelism", number(parallelism));
    node.set("total_ms", Node::integer(schedule.total.count()));
  }
  return node;
}

Node components_node(const Plan& plan) {
  Node list = Node::sequence();
  for (const auto& component : plan.components) {
    Node node = Node::map();
    node.set("name", Node::text(component.name));
    node.set("namespace", Node::text(component.ns));
    node.set("reason", Node::text(component.reason));
    node.set("unchanged", Node::boolean(component.unchanged));
    list.items.push_back(std::move(node));
  }
  return list;
}

}  // namespace

std::string print_json(const Plan& plan, const TextOptions& options) {
  Node root = Node::map();
  root.set("v", Node::integer(1));
  root.set("title", Node::text(plan.title));
  Node steps = Node::sequence();
  for (const auto& step : plan.steps)
    steps.items.push_back(step_node(step, options.symbols));
  root.set("steps", std::move(steps));
  root.set("components", components_node(plan));
  Node kept = Node::sequence();
  for (const auto& object : plan.kept) {
    Node node = Node::map();
    node.set("what", Node::text(object.what));
    node.set("command", Node::text(options.symbols.apply(object.command)));
    kept.items.push_back(std::move(node));
  }
  root.set("kept", std::move(kept));
  root.set("notes", text_list(plan.notes, options.symbols));
  root.set("tools", text_list(plan.tools));
  root.set("expected", expected_node(plan, options.parallelism));
  return support::write_json(root) + '\n';
}

}  // namespace datamill::plan
