#pragma once

#include "cli/parse.hpp"
#include "datamill/support/text.hpp"

#include <map>
#include <string>
#include <vector>

namespace datamill::cli::testing {

/// Parses a line split at blanks; `environment` as {{"DATAMILL_TIMEOUT", "5m"}}.
inline ParseResult parse_line(const std::string& line, std::map<std::string, std::string> environment = {}) {
  return parse(support::split_list(line, " "), support::Environment(std::move(environment)));
}

/// The options, or those of an empty command line, with which the checks then fail.
inline Options options_of(const std::string& line, std::map<std::string, std::string> environment = {}) {
  return parse_line(line, std::move(environment)).options.value_or(Options{});
}

/// All diagnostics as "DM004: message | hint", one per line.
inline std::string problems_of(const ParseResult& result) {
  std::string text;
  for (const auto& item : result.diagnostics.items()) {
    if (!text.empty()) text += '\n';
    text += item.code + ": " + item.message + " | " + item.hint;
  }
  return text;
}

inline std::string problems_of(const std::string& line, std::map<std::string, std::string> environment = {}) {
  return problems_of(parse_line(line, std::move(environment)));
}

}  // namespace datamill::cli::testing
