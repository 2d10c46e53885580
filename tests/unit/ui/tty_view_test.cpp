#include "datamill/support/text.hpp"
#include "pty.hpp"
#include "support/catch.hpp"
#include "view_helpers.hpp"

using namespace std::chrono_literals;

namespace datamill::ui::testing {

using support::contains;
using Lines = std::vector<std::string>;

TEST_CASE("tty: live lines are redrawn in place and finished ones scroll", "[ui][tty]") {
  Bench bench;
  const auto lake = bench.add("lake", "Install release lake");
  const auto hub = bench.add("hub", "Install release hub");
  FakeScreen screen(80);
  const auto view = make_tty_view(bench.context());
  CHECK(view->animated());

  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = lake});
  bench.now += 1500ms;
  view->on(exec::StepStarted{.step = hub});
  view->on(exec::StepOutput{.step = lake, .text = "deployment \"lake\" 0/1 ready"});
  bench.now += 1s;
  view->tick(2500ms);
  screen.feed(bench.taken());
  CHECK(screen.lines() == Lines{"Install flavour quickstart",
                                "             2.5s  Install release lake: deployment \"lake\" 0/1 ready",
                                "             1.0s  Install release hub", "[0/2] 2 running, 2.5s"});
  CHECK(screen.cursor_column() == 0);
  CHECK(screen.cursor_row() == 4);

  view->on(exec::StepFinished{.step = lake, .elapsed = 2500ms});
  screen.feed(bench.taken());
  CHECK(screen.lines() == Lines{"Install flavour quickstart", "done         2.5s  Install release lake",
                                "             1.0s  Install release hub", "[1/2] 1 running, 2.5s"});

  view->on(exec::StepFinished{.step = hub, .status = exec::StepStatus::already_done, .elapsed = 1ms});
  view->on(exec::RunFinished{.elapsed = 3s, .done = 1, .already_done = 1});
  screen.feed(bench.taken());
  CHECK(screen.lines() == Lines{"Install flavour quickstart", "done         2.5s  Install release lake",
                                "unchanged          Install release hub", "Done in 3.0s: 1 done, 1 unchanged"});
  CHECK(screen.cursor_column() == 0);
}

TEST_CASE("tty: lines are cut to the width of the moment", "[ui][tty]") {
  Bench bench;
  const auto step = bench.add("lake", "Install release lake");
  bench.screen.columns = 60;
  FakeScreen screen(60);
  const auto view = make_tty_view(bench.context());
  view->on(exec::StepStarted{.step = step});  // before RunStarted: a view must not mind
  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = step});
  view->on(exec::StepOutput{.step = step, .text = std::string(200, 'x')});
  view->tick(0s);
  screen.feed(bench.taken());
  for (const auto& line : screen.lines())
    CHECK(line.size() < 60);
  CHECK(contains(screen.lines().at(1), "Install release lake: xxxxx"));
}

TEST_CASE("tty: a terminal that became narrower is redrawn without leftovers", "[ui][tty]") {
  Bench bench;
  const auto step = bench.add("lake", "Install release lake");
  const auto view = make_tty_view(bench.context());
  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = step});
  view->on(exec::StepOutput{.step = step, .text = std::string(200, 'x')});
  view->tick(0s);
  (void)bench.taken();
  bench.screen.columns = 40;  // 79 columns now take two rows, the counter one
  view->tick(0s);
  CHECK(contains(bench.taken(), "\x1b[3A"));
}

TEST_CASE("tty: never more lines than the terminal has", "[ui][tty]") {
  Bench bench;
  for (int i = 0; i < 30; ++i)
    (void)bench.add("c", "Step");
  bench.screen.rows = 10;
  const auto view = make_tty_view(bench.context());
  view->on(exec::RunStarted{.plan = &bench.plan});
  for (const auto& step : bench.plan.steps)
    view->on(exec::StepStarted{.step = step.id});
  (void)bench.taken();
  view->tick(0s);
  FakeScreen screen(80);
  screen.feed(std::string(30, '\n') + bench.taken());
  const auto lines = screen.lines();
  CHECK(lines.back() == "[ 0/30] 30 running, 0.0s");
  CHECK(lines.at(lines.size() - 2) == "  ... and 24 more");
  CHECK(std::count_if(lines.begin(), lines.end(), [](const auto& line) { return !line.empty(); }) == 8);
}

TEST_CASE("tty: an interactive step has the terminal for itself", "[ui][tty]") {
  Bench bench;
  const auto step = bench.add("", "Ask for the password", true);
  const auto view = make_tty_view(bench.context());
  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = step});
  (void)bench.taken();
  view->tick(100ms);
  view->tick(200ms);
  CHECK(bench.taken().empty());
  view->on(exec::StepFinished{.step = step, .elapsed = 1s});
  CHECK(contains(bench.taken(), "Ask for the password"));
}

TEST_CASE("tty: ^C on the screen does not spoil the live lines", "[ui][tty]") {
  Bench bench;
  const auto step = bench.add("lake", "Install release lake");
  FakeScreen screen(80);
  const auto view = make_tty_view(bench.context());
  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = step});
  screen.feed(bench.taken());
  screen.feed("^C");
  view->on(exec::Interrupting{.signal = 2, .running = {step}});
  screen.feed(bench.taken());
  CHECK(screen.lines() == Lines{"Install flavour quickstart",
                                "SIGINT: nothing more is started, stopping 1 running step; press Ctrl-C again to",
                                "kill at once", "             0.0s  Install release lake", "[0/1] 1 running, 0.0s"});
}

TEST_CASE("tty: live lines are gone when the view is", "[ui][tty]") {
  Bench bench;
  const auto step = bench.add("lake", "Install release lake");
  FakeScreen screen(80);
  auto view = make_tty_view(bench.context());
  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = step});
  view.reset();
  screen.feed(bench.taken());
  CHECK(screen.lines() == Lines{"Install flavour quickstart"});
}

TEST_CASE("tty: verbosity shows commands, then output", "[ui][tty]") {
  const auto shown = [](Verbosity verbosity) {
    Bench bench;
    const auto step = bench.add("lake", "Install release lake");
    const auto view = make_tty_view(bench.context(verbosity));
    view->on(exec::RunStarted{.plan = &bench.plan});
    view->on(exec::StepStarted{.step = step, .command = "helm upgrade lake"});
    view->on(exec::StepOutput{.step = step, .text = "hello"});
    return bench.taken();
  };
  CHECK_FALSE(contains(shown(Verbosity::normal), "$ helm"));
  CHECK(contains(shown(Verbosity::commands), "$ helm upgrade lake\n"));
  CHECK_FALSE(contains(shown(Verbosity::commands), "| hello"));
  CHECK(contains(shown(Verbosity::output), "Install release lake | hello\n"));
}

TEST_CASE("tty: what a child prints cannot move the cursor", "[ui][tty]") {
  Bench bench;
  const auto step = bench.add("lake", "Install\x1b[2J lake");
  const auto view = make_tty_view(bench.context(Verbosity::output));
  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = step, .command = "x\x1b[2J"});
  view->on(exec::StepOutput{.step = step, .text = "\x1b[2J\x1b]0;t\a"});
  view->on(exec::StepRetried{.step = step, .reason = "\x1b[2J"});
  view->on(exec::StepFailed{{.step = step,
                             .title = "\x1b[2J",
                             .command = "\x1b[2J",
                             .outcome = "\x1b[2J",
                             .last_lines = {"\x1b[2J"},
                             .cause = "\x1b[2J",
                             .hint = "\x1b[2J",
                             .log_file = "\x1b[2J"}});
  view->on(exec::RunFinished{.failed = 1});
  CHECK_FALSE(contains(bench.taken(), "\x1b[2J"));
}

/// Events with all kinds of characters, on a terminal of 100 columns with this locale.
std::string shown_with(const std::string& locale) {
  const support::Environment environment({{"TERM", "xterm"}, {"NO_COLOR", "1"}, {"LANG", locale}});
  const Pty pty;
  Bench bench;
  bench.plan.title = "Install \u2192 quickstart";
  const auto step = bench.add("lake", "Install release \u65e5\u672c");
  const auto next = bench.add("hub", "Install release hub");
  const auto view = make_view({.terminal = detect_terminal(pty.slave, ColorMode::automatic, environment)});
  REQUIRE(view->animated());
  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = step});
  view->on(exec::StepFinished{.step = step});
  view->on(exec::StepStarted{.step = next});
  std::string wide;
  for (int i = 0; i < 48; ++i)
    wide += "\u2026";  // three columns each in ASCII
  view->on(exec::StepOutput{.step = next, .text = "\xc2\x9b" + wide});
  view->tick(0s);
  view->tick(0s);  // the line that is redrawn must not have wrapped
  write_all(pty.slave, "the end");
  return pty.read_until("the end");
}

TEST_CASE("tty: where the terminal has no UTF-8 there is only ASCII", "[ui][tty]") {
  const auto text = shown_with("C");
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; }));
  FakeScreen screen(100);
  screen.feed(text);
  const auto lines = screen.lines();
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "Install -> quickstart");
  CHECK(contains(lines[1], "  Install release ????"));
  CHECK(contains(lines[2], "  Install release hub: ?......"));
  CHECK(lines[2].size() == 99);
  CHECK(contains(lines[3], "[1/2] 1 running"));
  CHECK(lines[4] == "the end");

  const auto utf8 = shown_with("C.UTF-8");
  CHECK(contains(utf8, "Install \u2192 quickstart\r\n"));
  CHECK(contains(utf8, "Install release hub: \ufffd\u2026\u2026"));
}

TEST_CASE("tty: colours only where the terminal has them", "[ui][tty]") {
  const auto drawn = [](bool color) {
    Bench bench;
    const auto step = bench.add("lake", "Install release lake");
    const auto view = make_tty_view(bench.context(Verbosity::normal, color));
    view->on(exec::RunStarted{.plan = &bench.plan});
    view->on(exec::StepStarted{.step = step});
    view->on(exec::StepFinished{.step = step});
    return bench.taken();
  };
  CHECK(contains(drawn(true), "\x1b[32mdone     \x1b[0m"));
  CHECK_FALSE(contains(drawn(false), "m"
                                     "done"));
  CHECK_FALSE(contains(drawn(false), "\x1b[0m"));
}

}  // namespace datamill::ui::testing
