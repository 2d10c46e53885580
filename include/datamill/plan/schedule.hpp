#pragma once

#include "datamill/plan/plan.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace datamill::plan {

/// What a plan's run is expected to look like, by the steps' estimates.
struct Schedule {
  std::vector<std::chrono::milliseconds> start{};  ///< by step, from the run's begin
  std::vector<std::chrono::milliseconds> end{};
  std::vector<StepId> critical_path{};        ///< steps that nothing but their needs delays, first to last
  std::chrono::milliseconds critical_time{};  ///< the sum of these: no number of parallel steps makes it shorter
  std::chrono::milliseconds work{};           ///< all steps one after another
  std::chrono::milliseconds total{};          ///< with `parallelism` steps at a time, as the executor starts them
};

/// Goes through the plan as the executor would, with each step taking as long as its estimate.
[[nodiscard]] Schedule make_schedule(const Plan& plan, std::size_t parallelism);

/// "about 3m 20s with 4 steps at a time; longest way 2m 05s: lake, hive, trino"; "" where nothing takes noticeable
/// time.
[[nodiscard]] std::string describe(const Schedule& schedule, const Plan& plan, std::size_t parallelism);

}  // namespace datamill::plan
