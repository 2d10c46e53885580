#include "cli/parse_problems.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

namespace {

bool looks_like_file(std::string_view word) {
  return word.ends_with(".yaml") || word.ends_with(".yml") || word.find('/') != std::string_view::npos;
}

std::string see_help(std::string_view command) {
  return fmt::format("see \"datamill {} --help\"", command);
}

const FlagDef* find_anywhere(std::string_view name) {
  for (const auto& flag : all_flags()) {
    if (flag.display() == name) return &flag;
    if (name.size() == 2 && name.front() == '-' && flag.short_name == name.back()) return &flag;
  }
  return nullptr;
}

std::string hint_for_flag(std::string_view command, const std::string& flag) {
  const auto name = flag.substr(0, flag.find('='));
  if (const auto* other = find_anywhere(name)) {
    if (other->commands != "run") return fmt::format("it goes with: {}", other->commands);
    return fmt::format("{} is a flag of \"datamill run\"; {}", name, see_help(command));
  }
  if (!name.starts_with("--")) return see_help(command);
  std::vector<std::string> names;
  for (const auto* known : flags_of(command))
    names.push_back(known->display());
  const auto suggestion = support::did_you_mean(name, names);
  return suggestion.empty() ? see_help(command) : suggestion;
}

std::string topic_names(const CommandDef& command) {
  std::vector<std::string> names;
  for (const auto& topic : command.topics)
    names.emplace_back(topic.name);
  return support::join(names, ", ");
}

void wrong(support::Diagnostics& diagnostics, std::string message, std::string hint) {
  diagnostics.error("DM007", {}, std::move(message), std::move(hint));
}

void check_no_arguments(const CommandDef& command, const std::vector<std::string>& positional,
                        support::Diagnostics& diagnostics) {
  if (positional.empty()) return;
  const auto& word = positional.front();
  const auto flags = flags_of(command.name);
  const auto takes = [&](std::string_view name) {
    return std::any_of(flags.begin(), flags.end(), [&](const FlagDef* flag) { return flag->long_name == name; });
  };
  std::string hint = see_help(command.name);
  if (looks_like_file(word) && takes("flavour"))
    hint = fmt::format("write -f {}", word);
  else if (takes("component"))
    hint = fmt::format("write -c {} for a component, -f {} for a flavour", word, word);
  wrong(diagnostics, fmt::format("\"{}\" is not a flag, and {} takes no other arguments", word, command.name), hint);
}

void check_component(const CommandDef& command, const std::vector<std::string>& positional,
                     support::Diagnostics& diagnostics) {
  const auto& wanted = command.component;
  // Who follows logs elsewhere types -f, which takes the component's name as the flavour here.
  const auto hint = fmt::format("write \"datamill {} {}\"{}", command.name, wanted.usage,
                                command.name == "logs" ? "; to follow the log: -F (-f is the flavour)" : "");
  if (positional.size() < wanted.min) {
    wrong(diagnostics, fmt::format("{} needs the name of a component", command.name), hint);
  } else if (positional.size() > wanted.max) {
    wrong(diagnostics, fmt::format("\"{}\" is one argument too many for {}", positional[wanted.max], command.name),
          hint);
  }
}

void check_words(const CommandDef& command, const std::vector<std::string>& positional,
                 support::Diagnostics& diagnostics) {
  const auto& words = command.words;
  const auto hint = fmt::format("write \"datamill {} {}\"", command.name, words.usage);
  if (positional.size() < words.min) wrong(diagnostics, fmt::format("{} needs an argument", command.name), hint);
  if (positional.size() > words.max)
    wrong(diagnostics, fmt::format("\"{}\" is one argument too many for {}", positional[words.max], command.name),
          hint);
}

void check_topic(const CommandDef& command, const Topic& topic, const std::vector<std::string>& positional,
                 support::Diagnostics& diagnostics) {
  const auto count = positional.size() - 1;
  const auto usage =
      fmt::format("write \"datamill {} {}{}{}\"", command.name, topic.name, topic.rest.empty() ? "" : " ", topic.rest);
  if (count < topic.min) {
    wrong(diagnostics, fmt::format("{} {} needs {}", command.name, topic.name, topic.rest), usage);
  } else if (count > topic.max) {
    wrong(diagnostics,
          fmt::format("\"{}\" is one argument too many for {} {}", positional[topic.max + 1], command.name, topic.name),
          usage);
  }
}

}  // namespace

void report_unknown_command(const std::string& word, support::Diagnostics& diagnostics) {
  if (const auto* planned = find_planned(word)) {
    const auto hint = planned->nearest.empty()
                          ? std::string{"see \"datamill --help\" for the commands there are"}
                          : fmt::format("nearest in this version: \"datamill {}\"", planned->nearest);
    diagnostics.error("DM002", {}, fmt::format("\"{}\" is not available in this version of datamill", word), hint);
    return;
  }
  std::string hint = support::did_you_mean(word, command_names());
  if (hint.empty() && looks_like_file(word))
    hint = fmt::format("to install a flavour: \"datamill install -f {}\"", word);
  if (hint.empty()) hint = "see \"datamill --help\" for the commands there are";
  diagnostics.error("DM001", {}, fmt::format("\"{}\" is no command of datamill", word), hint);
}

void report_unknown_flags(std::string_view command, const RawArguments& raw, support::Diagnostics& diagnostics) {
  for (const auto& flag : raw.unknown) {
    const auto name = flag.substr(0, flag.find('='));
    if (is_planned_flag(name)) {
      diagnostics.error("DM002", {}, fmt::format("{} is not available in this version of datamill", name),
                        "leave it out");
      continue;
    }
    const auto message = find_anywhere(name) != nullptr ? fmt::format("{} does not go with {}", name, command)
                                                        : fmt::format("unknown flag \"{}\" of {}", name, command);
    diagnostics.error("DM003", {}, message, hint_for_flag(command, flag));
  }
}

void check_positional(const CommandDef& command, const std::vector<std::string>& positional,
                      support::Diagnostics& diagnostics) {
  if (!command.component.usage.empty()) return check_component(command, positional, diagnostics);
  if (!command.words.usage.empty()) return check_words(command, positional, diagnostics);
  if (command.topics.empty()) {
    check_no_arguments(command, positional, diagnostics);
    return;
  }
  const auto names = topic_names(command);
  if (positional.empty()) {
    wrong(diagnostics, fmt::format("{} needs one of: {}", command.name, names),
          fmt::format("write \"datamill {} {}\"", command.name, command.topics.front().name));
    return;
  }
  const auto topic = std::find_if(command.topics.begin(), command.topics.end(),
                                  [&](const Topic& row) { return row.name == positional.front(); });
  if (topic != command.topics.end()) {
    check_topic(command, *topic, positional, diagnostics);
    return;
  }
  auto hint = support::did_you_mean(positional.front(), support::split_list(names));
  if (hint.empty()) hint = fmt::format("give one of: {}", names);
  wrong(diagnostics, fmt::format("{} does not know \"{}\"", command.name, positional.front()), hint);
}

bool report_single_dash(const std::vector<std::string>& arguments, support::Diagnostics& diagnostics) {
  for (const auto& argument : arguments) {
    if (argument == "--") return false;
    if (argument.size() < 3 || argument[0] != '-' || argument[1] == '-') continue;
    const auto name = argument.substr(1, argument.find('=') - 1);
    const auto flags = all_flags();
    const bool long_name =
        std::any_of(flags.begin(), flags.end(), [&](const FlagDef& f) { return f.long_name == name; });
    if (!long_name) continue;
    diagnostics.error("DM003", {}, fmt::format("\"{}\" has one dash too few", argument),
                      fmt::format("did you mean \"-{}\"?", argument));
    return true;
  }
  return false;
}

}  // namespace datamill::cli
