#pragma once

#include "datamill/exec/run_record.hpp"
#include "datamill/support/file_source.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// Ids of the runs that a state folder holds, newest first; folders with other names are no runs.
[[nodiscard]] std::vector<std::string> run_ids(const std::string& state, const support::FileSource& files);

enum class RunDetail : unsigned char { summary, whole };

/// One run as its journal tells it, whatever of that is there; a summary leaves out the plan. What became of a run
/// without an end is asked of the machine: whether its process lives.
[[nodiscard]] exec::RunRecord load_run(const std::string& state, const std::string& id, RunDetail detail,
                                       const support::FileSource& files);

/// The id that `word` means: a whole one, the beginning of one only, or the newest for "" and "last".
/// @throws Failure exit 2: DM580 there are no runs, DM581 there is no such run, DM582 several begin so
[[nodiscard]] std::string find_run(const std::string& state, const std::string& word, const support::FileSource& files);

/// Removes old runs: what is neither among the newest 200 nor younger than 90 days, is not `current` and does not run.
/// To be called at the end of a run. What cannot be removed stays, without a word.
void prune_runs(const std::string& state, const std::string& current, const support::FileSource& files);

}  // namespace datamill::cli
