#pragma once

#include "cli/offers.hpp"
#include "cli/session.hpp"
#include "datamill/inventory/jobs.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// What is asked for: `spec` lacks only what the cluster decides (namespace, wiring).
struct JobRequest {
  inventory::JobSpec spec{};
  std::string content{};  ///< of the file
  std::string own{};      ///< image of ours that takes the place of spec.image where the cluster can have it
};

/// Reads FILE|IMAGE [ARGS...] and the flags. @throws Failure exit 2: DM070 flags and names, DM071 the file
[[nodiscard]] JobRequest read_job_request(const Session& session, const std::vector<std::string>& words);

/// The namespace of the flavour; "default" where that is not there and nobody named one with -n.
/// @throws Failure exit 2, DM070, where -n names one that is not there
[[nodiscard]] std::string job_namespace(const Session& session);

/// Environment that reaches what the flavour provides, under the names that most programs know: AWS_*, S3_BUCKET, PG*,
/// MLFLOW_TRACKING_URI; keys only as references to Secrets. What cannot be wired is said. The user's own come last.
[[nodiscard]] std::vector<inventory::JobVariable> job_variables(Session& session, const std::string& ns);

}  // namespace datamill::cli
