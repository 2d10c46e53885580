#include "datamill/ui/ui.hpp"
#include "pty.hpp"
#include "support/catch.hpp"

namespace datamill::ui::testing {

using Variables = std::map<std::string, std::string>;

struct Case {
  std::string why{};
  Variables variables{};
  ColorMode mode = ColorMode::automatic;
  bool color = false;
  bool animation = false;
};

TEST_CASE("terminals: what the environment and --color allow", "[ui][terminal]") {
  const auto c = GENERATE(values<Case>({
      {"ordinary", {{"TERM", "xterm"}}, ColorMode::automatic, true, true},
      {"NO_COLOR", {{"TERM", "xterm"}, {"NO_COLOR", "1"}}, ColorMode::automatic, false, true},
      {"NO_COLOR empty", {{"TERM", "xterm"}, {"NO_COLOR", ""}}, ColorMode::automatic, true, true},
      {"NO_COLOR with always", {{"TERM", "xterm"}, {"NO_COLOR", "1"}}, ColorMode::always, true, true},
      {"never", {{"TERM", "xterm"}}, ColorMode::never, false, true},
      {"dumb", {{"TERM", "dumb"}}, ColorMode::automatic, false, false},
      {"no TERM", {}, ColorMode::automatic, false, false},
      {"CI", {{"TERM", "xterm"}, {"CI", "true"}}, ColorMode::automatic, false, false},
      {"CI=false", {{"TERM", "xterm"}, {"CI", "false"}}, ColorMode::automatic, true, true},
  }));
  INFO(c.why);
  const Pty pty;
  const auto terminal = detect_terminal(pty.slave, c.mode, support::Environment(c.variables));
  CHECK(terminal.is_terminal);
  CHECK(terminal.color == c.color);
  CHECK(terminal.animation == c.animation);
  CHECK(terminal.width == 100);
}

TEST_CASE("terminals: a pipe is none", "[ui][terminal]") {
  int ends[2] = {-1, -1};
  REQUIRE(pipe(ends) == 0);
  const support::Environment environment(Variables{{"TERM", "xterm"}, {"COLUMNS", "132"}});
  const auto terminal = detect_terminal(ends[1], ColorMode::automatic, environment);
  CHECK_FALSE(terminal.is_terminal);
  CHECK_FALSE(terminal.color);
  CHECK_FALSE(terminal.animation);
  CHECK(terminal.width == 132);
  CHECK(detect_terminal(ends[1], ColorMode::always, environment).color);
  CHECK(detect_terminal(ends[1], ColorMode::automatic, support::Environment{}).width == 80);
  CHECK_FALSE(can_ask(terminal));
  CHECK_FALSE(confirm("Destroy?", terminal));
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("write_all writes all, also to a non-blocking pipe", "[ui][terminal]") {
  int ends[2] = {-1, -1};
  REQUIRE(pipe2(ends, O_NONBLOCK) == 0);
  write_all(ends[1], "hello");
  char text[6] = {};
  CHECK(read(ends[0], static_cast<char*>(text), 5) == 5);
  CHECK(std::string(static_cast<char*>(text)) == "hello");
  write_all(-1, "no such file descriptor: no crash");
  close(ends[0]);
  close(ends[1]);
}

}  // namespace datamill::ui::testing
