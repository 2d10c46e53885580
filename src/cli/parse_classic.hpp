#pragma once

#include "cli/options.hpp"
#include "cli/parse_raw.hpp"

#include <string>

namespace datamill::cli {

/// Reads the location and the action of `run`: exactly one of each. Sets command, classic and location; DM005 for a
/// missing or doubled one (naming the flags), DM002 for -p and -d, DM003 for a flag that does not go with the action.
void read_classic(const RawArguments& raw, Options& options, support::Diagnostics& diagnostics);

}  // namespace datamill::cli
