#include "cli/parse.hpp"

#include "cli/help_text.hpp"
#include "cli/parse_classic.hpp"
#include "cli/parse_commands.hpp"
#include "cli/parse_problems.hpp"
#include "cli/parse_raw.hpp"
#include "cli/parse_words.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

namespace {

using Arguments = std::vector<std::string>;

bool has(const Arguments& arguments, std::string_view word) {
  return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
}

ParseResult without_command(const Arguments& arguments) {
  ParseResult result;
  if (arguments.empty() || has(arguments, "--help") || has(arguments, "-h")) {
    result.help = overview_help();
  } else if (has(arguments, "--version")) {
    result.options = Options{.command = "version"};
  } else {
    result.diagnostics.error("DM001", {}, "no command is given",
                             "see \"datamill --help\"; the short flags of data-mill belong to \"datamill run\"");
  }
  return result;
}

struct Source {
  std::string name{};  ///< "--timeout" or "DATAMILL_TIMEOUT"
  std::string value{};
};

bool in_choices(std::string_view choices, const std::string& value) {
  return choices.empty() || has(support::split(choices, '|'), value);
}

void report_choice(const Source& source, std::string_view choices, support::Diagnostics& diagnostics) {
  const auto names = support::split(choices, '|');
  auto hint = support::did_you_mean(source.value, names);
  if (hint.empty()) hint = fmt::format("write {} {}", source.name, names.front());
  diagnostics.error("DM004", {},
                    fmt::format("{} is one of {}, not \"{}\"", source.name, support::join(names, ", "), source.value),
                    hint);
}

void set_value(const FlagDef& flag, const Source& source, Options& options, support::Diagnostics& diagnostics) {
  const auto wanted = flag.set(options, source.value);
  if (wanted.empty()) return;
  diagnostics.error("DM004", {}, fmt::format("{} needs {}, not \"{}\"", source.name, wanted, source.value),
                    fmt::format("give {} {}", source.name, wanted));
}

bool is_output_of_any(const std::string& value) {
  const auto commands = all_commands();
  return std::any_of(commands.begin(), commands.end(),
                     [&](const CommandDef& command) { return in_choices(command.outputs, value); });
}

std::string_view choices_of(const CommandDef& command, const FlagDef& flag) {
  return flag.long_name == "output" ? command.outputs : flag.choices;
}

void apply_flags(const CommandDef& command, const RawArguments& raw, Options& options,
                 support::Diagnostics& diagnostics) {
  for (const auto* flag : flags_of(command.name)) {
    const auto given = raw.values.find(flag->display());
    if (given == raw.values.end()) continue;
    const auto choices = choices_of(command, *flag);
    for (const auto& value : given->second) {
      const Source source{flag->display(), value};
      if (flag->takes_value() && !in_choices(choices, value))
        report_choice(source, choices, diagnostics);
      else if (flag->set != nullptr && !value.empty())
        set_value(*flag, source, options, diagnostics);
    }
  }
}

/// "true" or "false" for the usual words, else "".
std::string truth(const std::string& value) {
  if (value == "1" || value == "true" || value == "yes" || value == "on") return "true";
  if (value == "0" || value == "false" || value == "no" || value == "off") return "false";
  return {};
}

/// `command` is the one that runs in the end: install, where `run -i` was typed.
void apply_environment(const CommandDef& command, const RawArguments& raw, const support::Environment& environment,
                       Options& options, support::Diagnostics& diagnostics) {
  for (const auto* flag : flags_of(command.name)) {
    Source source{std::string(flag->environment), environment.get(flag->environment)};
    if (flag->environment.empty() || source.value.empty() || raw.has(flag->display())) continue;
    const auto choices = choices_of(command, *flag);
    if (flag->kind == FlagKind::on) {
      const auto value = truth(source.value);
      if (value.empty())
        report_choice(source, "true|false", diagnostics);
      else
        set_value(*flag, {source.name, value}, options, diagnostics);
    } else if (in_choices(choices, source.value)) {
      set_value(*flag, source, options, diagnostics);
    } else if (flag->long_name != "output" || !is_output_of_any(source.value)) {
      // An exported DATAMILL_OUTPUT=wide is no mistake under a command that knows no such output.
      report_choice(source, choices, diagnostics);
    }
  }
}

bool wants_flavour(const Options& options) {
  const auto& action = options.command == "plan" ? options.plan_action : options.command;
  return (action == "install" || action == "uninstall" || action == "graph" || action == "diff") &&
         options.flavour.empty() && options.components.empty();
}

/// The first argument of `logs COMPONENT`, and each one of `diff`, means what -c means elsewhere.
void take_component(const CommandDef& command, Options& options, support::Diagnostics& diagnostics) {
  if (command.component.usage.empty() || options.arguments.empty()) return;
  const auto count = command.component.each ? options.arguments.size() : 1;
  const auto end = options.arguments.begin() + static_cast<std::ptrdiff_t>(count);
  const std::vector<std::string> names(options.arguments.begin(), end);
  options.arguments.erase(options.arguments.begin(), end);
  const auto flags = all_flags();
  const auto flag =
      std::find_if(flags.begin(), flags.end(), [](const FlagDef& f) { return f.long_name == "component"; });
  for (const auto& name : names)
    set_value(*flag, {"COMPONENT", name}, options, diagnostics);
}

Options read_options(const CommandDef& command, const RawArguments& raw, const support::Environment& environment,
                     support::Diagnostics& diagnostics) {
  Options options{.command = std::string(command.name), .arguments = raw.positional};
  if (command.name == "run") read_classic(raw, options, diagnostics);
  if (const auto* running = find_command(options.command)) {
    const auto location = options.location;
    apply_environment(*running, raw, environment, options, diagnostics);
    if (options.classic) options.location = location;
  }
  apply_flags(command, raw, options, diagnostics);
  take_component(command, options, diagnostics);
  if (options.quiet && options.verbose > 0) {
    diagnostics.error("DM003", {}, "-q (quiet) and -v (verbose) contradict each other", "leave out one of them");
  }
  options.needs_flavour = wants_flavour(options);
  return options;
}

/// Under `run -d net -- COMMAND` the command's words are no arguments of run.
Arguments checked_positional(const CommandDef& command, const RawArguments& raw) {
  if (command.name != "run" || !raw.has("-d")) return raw.positional;
  return {raw.positional.begin(), raw.positional.begin() + static_cast<std::ptrdiff_t>(raw.before_dashes)};
}

ParseResult parse_command(const CommandDef& command, const Arguments& arguments,
                          const support::Environment& environment) {
  ParseResult result;
  if (report_single_dash(arguments, result.diagnostics)) return result;
  auto raw = take_apart(command.name, arguments, result.diagnostics);
  if (raw.has("--help")) {
    result.help = command_help(command);
    result.diagnostics = {};
    return result;
  }
  if (result.diagnostics.has_errors()) return result;
  report_unknown_flags(command.name, raw, result.diagnostics);
  if (raw.before_dashes == 0 && raw.has(command.topic_flag))
    raw.positional.emplace(raw.positional.begin(), command.topics.front().name);
  // After an unknown flag its value looks like an argument too many: one message is enough.
  if (raw.unknown.empty()) check_positional(command, checked_positional(command, raw), result.diagnostics);
  auto options = read_options(command, raw, environment, result.diagnostics);
  if (!result.diagnostics.has_errors()) result.options = std::move(options);
  return result;
}

ParseResult parse_help(const Arguments& words) {
  ParseResult result;
  if (words.empty()) {
    result.help = overview_help();
  } else if (const auto* command = find_command(words.front())) {
    result.help = command_help(*command);
  } else {
    report_unknown_command(words.front(), result.diagnostics);
  }
  return result;
}

}  // namespace

ParseResult parse(const std::vector<std::string>& arguments, const support::Environment& environment) {
  if (!arguments.empty() && arguments.front() == kCompleteCommand)
    return {.options =
                Options{.command = arguments.front(), .arguments = {std::next(arguments.begin()), arguments.end()}}};
  const auto index = command_index(arguments);
  if (index == arguments.size()) return without_command(arguments);
  const auto& name = arguments[index];
  Arguments rest(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(index));
  rest.insert(rest.end(), arguments.begin() + static_cast<std::ptrdiff_t>(index) + 1, arguments.end());
  if (name == "help") return parse_help(rest);
  if (const auto* command = find_command(name)) return parse_command(*command, rest, environment);
  ParseResult result;
  report_unknown_command(name, result.diagnostics);
  return result;
}

bool wants_json(const std::vector<std::string>& arguments, const support::Environment& environment) {
  bool json = environment.get("DATAMILL_OUTPUT") == "json";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& argument = arguments[i];
    if (argument == "--") break;
    const bool is_short = argument.size() > 1 && argument[0] == '-' && argument[1] != '-';
    if (argument.starts_with("--output="))
      json = argument == "--output=json";
    else if (argument.starts_with("-o") && argument.size() > 2)
      json = argument == "-ojson" || argument == "-o=json";
    else if ((argument == "--output" || (is_short && argument.back() == 'o')) && i + 1 < arguments.size())
      json = arguments[i + 1] == "json";
  }
  return json;
}

}  // namespace datamill::cli
