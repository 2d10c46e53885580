#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// What the first positional argument of a command may be, and how many follow it.
struct Topic {
  std::string_view name{};
  std::string_view rest{};  ///< "KEY", "NAME..." for help; "" where nothing follows
  std::size_t min = 0;      ///< of what follows
  std::size_t max = 0;
};

/// Arguments of a command that works on a component: its name, and for `exec` what is to run there.
struct ComponentArguments {
  std::string_view usage{};  ///< "COMPONENT [flags] [-- CMD...]"; "" where the command takes none
  std::size_t min = 0;
  std::size_t max = 0;
  bool each = false;  ///< all of them are components
};

/// A command that exists. Adding one is one row here and one file in commands/.
struct CommandDef {
  std::string_view name{};
  std::string_view summary{};   ///< one line, imperative, no final dot
  std::string_view examples{};  ///< lines "command  # what it does"
  std::string_view outputs{};   ///< values of --output, separated by "|"; the first one is the default
  std::string_view group{};     ///< heading in the overview
  std::span<const Topic> topics{};
  std::string_view topic_flag{};  ///< "--pod": where it is given the topic may be left out and the first one is meant
  ComponentArguments component{};
  ComponentArguments words{};  ///< of a command without topics, where they are no component: "[RUN] [flags]"
};

/// A command of the specification that does not exist yet: not in help, but typing it is no typo.
struct PlannedCommand {
  std::string_view name{};
  std::string_view nearest{};  ///< the existing command that helps most; "" = none does
};

/// An action of `run`: its letter and the command it stands for.
struct ClassicAction {
  char letter = 0;
  std::string_view command{};
  std::string_view meaning{};  ///< "install"
};

[[nodiscard]] std::span<const CommandDef> all_commands();
[[nodiscard]] std::span<const PlannedCommand> planned_commands();
[[nodiscard]] std::span<const ClassicAction> classic_actions();

/// nullptr where there is none.
[[nodiscard]] const CommandDef* find_command(std::string_view name);
[[nodiscard]] const PlannedCommand* find_planned(std::string_view name);
/// A flag of the specification ("--log-format") that does not exist yet.
[[nodiscard]] bool is_planned_flag(std::string_view flag);
[[nodiscard]] std::vector<std::string> command_names();

}  // namespace datamill::cli
