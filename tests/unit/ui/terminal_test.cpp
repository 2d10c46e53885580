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

struct LocaleCase {
  Variables variables{};
  bool utf8 = false;
};

TEST_CASE("terminals: the locale says whether UTF-8 is shown", "[ui][terminal]") {
  const auto c = GENERATE(values<LocaleCase>({
      {{{"LANG", "de_DE.UTF-8"}}, true},
      {{{"LANG", "C.utf8"}}, true},
      {{{"LC_CTYPE", "UTF-8"}}, true},
      {{{"LANG", "en_GB.Utf-8@euro"}}, true},
      {{{"LANG", "C"}}, false},
      {{{"LANG", "POSIX"}}, false},
      {{{"LANG", "de_DE"}}, false},
      {{{"LANG", "de_DE.ISO-8859-1"}}, false},
      {{{"LANG", "de_DE.ISO-8859-15@UTF-8"}}, false},
      {{}, false},
      {{{"LC_ALL", "C"}, {"LC_CTYPE", "C.UTF-8"}, {"LANG", "C.UTF-8"}}, false},
      {{{"LC_ALL", "C.UTF-8"}, {"LC_CTYPE", "C"}, {"LANG", "C"}}, true},
      {{{"LC_ALL", ""}, {"LC_CTYPE", "C"}, {"LANG", "C.UTF-8"}}, false},
      {{{"LC_ALL", ""}, {"LC_CTYPE", ""}, {"LANG", "C.UTF-8"}}, true},
      {{{"LC_MESSAGES", "C.UTF-8"}}, false},
      {{{"CI", "true"}}, true},
      {{{"CI", "true"}, {"LANG", "C"}}, false},
  }));
  for (const auto& [name, value] : c.variables)
    UNSCOPED_INFO(name << "=" << value);
  const Pty pty;
  CHECK(detect_terminal(pty.slave, ColorMode::automatic, support::Environment(c.variables)).utf8 == c.utf8);
}

TEST_CASE("terminals: text goes out as the terminal can show it", "[ui][terminal]") {
  int ends[2] = {-1, -1};
  REQUIRE(pipe(ends) == 0);
  const auto sent = [&](bool utf8) {
    write_text({.fd = ends[1], .utf8 = utf8}, "a \u2192 \u00fc\n");
    char text[32] = {};
    const auto size = read(ends[0], static_cast<char*>(text), sizeof text);
    return std::string(static_cast<char*>(text), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  };
  CHECK(sent(true) == "a \u2192 \u00fc\n");
  CHECK(sent(false) == "a -> ?\n");
  close(ends[0]);
  close(ends[1]);
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
  for (const auto* locale : {"", "C", "de_DE.ISO-8859-1"}) {
    const support::Environment other(Variables{{"LANG", locale}});
    CHECK(detect_terminal(ends[1], ColorMode::automatic, other).utf8);
  }
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
