#pragma once

#include "cli/parse_flags.hpp"
#include "datamill/support/diagnostic.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// A command's arguments taken apart, values still as text.
struct RawArguments {
  /// By FlagDef::display(), in the order given; kinds `on` and `count` have one "true" for each time.
  std::map<std::string, std::vector<std::string>, std::less<>> values{};
  std::vector<std::string> positional{};
  std::size_t before_dashes = 0;       ///< how many of them stand before "--"
  std::vector<std::string> unknown{};  ///< what looks like a flag and is none of this command's

  [[nodiscard]] bool has(std::string_view flag) const { return values.find(flag) != values.end(); }
};

/// Takes the arguments of `command` apart by its flags: combined letters (-lif FILE), --name=value, -nVALUE, "--".
/// Reports DM004 for a missing, empty or repeated value, and for a value that is itself a flag (`-c -l`): an
/// argument parser would silently take "-l" as the component's name.
[[nodiscard]] RawArguments take_apart(std::string_view command, const std::vector<std::string>& arguments,
                                      support::Diagnostics& diagnostics);

}  // namespace datamill::cli
