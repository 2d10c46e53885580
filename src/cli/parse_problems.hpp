#pragma once

#include "cli/parse_commands.hpp"
#include "cli/parse_raw.hpp"
#include "datamill/support/diagnostic.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// DM001 for a word that is no command, DM002 for one that a later version will have. A suggestion is only printed,
/// never run.
void report_unknown_command(const std::string& word, support::Diagnostics& diagnostics);

/// DM003 for each flag that `command` does not take: a typo, a flag of other commands, a long flag with one dash.
void report_unknown_flags(std::string_view command, const RawArguments& raw, support::Diagnostics& diagnostics);

/// DM007 where the positional arguments are not what the command takes.
void check_positional(const CommandDef& command, const std::vector<std::string>& positional,
                      support::Diagnostics& diagnostics);

/// A long flag written with one dash: "-flavour" would read as -f with the value "lavour". DM003; true if found.
[[nodiscard]] bool report_single_dash(const std::vector<std::string>& arguments, support::Diagnostics& diagnostics);

}  // namespace datamill::cli
