#include "ui/run_state.hpp"

#include "datamill/support/overloaded.hpp"
#include "ui/screen_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::ui {

void RunState::update(const exec::Event& event, proc::Clock::time_point now) {
  std::visit(support::Overloaded{
                 [&](const exec::RunStarted& e) {
                   *this = RunState{};
                   plan_ = e.plan;
                   started_ = now;
                 },
                 [&](const exec::StepStarted& e) { start(e, now); },
                 [&](const exec::StepOutput& e) {
                   if (auto* step = find_running(e.step)) step->hear(e.text);
                 },
                 [&](const exec::StepWaiting& e) {
                   if (auto* step = find_running(e.step)) step->hear(e.text);
                 },
                 [&](const exec::StepFinished& e) {
                   forget(e.step);
                   ++finished_;
                 },
                 [&](const exec::StepFailed& e) {
                   auto& kept = failures_.emplace_back(e.report);
                   kept.last_lines.clear();
                 },
                 [&](const exec::RunFinished&) { running_.clear(); },
                 [](const auto&) {},
             },
             event);
}

void RunningStep::hear(const std::string& line) {
  auto text = harmless(line);
  if (text.find_first_not_of(' ') != std::string::npos) last_line = std::move(text);
}

RunningStep* RunState::find_running(plan::StepId step) {
  const auto found =
      std::find_if(running_.begin(), running_.end(), [&](const RunningStep& r) { return r.step == step; });
  return found == running_.end() ? nullptr : &*found;
}

void RunState::start(const exec::StepStarted& event, proc::Clock::time_point now) {
  forget(event.step);  // a further attempt
  const auto* step = find(event.step);
  const auto* command = step == nullptr ? nullptr : plan::command_of(*step);
  running_.push_back({.step = event.step, .started = now, .interactive = command != nullptr && command->interactive});
}

void RunState::forget(plan::StepId step) {
  std::erase_if(running_, [&](const RunningStep& r) { return r.step == step; });
}

const plan::Step* RunState::find(plan::StepId step) const {
  return plan_ == nullptr || step >= plan_->steps.size() ? nullptr : &plan_->steps[step];
}

std::string RunState::title(plan::StepId step) const {
  const auto* found = find(step);
  return found == nullptr || found->title.empty() ? fmt::format("step {}", step) : harmless(found->title);
}

std::string RunState::component(plan::StepId step) const {
  const auto* found = find(step);
  return found == nullptr ? std::string{} : found->component;
}

bool RunState::polls(plan::StepId step) const {
  const auto* found = find(step);
  return found != nullptr && found->effect == plan::Effect::read && found->retry.attempts > 1;
}

std::string RunState::counter() const {
  const auto all = fmt::format("{}", total());
  return fmt::format("[{:>{}}/{}]", finished_, all.size(), all);
}

bool RunState::interactive() const {
  return std::any_of(running_.begin(), running_.end(), [](const RunningStep& r) { return r.interactive; });
}

std::vector<std::pair<std::string, exec::Elapsed>> RunState::component_times(const exec::RunFinished& finished) const {
  std::vector<std::pair<std::string, exec::Elapsed>> times;
  const auto count = std::min({total(), finished.step_elapsed.size(), finished.step_status.size()});
  for (std::size_t i = 0; i < count; ++i) {
    const auto& name = plan_->steps[i].component;
    const auto status = finished.step_status[i];
    if (name.empty() || (status != exec::StepStatus::done && status != exec::StepStatus::failed)) continue;
    auto row = std::find_if(times.begin(), times.end(), [&](const auto& entry) { return entry.first == name; });
    if (row == times.end()) row = times.insert(times.end(), {name, exec::Elapsed{}});
    row->second += finished.step_elapsed[i];
  }
  return times;
}

}  // namespace datamill::ui
