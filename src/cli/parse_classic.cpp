#include "cli/parse_classic.hpp"

#include "cli/parse_commands.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace datamill::cli {

namespace {

using domain::Location;

constexpr std::array<std::pair<std::string_view, Location>, 3> kLocationFlags{
    {{"-l", Location::local}, {"-r", Location::remote}, {"-h", Location::hybrid}}};
constexpr std::string_view kLocationHint = "give one of -l (local), -r (remote), -h (hybrid: an existing cluster)";

constexpr std::string_view kActionHint =
    "give one of -s (start), -i (install), -u (uninstall), -a (halt), -x (destroy), "
    "-p (proxy), -d net|app (debug)";

/// Each flag as often as it was given: {"-l", "-l", "-r"}.
std::vector<std::string> times_given(const RawArguments& raw, std::string_view flag) {
  const auto found = raw.values.find(flag);
  return found == raw.values.end() ? std::vector<std::string>{}
                                   : std::vector<std::string>(found->second.size(), std::string(flag));
}

void append(std::vector<std::string>& list, std::vector<std::string> more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// True if exactly one flag was given; says what is wrong otherwise.
bool exactly_one(const std::vector<std::string>& given, std::string_view what, std::string_view hint,
                 support::Diagnostics& diagnostics) {
  if (given.size() == 1) return true;
  if (given.empty()) {
    diagnostics.error("DM005", {}, fmt::format("run needs {}, and none is given", what), std::string(hint));
    return false;
  }
  diagnostics.error("DM005", {}, fmt::format("run takes {}, but {} are given", what, support::join(given, " and ")),
                    std::string(hint));
  return false;
}

void read_location(const RawArguments& raw, Options& options, support::Diagnostics& diagnostics) {
  std::vector<std::string> given;
  for (const auto& [flag, location] : kLocationFlags) {
    append(given, times_given(raw, flag));
    if (raw.has(flag)) options.location = location;
  }
  // --location was read with the other flags; it counts as a fourth way to say the same.
  append(given, times_given(raw, "--location"));
  if (!exactly_one(given, "exactly one location", kLocationHint, diagnostics)) options.location.reset();
}

const ClassicAction* read_action(const RawArguments& raw, support::Diagnostics& diagnostics) {
  std::vector<std::string> given;
  const ClassicAction* chosen = nullptr;
  for (const auto& action : classic_actions()) {
    const auto flags = times_given(raw, fmt::format("-{}", action.letter));
    if (!flags.empty()) chosen = &action;
    append(given, flags);
  }
  return exactly_one(given, "exactly one action", kActionHint, diagnostics) ? chosen : nullptr;
}

/// "-u and -x" for --purge-data.
std::string actions_with(const FlagDef& flag) {
  std::vector<std::string> letters;
  for (const auto& action : classic_actions()) {
    if (accepts(action.command, flag)) letters.push_back(fmt::format("-{}", action.letter));
  }
  return support::join(letters, " and ");
}

void check_flags(const RawArguments& raw, const ClassicAction& action, support::Diagnostics& diagnostics) {
  for (const auto* flag : flags_of("run")) {
    const bool misplaced = flag->commands != "run" && raw.has(flag->display()) && !accepts(action.command, *flag);
    if (!misplaced) continue;
    diagnostics.error("DM003", {},
                      fmt::format("{} does not go with -{} ({})", flag->display(), action.letter, action.meaning),
                      fmt::format("it goes with {}", actions_with(*flag)));
  }
}

}  // namespace

void read_classic(const RawArguments& raw, Options& options, support::Diagnostics& diagnostics) {
  options.classic = true;
  read_location(raw, options, diagnostics);
  const auto* action = read_action(raw, diagnostics);
  if (action == nullptr) return;
  options.command = action->command;
  // `-d net -- COMMAND` is `debug net -- COMMAND`.
  if (const auto topic = raw.values.find("-d"); topic != raw.values.end())
    options.arguments.insert(options.arguments.begin(), topic->second.front());
  if (find_command(action->command) != nullptr) {
    check_flags(raw, *action, diagnostics);
    return;
  }
  diagnostics.error("DM002", {},
                    fmt::format("-{} ({}) is not available yet: this version of datamill cannot do it", action->letter,
                                action->meaning),
                    std::string(kActionHint));
}

}  // namespace datamill::cli
