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
                   expected_ = e.expected;
                 },
                 [&](const exec::StepStarted& e) { start(e, now); },
                 [&](const exec::StepOutput& e) {
                   if (auto* step = find_running(e.step)) step->hear(e.text);
                 },
                 [&](const exec::StepWaiting& e) {
                   if (auto* step = find_running(e.step)) step->waits_for = harmless(e.text);
                 },
                 [&](const exec::RunResumed& e) {
                   started_ += e.paused;
                   for (auto& step : running_)
                     step.started += e.paused;
                 },
                 [&](const exec::StepFinished& e) {
                   forget(e.step);
                   ++finished_;
                   if (!e.because.empty()) because_[e.step] = cause_of(e.because);
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

/// The component of the step with this title; the title itself for a step of the cluster.
std::string RunState::cause_of(const std::string& title) const {
  if (plan_ == nullptr) return harmless(title);
  const auto found = std::find_if(plan_->steps.begin(), plan_->steps.end(),
                                  [&](const plan::Step& step) { return step.title == title; });
  return found == plan_->steps.end() || found->component.empty() ? harmless(title) : found->component;
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

namespace {

/// The state of a component with steps of both states.
exec::StepStatus worse(exec::StepStatus a, exec::StepStatus b) {
  using exec::StepStatus;
  for (const auto status : {StepStatus::failed, StepStatus::cancelled, StepStatus::skipped, StepStatus::done}) {
    if (a == status || b == status) return status;
  }
  return StepStatus::already_done;
}

}  // namespace

std::vector<ComponentOutcome> RunState::component_outcomes(const exec::RunFinished& finished) const {
  std::vector<ComponentOutcome> outcomes;
  if (plan_ == nullptr) return outcomes;
  std::map<std::string_view, std::size_t> places;
  const auto place = [&](const std::string& name) -> ComponentOutcome& {
    const auto [found, is_new] = places.try_emplace(name, outcomes.size());
    if (is_new) outcomes.push_back({.name = name});
    return outcomes[found->second];
  };
  for (const auto& component : plan_->components)
    (void)place(component.name);
  const auto count = std::min({total(), finished.step_elapsed.size(), finished.step_status.size()});
  for (std::size_t i = 0; i < count; ++i) {
    const auto& step = plan_->steps[i];
    if (step.component.empty()) continue;
    auto& outcome = place(step.component);
    outcome.status = worse(outcome.status, finished.step_status[i]);
    outcome.elapsed += finished.step_elapsed[i];
    if (const auto why = because_.find(i); why != because_.end() && outcome.because.empty())
      outcome.because = why->second;
  }
  for (auto& outcome : outcomes) {
    const bool says_why = outcome.status == exec::StepStatus::skipped || outcome.status == exec::StepStatus::cancelled;
    if (!says_why || outcome.because == outcome.name) outcome.because.clear();
  }
  return outcomes;
}

exec::Elapsed RunState::left(proc::Clock::time_point now) const {
  const auto elapsed = std::chrono::duration_cast<exec::Elapsed>(now - started_);
  return std::max(expected_ - elapsed, exec::Elapsed{});
}

}  // namespace datamill::ui
