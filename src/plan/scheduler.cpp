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

const std::string* Scheduler::held_lock_of(StepId id) const {
  const auto& locks = step(id).locks;
  const auto held =
      std::find_if(locks.begin(), locks.end(), [&](const std::string& lock) { return held_locks_.contains(lock); });
  return held == locks.end() ? nullptr : &*held;
}

/// The others that wait for a lock which this step leaves free after all must not wait for it.
void Scheduler::park(StepId id, const std::string& lock) {
  ready_.erase({remaining_[id], id});
  parked_[lock].insert({remaining_[id], id});
  for (const auto& other : step(id).locks) {
    if (!held_locks_.contains(other)) wake_next(other);
  }
}

void Scheduler::wake_next(std::string_view lock) {
  const auto waiting = parked_.find(lock);
  if (waiting == parked_.end()) return;
  ready_.insert(waiting->second.extract(waiting->second.begin()));
  if (waiting->second.empty()) parked_.erase(waiting);
}

std::optional<StepId> Scheduler::take_ready() {
  if (interactive_running_) return std::nullopt;
  while (!ready_.empty()) {
    const StepId id = ready_.begin()->id;
    if (const auto* lock = held_lock_of(id)) {
      park(id, *lock);
      continue;
    }
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
  for (const auto& lock : step(id).locks) {
    held_locks_.erase(lock);
    wake_next(lock);
  }
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
  parked_.clear();
  return dropped;
}

}  // namespace datamill::plan
