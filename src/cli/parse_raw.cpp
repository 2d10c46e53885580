#include "cli/parse_raw.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <deque>

namespace datamill::cli {

namespace {

/// "-f,--flavour" as CLI11 wants it.
std::string cli11_name(std::string_view command, const FlagDef& flag) {
  const char letter = flag.short_name_in(command);
  if (letter == 0) return flag.display();
  return flag.long_name.empty() ? flag.display() : fmt::format("-{},{}", letter, flag.display());
}

/// How the flag is named in messages: as the user most likely typed it.
std::string spoken(const FlagDef& flag) {
  return flag.short_name != 0 && !flag.long_name.empty() ? fmt::format("-{} ({})", flag.short_name, flag.display())
                                                         : flag.display();
}

void report(support::Diagnostics& diagnostics, std::string message, std::string hint) {
  diagnostics.error("DM004", {}, std::move(message), std::move(hint));
}

std::string value_hint(const FlagDef& flag) {
  return fmt::format("write {} {}", flag.short_name != 0 ? fmt::format("-{}", flag.short_name) : flag.display(),
                     flag.placeholder);
}

/// What CLI11 lets pass: values that are flags, empty values, repeated ones.
void check_values(const FlagDef& flag, const std::vector<std::string>& values, support::Diagnostics& diagnostics) {
  for (const auto& value : values) {
    if (value.empty()) report(diagnostics, fmt::format("{} has an empty value", spoken(flag)), value_hint(flag));
    if (value.size() > 1 && value.starts_with('-')) {
      report(diagnostics, fmt::format("{} needs a value, but the flag \"{}\" follows it", spoken(flag), value),
             value_hint(flag));
    }
  }
  if (flag.kind == FlagKind::value && values.size() > 1) {
    report(diagnostics,
           fmt::format("{} is given {} times: \"{}\" and \"{}\"", spoken(flag), values.size(), values[0], values[1]),
           "give it once");
  }
}

const FlagDef* find_flag(std::string_view command, std::string_view display) {
  for (const auto* flag : flags_of(command)) {
    if (flag->display() == display) return flag;
  }
  return nullptr;
}

/// CLI11 2.1.2 would take the next argument as the value of "--name=".
bool check_equals_signs(std::string_view command, const std::vector<std::string>& arguments,
                        support::Diagnostics& diagnostics) {
  bool good = true;
  for (const auto& argument : arguments) {
    const auto equals = argument.find('=');
    if (!argument.starts_with("--") || equals == std::string::npos) continue;
    const auto* flag = find_flag(command, std::string_view(argument).substr(0, equals));
    if (flag == nullptr) continue;
    if (!flag->takes_value()) {
      report(diagnostics, fmt::format("{} takes no value: \"{}\"", flag->display(), argument),
             fmt::format("write only {}", flag->display()));
      good = false;
    } else if (equals + 1 == argument.size()) {
      report(diagnostics, fmt::format("{} has an empty value", spoken(*flag)), value_hint(*flag));
      good = false;
    }
  }
  return good;
}

struct Binding {
  const FlagDef* flag = nullptr;
  CLI::Option* option = nullptr;
  std::vector<std::string> results{};
};

std::deque<Binding> bind(CLI::App& app, std::string_view command) {
  std::deque<Binding> bindings;  // a deque: CLI11 keeps references to `results`
  for (const auto* flag : flags_of(command)) {
    auto& binding = bindings.emplace_back(Binding{.flag = flag});
    const auto name = cli11_name(command, *flag);
    if (flag->takes_value()) {
      binding.option = app.add_option(name, binding.results)->expected(1)->allow_extra_args(false)->take_all();
    } else {
      binding.option = app.add_flag(name)->take_all();
    }
  }
  return bindings;
}

/// The flag that the last argument ends with: it is the one whose value is missing.
std::string last_flag(const std::vector<std::string>& arguments) {
  const std::string& last = arguments.back();
  return last.starts_with("--") ? last : fmt::format("-{}", last.back());
}

bool run_parser(CLI::App& app, std::string_view command, const std::vector<std::string>& arguments,
                support::Diagnostics& diagnostics) {
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return true;
  } catch (const CLI::ArgumentMismatch&) {
    const auto flag = last_flag(arguments);
    const bool follows = flag == "-f" && (command == "logs" || command == "job");
    report(diagnostics, fmt::format("{} needs a value", flag),
           follows ? "to follow the log: -F or --follow; -f FILE is the flavour" : "add it behind the flag");
  } catch (const CLI::ParseError& problem) {
    report(diagnostics, fmt::format("the command line cannot be read: {}", problem.what()), "see --help");
  }
  return false;
}

void collect(std::deque<Binding>& bindings, RawArguments& raw, support::Diagnostics& diagnostics) {
  for (auto& [flag, option, results] : bindings) {
    if (option->count() == 0) continue;
    if (!flag->takes_value()) {
      raw.values.emplace(flag->display(), std::vector<std::string>(option->count(), "true"));
      continue;
    }
    for (auto& value : results) {
      if (value.starts_with('=')) value.erase(0, 1);
    }
    check_values(*flag, results, diagnostics);
    raw.values.emplace(flag->display(), results);
  }
}

}  // namespace

RawArguments take_apart(std::string_view command, const std::vector<std::string>& arguments,
                        support::Diagnostics& diagnostics) {
  RawArguments raw;
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  const std::vector<std::string> flagged(arguments.begin(), dashes);
  if (!check_equals_signs(command, flagged, diagnostics)) return raw;

  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  auto bindings = bind(app, command);
  if (!run_parser(app, command, flagged, diagnostics)) return raw;
  collect(bindings, raw, diagnostics);
  for (const auto& rest : app.remaining()) {
    (rest.size() > 1 && rest.starts_with('-') ? raw.unknown : raw.positional).push_back(rest);
  }
  raw.before_dashes = raw.positional.size();
  if (dashes != arguments.end()) raw.positional.insert(raw.positional.end(), std::next(dashes), arguments.end());
  return raw;
}

}  // namespace datamill::cli
