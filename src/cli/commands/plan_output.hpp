#pragma once

#include "cli/session.hpp"
#include "datamill/plan/plan.hpp"

#include <string_view>

namespace datamill::cli {

/// Looks at the cluster, if there is one, and prints what the command `action` (install, uninstall, start, stop,
/// destroy) would do, as -o says: text, json or shell. Changes nothing.
/// @returns the plan
/// @throws Failure as the command itself would: a flavour that is wrong, a cluster that does not answer
plan::Plan print_plan_of(Session& session, std::string_view action);

}  // namespace datamill::cli
