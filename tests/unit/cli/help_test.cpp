#include "cli/help_text.hpp"
#include "cli/parse_commands.hpp"
#include "cli/parse_flags.hpp"
#include "parse_helpers.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <set>

namespace datamill::cli::testing {

using support::contains;

TEST_CASE("help is asked for in several ways", "[cli][help]") {
  CHECK(parse_line("").help == overview_help());
  CHECK(parse_line("--help").help == overview_help());
  CHECK(parse_line("-h").help == overview_help());
  CHECK(parse_line("help").help == overview_help());
  const auto* install = find_command("install");
  REQUIRE(install != nullptr);
  CHECK(parse_line("install --help").help == command_help(*install));
  CHECK(parse_line("install -h").help == command_help(*install));
  CHECK(parse_line("help install").help == command_help(*install));
  CHECK(parse_line("--help install").help == command_help(*install));
  CHECK(parse_line("install --help --no-such-flag extra").help == command_help(*install));
}

TEST_CASE("-h is hybrid under run, and --help is help", "[cli][help]") {
  CHECK(parse_line("run -h -s").help.empty());
  CHECK(options_of("run -h -s").location == domain::Location::hybrid);
  CHECK(parse_line("run --help").help == command_help(*find_command("run")));
  CHECK_FALSE(contains(parse_line("run --help").help, "-h, --help"));
  CHECK(contains(parse_line("plan --help").help, "-h, --help"));
}

TEST_CASE("help starts with examples and lists only what exists", "[cli][help]") {
  const auto overview = overview_help();
  CHECK(overview.starts_with("Examples:\n"));
  for (const auto& command : all_commands()) {
    INFO(command.name);
    // What plans start on a node is nobody's to type.
    CHECK(contains(overview, std::string("\n  ") + std::string(command.name) + " ") == !command.group.empty());
    CHECK(command_help(command).starts_with("Examples:\n"));
  }
  for (const auto& planned : planned_commands()) {
    INFO(planned.name);
    CHECK_FALSE(contains(overview, std::string("\n  ") + std::string(planned.name) + " "));
  }
}

TEST_CASE("no line of help is wider than 120 columns", "[cli][help]") {
  std::string all = overview_help();
  for (const auto& command : all_commands())
    all += command_help(command);
  for (const auto& line : support::split_lines(all)) {
    INFO(line);
    CHECK(line.size() <= 120);
  }
}

TEST_CASE("every example of help parses", "[cli][help]") {
  for (const auto& command : all_commands()) {
    for (const auto& line : support::split_lines(command.examples)) {
      INFO(line);
      const auto typed = line.substr(0, line.find_first_of("#>"));
      REQUIRE(typed.starts_with("datamill "));
      CHECK(problems_of(typed.substr(9)).empty());
    }
  }
}

TEST_CASE("the tables are consistent", "[cli][help]") {
  for (const auto& planned : planned_commands()) {
    INFO(planned.name);
    CHECK(find_command(planned.name) == nullptr);
    CHECK((planned.nearest.empty() || find_command(planned.nearest) != nullptr));
  }
  std::set<std::string> variables;
  for (const auto& flag : all_flags()) {
    INFO(flag.display());
    CHECK((flag.takes_value() == !flag.placeholder.empty()));
    CHECK((flag.environment.empty() || variables.insert(std::string(flag.environment)).second));
    for (const auto& name : support::split_list(flag.commands, " "))
      CHECK((name == "*" || find_command(name) != nullptr));
  }
  for (const auto& command : all_commands()) {
    std::set<char> letters;
    for (const auto* flag : flags_of(command.name)) {
      const char letter = flag->short_name_in(command.name);
      INFO(command.name << " -" << letter);
      CHECK((letter == 0 || letters.insert(letter).second));
    }
  }
}

}  // namespace datamill::cli::testing
