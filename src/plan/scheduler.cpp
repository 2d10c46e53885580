#include "datamill/plan/scheduler.hpp"

#include <algorithm>

namespace datamill::plan {

namespace {

bool is_interactive(const Step& step) {
  const auto* command = command_of(step);
  return command != nullptr && command->interactive;
}

}  // namespace

std::vector<std::chrono::milliseconds> longest_remaining(const Plan& plan) {
  std::vector<std::chrono::milliseconds> after(plan.steps.size());
  // Needs only point backwards, so every dependent was visited before.
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
    after[step->id] += step->estimate;
    for (const StepId need : step->needs)
      after[need] = std::max(after[need], after[step->id]);
  }
  return after;
}

Scheduler::Scheduler(const Plan& plan)
    : plan_(plan), states_(plan.steps.size(), State::pending), missing_(plan.steps.size()),
      dependents_(plan.steps.size()), remaining_(longest_remaining(plan)) {
  for (const auto& each : plan.steps) {
    missing_[each.id] = each.needs.size();
    for (const StepId need : each.needs)
      dependents_[need].push_back(each.id);
    if (each.needs.empty()) make_ready(each.id);
  }
}

bool Scheduler::locks_are_free(StepId id) const {
  return std::none_of(step(id).locks.begin(), step(id).locks.end(),
                      [&](const std::string& lock) { return held_locks_.contains(lock); });
}

std::optional<StepId> Scheduler::take_ready() {
  if (interactive_running_) return std::nullopt;
  for (const auto& ready : ready_) {
    const StepId id = ready.id;  // its place in the set goes with start()
    if (!locks_are_free(id)) continue;
    if (is_interactive(step(id)) && running_ > 0) return std::nullopt;
    start(id);
    return id;
  }
  return std::nullopt;
}

void Scheduler::start(StepId id) {
  ready_.erase({remaining_[id], id});
  states_[id] = State::running;
  held_locks_.insert(step(id).locks.begin(), step(id).locks.end());
  interactive_running_ = is_interactive(step(id));
  ++running_;
}

void Scheduler::end(StepId id) {
  states_[id] = State::ended;
  for (const auto& lock : step(id).locks)
    held_locks_.erase(lock);
  interactive_running_ = false;
  --running_;
}

void Scheduler::succeed(StepId id) {
  end(id);
  for (const StepId dependent : dependents_[id]) {
    if (--missing_[dependent] == 0 && states_[dependent] == State::pending) make_ready(dependent);
  }
}

std::vector<StepId> Scheduler::fail(StepId id) {
  end(id);
  std::vector<StepId> skipped;
  std::vector<StepId> to_visit{id};
  while (!to_visit.empty()) {
    const StepId visited = to_visit.back();
    to_visit.pop_back();
    for (const StepId dependent : dependents_[visited]) {
      if (states_[dependent] != State::pending) continue;
      states_[dependent] = State::out;
      skipped.push_back(dependent);
      to_visit.push_back(dependent);
    }
  }
  std::sort(skipped.begin(), skipped.end());
  return skipped;
}

std::vector<StepId> Scheduler::drop_pending() {
  std::vector<StepId> dropped;
  for (StepId id = 0; id < states_.size(); ++id) {
    if (states_[id] != State::pending) continue;
    states_[id] = State::out;
    dropped.push_back(id);
  }
  ready_.clear();
  return dropped;
}

}  // namespace datamill::plan
