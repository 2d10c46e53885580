#pragma once

#include "cli/options.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

enum class FlagKind : std::uint8_t {
  on,     ///< no value; giving it twice changes nothing
  count,  ///< no value; each one adds
  value,  ///< one value, at most once
  list    ///< one value each time
};

/// One flag: how it is written, where it is accepted, what it does to Options. Parsing, help, suggestions and the
/// environment all read this one table.
struct FlagDef {
  std::string_view long_name{};  ///< without dashes; "" for the classic flags that are one letter only
  char short_name = 0;           ///< 0: none
  FlagKind kind = FlagKind::on;
  std::string_view placeholder{};  ///< "FILE"; "" where it takes no value
  std::string_view choices{};      ///< "auto|always|never"; "" = free text; for --output see CommandDef::outputs
  std::string_view environment{};  ///< "DATAMILL_COLOR"; "" = none
  std::string_view commands{};     ///< commands that accept it, separated by spaces; "*" = all; "run" = only classic
  std::string_view help{};         ///< one line
  /// Puts a checked value ("true" for kind `on`) into the options; returns what was expected instead ("a number from
  /// 1 to 64") or "". nullptr where the parser itself acts on it.
  std::string (*set)(Options& options, const std::string& value) = nullptr;

  /// "--flavour", or "-l" where there is no long name: also the key of RawArguments.
  [[nodiscard]] std::string display() const;
  /// 'f', or 0. Under `run`, -h is hybrid and not help.
  [[nodiscard]] char short_name_in(std::string_view command) const;
  /// "-f, --flavour FILE"
  [[nodiscard]] std::string usage(std::string_view command) const;
  [[nodiscard]] bool takes_value() const { return kind == FlagKind::value || kind == FlagKind::list; }
};

[[nodiscard]] std::span<const FlagDef> all_flags();

/// Whether `command` takes the flag; "run" takes what any of its actions takes, and the classic flags.
[[nodiscard]] bool accepts(std::string_view command, const FlagDef& flag);

/// The flags of a command, in the order of the table.
[[nodiscard]] std::vector<const FlagDef*> flags_of(std::string_view command);

}  // namespace datamill::cli
