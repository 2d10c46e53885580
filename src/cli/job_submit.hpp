#pragma once

#include "cli/session.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// `job submit FILE|IMAGE [ARGS...]`: makes the Job, prints its log and ends with its container's exit code. A signal
/// deletes the Job; the second one kills it.
/// @throws Failure DM070, DM071, DM072 refused by the cluster, what JobWatch throws
[[nodiscard]] support::ExitCode submit_job(Session& session, const std::vector<std::string>& words);

}  // namespace datamill::cli
