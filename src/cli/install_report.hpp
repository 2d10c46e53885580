#pragma once

#include "cli/session.hpp"
#include "datamill/exec/executor.hpp"
#include "datamill/plan/plan.hpp"

namespace datamill::cli {

/// What an installation ends with: what changed, how long each component took, what to open, where each credential is
/// (never the credential), what to type next. On stdout; one JSON line with -o json.
void report_install(Session& session, const plan::Plan& plan, const exec::RunResult& result);

}  // namespace datamill::cli
