#include "datamill/exec/run_record.hpp"

#include "datamill/command/command.hpp"
#include "datamill/exec/journal.hpp"
#include "datamill/support/enum_names.hpp"
#include "exec/run_record_parts.hpp"

#include <algorithm>

namespace datamill::exec {

using support::Node;

namespace {

constexpr support::EnumTable<RunOutcome, 6> kOutcomes{{{RunOutcome::running, "running"},
                                                       {RunOutcome::done, "done"},
                                                       {RunOutcome::unchanged, "unchanged"},
                                                       {RunOutcome::failed, "failed"},
                                                       {RunOutcome::interrupted, "interrupted"},
                                                       {RunOutcome::cut_off, "cut off"}}};
constexpr support::EnumTable<StepState, 8> kStates{{{StepState::not_started, "not started"},
                                                    {StepState::running, "running"},
                                                    {StepState::done, "done"},
                                                    {StepState::unchanged, "unchanged"},
                                                    {StepState::failed, "failed"},
                                                    {StepState::skipped, "skipped"},
                                                    {StepState::cancelled, "cancelled"},
                                                    {StepState::cut_off, "cut off"}}};

void read_head(const Node& head, RunRecord& record) {
  record.title = text_of(head, "title");
  record.command = text_of(head, "command");
  record.command_line = text_of(head, "command_line");
  record.flavour = text_of(head, "flavour");
  record.cluster = text_of(head, "cluster");
  record.provider = text_of(head, "provider");
  record.version = text_of(head, "datamill");
  record.started = parse_wall_time(text_of(head, "started"));
  record.expected_path = step_ids_of(head, "critical_path");
  if (const auto estimated = number_of(head, "estimated_ms")) record.estimated = Elapsed(*estimated);
  if (const auto* versions = head.find("tools")) {
    for (const auto& entry : versions->entries)
      record.versions[entry.key] = entry.value.scalar;
  }
  if (const auto pid = number_of(head, "pid"))
    record.process = RunProcess{.pid = *pid, .start = text_of(head, "pid_start"), .boot = text_of(head, "boot_id")};
}

command::Command command_in(const Node& node) {
  command::Command command{.program = text_of(node, "program"), .args = texts_of(node, "args")};
  if (const auto* env = node.find("env")) {
    for (const auto& entry : env->entries)
      command.env.emplace_back(entry.key, entry.value.scalar);
  }
  return command;
}

/// `helm upgrade RELEASE CHART ...`; a packaged chart is named by its file.
void note_chart(const command::Command& command, RunRecord& record) {
  if (command.program != "helm" || command.args.size() < 3 || command.args[0] != "upgrade") return;
  auto chart = command.args[2].substr(command.args[2].rfind('/') + 1);
  if (chart.ends_with(".tgz")) chart.resize(chart.size() - 4);
  record.charts.push_back({.release = command.args[1], .chart = std::move(chart)});
}

void read_step(const Node& node, RunRecord& record) {
  auto* step = step_in(record, number_of(node, "id"));
  if (step == nullptr) return;
  step->component = text_of(node, "component");
  step->title = text_of(node, "title");
  // Steps are told apart by their numbers, and only earlier ones may be needed.
  for (const auto need : step_ids_of(node, "needs")) {
    if (need < step->id) step->needs.push_back(need);
  }
  const auto* command = node.find("command");
  if (command == nullptr || !command->is_map()) return;
  const auto read = command_in(*command);
  step->command = command::to_shell(read);
  note_chart(read, record);
}

void read_plan(const Node& plan, RunRecord& record) {
  if (auto title = text_of(plan, "title"); !title.empty()) record.title = std::move(title);
  for (const auto& step : items_of(plan, "steps"))
    read_step(step, record);
  for (const auto& component : items_of(plan, "components")) {
    record.components.push_back({.name = text_of(component, "name"),
                                 .ns = text_of(component, "namespace"),
                                 .reason = text_of(component, "reason"),
                                 .unchanged = flag_of(component, "unchanged")});
  }
  for (const auto& kept : items_of(plan, "kept"))
    record.kept.push_back({.what = text_of(kept, "what"), .command = text_of(kept, "command")});
  record.tools = texts_of(plan, "tools");
  record.notes = texts_of(plan, "notes");
}

template <class Read>
void read_object(const std::optional<std::string>& text, const char* name, RunRecord& record, Read read) {
  if (!text) return;
  if (const auto node = object_in(*text))
    read(*node, record);
  else
    record.problems.push_back(std::string(name) + ": cannot be read");
}

/// The failed step that a skipped one comes after; nearest first. Where none is (the run stops at the first failure),
/// the one whose report names it.
std::optional<plan::StepId> cause_of(const StepRecord& skipped, const RunRecord& record) {
  std::vector<plan::StepId> queue{skipped.needs};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto& step = record.steps[queue[i]];
    if (step.state == StepState::failed || step.state == StepState::cancelled) return step.id;
    if (step.state != StepState::skipped) continue;
    if (step.skipped_by) return step.skipped_by;
    queue.insert(queue.end(), step.needs.begin(), step.needs.end());
  }
  for (const auto& step : record.steps) {
    if (!step.failure) continue;
    const auto& titles = step.failure->skipped;
    if (std::find(titles.begin(), titles.end(), skipped.title) != titles.end()) return step.id;
  }
  return std::nullopt;
}

void complete_steps(RunRecord& record) {
  for (auto& step : record.steps) {
    if (step.title.empty()) step.title = "step " + std::to_string(step.id + 1);
    plan::Step named;
    named.id = step.id;
    named.title = step.title;
    step.log = step_log_name(named);
    if (step.state == StepState::running && step.started && record.ended)
      step.elapsed = std::max(Elapsed{}, *record.ended - *step.started);
    if (step.state == StepState::skipped) step.skipped_by = cause_of(step, record);
  }
}

}  // namespace

std::string_view to_name(RunOutcome outcome) {
  return support::name_of(kOutcomes, outcome);
}

std::string_view to_name(StepState state) {
  return support::name_of(kStates, state);
}

RunRecord read_run_record(const RunTexts& texts) {
  RunRecord record{.id = texts.id};
  read_object(texts.head, "run.json", record, read_head);
  read_object(texts.plan, "plan.json", record, read_plan);
  if (texts.events) apply_events(*texts.events, record);
  if (!record.started) record.started = time_of_run_id(texts.id);
  complete_steps(record);
  return record;
}

void settle(RunRecord& record, ProcessState process) {
  if (record.outcome != RunOutcome::running || process == ProcessState::alive) return;
  record.outcome = RunOutcome::cut_off;
  for (auto& step : record.steps) {
    if (step.state == StepState::running) step.state = StepState::cut_off;
  }
}

}  // namespace datamill::exec
