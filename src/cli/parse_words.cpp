#include "cli/parse_words.hpp"

#include "cli/parse_flags.hpp"

#include <algorithm>

namespace datamill::cli {

namespace {

bool short_takes_value(char letter) {
  const auto flags = all_flags();
  return std::any_of(flags.begin(), flags.end(),
                     [&](const FlagDef& flag) { return flag.short_name == letter && flag.takes_value(); });
}

}  // namespace

bool takes_next(const std::string& argument) {
  if (argument.starts_with("--")) {
    const auto flags = all_flags();
    return std::any_of(flags.begin(), flags.end(),
                       [&](const FlagDef& flag) { return flag.takes_value() && flag.display() == argument; });
  }
  return std::find_if(argument.begin(), argument.end(), short_takes_value) == std::prev(argument.end());
}

std::size_t command_index(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& argument = arguments[i];
    if (argument.size() < 2 || argument.front() != '-') return i;
    if (argument == "--") return arguments.size();
    if (takes_next(argument)) ++i;
  }
  return arguments.size();
}

}  // namespace datamill::cli
