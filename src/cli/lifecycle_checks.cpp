#include "cli/lifecycle_checks.hpp"

#include "datamill/planner/lifecycle.hpp"

#include <fmt/format.h>

namespace datamill::cli {

void refuse_foreign(Session& session, std::string_view verb) {
  if (session.provider().refusal.empty()) return;
  throw support::Failure(
      support::ExitCode::usage, "DM567",
      fmt::format("cannot {} {}: {}", verb, planner::describe_cluster(session.target()), session.provider().refusal),
      "`datamill uninstall` removes what datamill installed there");
}

}  // namespace datamill::cli
