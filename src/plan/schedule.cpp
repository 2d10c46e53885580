#include "datamill/plan/schedule.hpp"

#include "datamill/plan/scheduler.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <queue>

namespace datamill::plan {

namespace {

using std::chrono::milliseconds;

struct Running {
  milliseconds end{};
  StepId id = 0;
  friend bool operator>(const Running& a, const Running& b) { return a.end != b.end ? a.end > b.end : a.id > b.id; }
};

void simulate(const Plan& plan, std::size_t parallelism, Schedule& schedule) {
  Scheduler scheduler{plan};
  std::priority_queue<Running, std::vector<Running>, std::greater<>> running;
  milliseconds now{};
  while (true) {
    while (running.size() < std::max<std::size_t>(parallelism, 1)) {
      const auto id = scheduler.take_ready();
      if (!id) break;
      schedule.start[*id] = now;
      running.push({now + plan.steps[*id].estimate, *id});
    }
    if (running.empty()) break;
    const auto next = running.top();
    running.pop();
    now = next.end;
    schedule.end[next.id] = now;
    scheduler.succeed(next.id);
  }
  schedule.total = now;
}

/// Follows the longest way forwards.
void find_critical_path(const Plan& plan, Schedule& schedule) {
  const auto remaining = longest_remaining(plan);
  if (remaining.empty()) return;
  const auto first = std::max_element(remaining.begin(), remaining.end());
  schedule.critical_time = *first;
  std::vector<StepId> next(plan.steps.size(), plan.steps.size());
  for (const auto& step : plan.steps) {
    for (const StepId need : step.needs) {
      auto& chosen = next[need];
      if (chosen == plan.steps.size() || remaining[step.id] > remaining[chosen]) chosen = step.id;
    }
  }
  for (auto id = static_cast<StepId>(first - remaining.begin()); id < plan.steps.size(); id = next[id])
    schedule.critical_path.push_back(id);
}

}  // namespace

Schedule make_schedule(const Plan& plan, std::size_t parallelism) {
  Schedule schedule;
  schedule.start.resize(plan.steps.size());
  schedule.end.resize(plan.steps.size());
  simulate(plan, parallelism, schedule);
  find_critical_path(plan, schedule);
  for (const auto& step : plan.steps)
    schedule.work += step.estimate;
  return schedule;
}

std::string describe(const Schedule& schedule, const Plan& plan, std::size_t parallelism) {
  using namespace std::chrono_literals;
  if (schedule.total < 1s) return "";
  std::vector<std::string> names;
  for (const StepId id : schedule.critical_path) {
    const auto& component = plan.steps[id].component;
    const auto& name = component.empty() ? "cluster" : component;
    if (plan.steps[id].estimate > 0ms && (names.empty() || names.back() != name)) names.push_back(name);
  }
  return fmt::format("about {} with {} at a time; longest way {}: {}", support::format_elapsed(schedule.total),
                     parallelism == 1 ? "1 step" : fmt::format("{} steps", parallelism),
                     support::format_elapsed(schedule.critical_time), support::join(names, ", "));
}

}  // namespace datamill::plan
