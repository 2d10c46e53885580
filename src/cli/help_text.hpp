#pragma once

#include "cli/parse_commands.hpp"

#include <string>

namespace datamill::cli {

/// `datamill --help`: examples, then the commands that exist, then the exit codes.
[[nodiscard]] std::string overview_help();

/// `datamill COMMAND --help`: examples, usage, the flags the command takes.
[[nodiscard]] std::string command_help(const CommandDef& command);

}  // namespace datamill::cli
