#include "cli/cut_off.hpp"

#include "cli/run_store.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

namespace {

/// Runs on other clusters may have come since; further back nobody remembers.
constexpr std::size_t kLooked = 20;

std::string during(const exec::RunRecord& run) {
  std::vector<std::string> titles;
  for (const auto& step : run.steps) {
    if (step.state == exec::StepState::cut_off) titles.push_back(step.title);
  }
  return titles.empty() ? "" : fmt::format(" during: {}", support::join(titles, "; "));
}

}  // namespace

std::string describe_cut_off(const std::string& state, const std::string& cluster, const support::FileSource& files) {
  auto ids = run_ids(state, files);
  if (ids.size() > kLooked) ids.resize(kLooked);
  for (const auto& id : ids) {
    const auto run = load_run(state, id, RunDetail::summary, files);
    if (run.cluster != cluster) continue;
    if (run.outcome != exec::RunOutcome::cut_off) return "";
    const auto whole = load_run(state, id, RunDetail::whole, files);
    return fmt::format("the last run ({}, {}) was cut off{}", id, run.command_line, during(whole));
  }
  return "";
}

}  // namespace datamill::cli
