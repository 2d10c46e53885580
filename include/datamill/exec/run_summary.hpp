#pragma once

#include "datamill/exec/run_record.hpp"
#include "datamill/support/node.hpp"

#include <optional>
#include <string>
#include <vector>

namespace datamill::exec {

/// One link of the chain of steps that decided how long a run took.
struct PathLink {
  plan::StepId step = 0;
  Elapsed waited{};  ///< between the end of the link before it (or the run's start) and its own start
};

/// The steps that decided how long the run took, first one first: back from the step that ended last, each time to the
/// one it needed that ended last.
[[nodiscard]] std::vector<PathLink> critical_path(const RunRecord& record);

/// What a run did for one component; the cluster's own steps together have the name "".
struct ComponentRecord {
  std::string name{};
  std::string ns{};
  std::string reason{};  ///< why it is part of the run: "listed"
  StepState state = StepState::not_started;
  std::string because{};  ///< of a skipped one: the component (or step) that failed
  std::vector<plan::StepId> steps{};
  std::optional<WallTime> started{};
  std::optional<WallTime> ended{};
  Elapsed elapsed{};  ///< from the start of the first to the end of the last step
  std::size_t retries = 0;
};
/// The cluster first, then components in the plan's order.
[[nodiscard]] std::vector<ComponentRecord> components_of(const RunRecord& record);

/// Names of what kept the run from its end: components (steps without one: their titles) that failed, or ran when it
/// was interrupted or cut off. Each once.
[[nodiscard]] std::vector<std::string> trouble_of(const RunRecord& record);

/// One run as `history -o json` lists it, and with all its steps. Fields are only ever added; absent values are left
/// out.
[[nodiscard]] support::Node run_summary_node(const RunRecord& record);
[[nodiscard]] support::Node run_record_node(const RunRecord& record);

}  // namespace datamill::exec
