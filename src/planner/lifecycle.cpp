#include "datamill/planner/lifecycle.hpp"

#include "datamill/inventory/snapshot_reads.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <set>

namespace datamill::planner {

using plan::Plan;

namespace {

Plan cluster_plan(std::string title, const Context& context, void (*fill)(const Context&, Plan&)) {
  Plan plan{.title = std::move(title)};
  if (fill != nullptr) fill(context, plan);
  // A provider's steps are a chain: each changes the one cluster.
  for (std::size_t i = 1; i < plan.steps.size(); ++i) {
    if (plan.steps[i].needs.empty()) plan.steps[i].needs.push_back(i - 1);
  }
  for (auto& step : plan.steps)
    step.locks.emplace_back("cluster");
  collect_tools(plan);
  return plan;
}

}  // namespace

std::string describe_cluster(const domain::Target& target) {
  return fmt::format("{} cluster {} ({})", domain::to_name(target.location), target.cluster_name, target.provider);
}

Plan plan_start(const Provider& provider, const Context& context) {
  const auto title = fmt::format("Start {}", describe_cluster(context.target));
  return cluster_plan(title, context,
                      context.cluster_state == ClusterState::running ? provider.refresh : provider.ensure);
}

Plan plan_stop(const Provider& provider, const Context& context) {
  return cluster_plan(fmt::format("Stop {}", describe_cluster(context.target)), context, provider.stop);
}

Plan plan_destroy(const Provider& provider, const Context& context) {
  return cluster_plan(fmt::format("Destroy {}", describe_cluster(context.target)), context, provider.destroy);
}

Plan plan_reads(const domain::KubeAccess& access) {
  Plan plan{.title = "Read the cluster's state"};
  const auto reads = inventory::snapshot_reads(access);
  for (std::size_t i = 0; i < reads.commands.size(); ++i) {
    plan.add({.title = std::string(inventory::SnapshotReads::kTitles[i]),
              .action = plan::RunCommand{.command = reads.commands[i]},
              .timeout = std::chrono::seconds{30},
              .effect = plan::Effect::read});
  }
  collect_tools(plan);
  return plan;
}

Plan join(Plan first, Plan second) {
  const auto offset = first.steps.size();
  for (auto& step : second.steps) {
    if (step.needs.empty()) {
      for (std::size_t i = 0; i < offset; ++i)
        step.needs.push_back(i);
    } else {
      for (auto& need : step.needs)
        need += offset;
    }
    first.add(std::move(step));
  }
  if (!second.title.empty()) first.title = std::move(second.title);
  for (auto& component : second.components)
    first.components.push_back(std::move(component));
  for (auto& kept : second.kept)
    first.kept.push_back(std::move(kept));
  for (auto& note : second.notes)
    first.notes.push_back(std::move(note));
  collect_tools(first);
  return first;
}

void collect_tools(Plan& plan) {
  std::set<std::string> tools;
  for (const auto& step : plan.steps) {
    if (const auto* command = plan::command_of(step)) tools.insert(command->program);
  }
  plan.tools.assign(tools.begin(), tools.end());
}

}  // namespace datamill::planner
