#include "cli/help_text.hpp"

#include "cli/parse_flags.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

namespace {

constexpr std::string_view kOverviewExamples =
    "./run -l -i -f flavours/quickstart.yaml     # local cluster: start it and install the flavour\n"
    "datamill plan -f quickstart                 # what that would do, down to the commands\n"
    "datamill status -f quickstart               # what is installed\n"
    "./run -l -x                                 # uninstall everything, destroy the cluster";

constexpr std::string_view kExitCodes =
    "Exit codes: 0 done, 1 a step failed, 2 usage or configuration error, 3 a tool is missing or too old,\n"
    "  4 cluster unreachable, 5 timed out, 6 another run holds the lock, 7 refused by a check before anything was\n"
    "  changed, 130 and 143 interrupted. Under plan --detailed-exitcode, 2 means changes are pending.\n";

std::string examples(std::string_view lines) {
  return fmt::format("Examples:\n{}\n\n", support::indent(lines, "  "));
}

std::string usage(const CommandDef& command) {
  if (command.name == "run")
    return "Usage: datamill run -l|-r|-h -s|-i|-u|-a|-x|-p|-d net|app [-f FILE] [-t FILE] [-c NAME]... [flags]\n";
  const auto& given = command.component.usage.empty() ? command.words.usage : command.component.usage;
  const auto arguments = given.empty() ? std::string_view("[flags]") : given;
  std::string text = fmt::format("Usage: datamill {} {}\n", command.name, arguments);
  if (command.topics.empty()) return text;
  text.clear();
  for (const auto& topic : command.topics) {
    text += fmt::format("{:6} datamill {} {}{}{} [flags]\n", text.empty() ? "Usage:" : "", command.name, topic.name,
                        topic.rest.empty() ? "" : " ", topic.rest);
  }
  return text;
}

std::string help_of(const CommandDef& command, const FlagDef& flag) {
  std::string text(flag.help);
  if (flag.long_name == "output") {
    text = fmt::format("{} (default: {})", support::join(support::split(command.outputs, '|'), ", "),
                       command.outputs.substr(0, command.outputs.find('|')));
  }
  if (!flag.environment.empty()) text += fmt::format(" [{}]", flag.environment);
  return text;
}

std::string flag_table(const CommandDef& command) {
  const auto flags = flags_of(command.name);
  std::size_t width = 0;
  for (const auto* flag : flags)
    width = std::max(width, flag->usage(command.name).size());
  std::string text = "Flags (each also from the variable in brackets; the flag wins):\n";
  for (const auto* flag : flags)
    text += fmt::format("  {:<{}}  {}\n", flag->usage(command.name), width, help_of(command, *flag));
  return text;
}

}  // namespace

std::string overview_help() {
  std::string text = examples(kOverviewExamples);
  text += "Usage: datamill COMMAND [flags]\n";
  std::string_view group;
  for (const auto& command : all_commands()) {
    if (command.group.empty()) continue;
    if (command.group != group) text += fmt::format("\n{}:\n", command.group);
    group = command.group;
    text += fmt::format("  {:<10} {}\n", command.name, command.summary);
  }
  text += "\n\"datamill COMMAND --help\" shows the flags of a command.\n\n";
  text += kExitCodes;
  return text;
}

std::string command_help(const CommandDef& command) {
  std::string text = examples(command.examples);
  text += usage(command);
  text += fmt::format("\n{}.\n\n", command.summary);
  text += flag_table(command);
  return text;
}

}  // namespace datamill::cli
