#pragma once

#include "cli/app.hpp"
#include "datamill/domain/target.hpp"
#include "datamill/domain/workspace.hpp"
#include "datamill/support/node.hpp"

#include <string>

namespace datamill::cli {

/// What a run is, for the journal's run.json: the command, the words that were typed, flavour, cluster, and the process
/// by number, start and boot, so that a later run can tell whether it still works.
[[nodiscard]] support::Node run_head(const App& app, const domain::Workspace& workspace, const domain::Target& target,
                                     const std::string& cluster, const std::string& command_line);

}  // namespace datamill::cli
