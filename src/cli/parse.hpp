#pragma once

#include "cli/options.hpp"

namespace datamill::cli {

/// What parse_command_line() is made of, without printing: exactly one of options, help and errors is there.
struct ParseResult {
  std::optional<Options> options{};
  std::string help{};  ///< asked for by --help, -h, `help` or an empty command line
  support::Diagnostics diagnostics{};
};

/// Pure: reads nothing but its parameters.
[[nodiscard]] ParseResult parse(const std::vector<std::string>& arguments, const support::Environment& environment);

/// Whether `-o json` is among the arguments (or DATAMILL_OUTPUT says so): known before the line is parsed, because
/// usage errors have to be JSON too.
[[nodiscard]] bool wants_json(const std::vector<std::string>& arguments, const support::Environment& environment);

}  // namespace datamill::cli
