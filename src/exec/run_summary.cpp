#include "datamill/exec/run_summary.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace datamill::exec {

namespace {

/// What a component's steps make of it: the first of these that one of them has.
constexpr std::array kWorstFirst{StepState::failed,  StepState::cut_off,     StepState::cancelled, StepState::running,
                                 StepState::skipped, StepState::not_started, StepState::done};

/// A step that has not ended was seen up to the run's last sign of life.
std::optional<WallTime> end_of(const StepRecord& step, const RunRecord& record) {
  return step.ended || !step.started ? step.ended : record.ended;
}

bool ran(const StepRecord& step) {
  return step.started && step.state != StepState::skipped;
}

/// The one among `ids` that ended last; nullptr where none has an end.
const StepRecord* last_of(const std::vector<plan::StepId>& ids, const RunRecord& record) {
  const StepRecord* last = nullptr;
  for (const auto id : ids) {
    const auto& step = record.steps[id];
    const auto end = end_of(step, record);
    if (end && (last == nullptr || *end > *end_of(*last, record))) last = &step;
  }
  return last;
}

StepState state_of(const ComponentRecord& component, const RunRecord& record, bool planned_unchanged) {
  if (component.steps.empty()) return planned_unchanged ? StepState::unchanged : StepState::not_started;
  for (const auto state : kWorstFirst) {
    const auto has = [&](plan::StepId id) { return record.steps[id].state == state; };
    if (std::any_of(component.steps.begin(), component.steps.end(), has)) return state;
  }
  return StepState::unchanged;
}

std::string cause_of(const ComponentRecord& component, const RunRecord& record) {
  for (const auto id : component.steps) {
    if (!record.steps[id].skipped_by) continue;
    const auto& cause = record.steps[*record.steps[id].skipped_by];
    return cause.component.empty() ? cause.title : cause.component;
  }
  return {};
}

void add_step(const StepRecord& step, const RunRecord& record, ComponentRecord& component) {
  component.steps.push_back(step.id);
  component.retries += step.retries.size();
  if (!ran(step)) return;
  if (!component.started || *step.started < *component.started) component.started = step.started;
  const auto end = end_of(step, record);
  if (end && (!component.ended || *end > *component.ended)) component.ended = end;
}

}  // namespace

std::vector<PathLink> critical_path(const RunRecord& record) {
  std::vector<plan::StepId> all;
  for (const auto& step : record.steps) {
    if (ran(step)) all.push_back(step.id);
  }
  std::vector<PathLink> path;
  const auto* step = last_of(all, record);
  while (step != nullptr) {
    const auto* before = last_of(step->needs, record);
    if (ran(*step)) {
      const auto free_since = before == nullptr ? record.started : end_of(*before, record);
      const auto waited = free_since ? std::max(Elapsed{}, *step->started - *free_since) : Elapsed{};
      path.push_back({.step = step->id, .waited = waited});
    }
    step = before;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<ComponentRecord> components_of(const RunRecord& record) {
  std::vector<ComponentRecord> components;
  std::map<std::string, std::size_t> places;
  const auto place = [&](const std::string& name) {
    const auto [found, is_new] = places.emplace(name, components.size());
    if (is_new) components.push_back({.name = name});
    return found->second;
  };
  const auto of_cluster = [](const StepRecord& step) { return step.component.empty(); };
  if (std::any_of(record.steps.begin(), record.steps.end(), of_cluster)) (void)place("");
  std::map<std::string, bool> unchanged;
  for (const auto& planned : record.components) {
    auto& component = components[place(planned.name)];
    component.ns = planned.ns;
    component.reason = planned.reason;
    unchanged[planned.name] = planned.unchanged;
  }
  for (const auto& step : record.steps)
    add_step(step, record, components[place(step.component)]);
  for (auto& component : components) {
    component.state = state_of(component, record, unchanged[component.name]);
    if (component.state == StepState::skipped) component.because = cause_of(component, record);
    if (component.started && component.ended)
      component.elapsed = std::max(Elapsed{}, *component.ended - *component.started);
  }
  return components;
}

std::vector<std::string> trouble_of(const RunRecord& record) {
  std::vector<std::string> names;
  const auto collect = [&](std::initializer_list<StepState> states) {
    for (const auto& step : record.steps) {
      if (std::find(states.begin(), states.end(), step.state) == states.end()) continue;
      const auto& name = step.component.empty() ? step.title : step.component;
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  };
  collect({StepState::failed});
  collect({StepState::cancelled, StepState::cut_off});
  return names;
}

}  // namespace datamill::exec
