#include "support/catch.hpp"
#include "view_helpers.hpp"

using namespace std::chrono_literals;

namespace datamill::ui::testing {

TEST_CASE("plain: one line per change of state", "[ui][plain]") {
  Bench bench;
  const auto lake = bench.add("lake", "Install release lake");
  const auto hub = bench.add("hub", "Install release hub");
  const auto view = make_plain_view(bench.context());
  CHECK_FALSE(view->animated());
  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = lake, .command = "helm x"});
  view->on(exec::StepOutput{.step = lake, .text = "waiting for lake-0"});
  view->on(exec::StepRetried{.step = lake, .attempt = 1, .reason = "conflict", .delay = 2s});
  bench.now += 30s;
  view->on(exec::Heartbeat{.running = {lake}, .elapsed = 30s});
  view->on(exec::StepFinished{.step = lake, .elapsed = 31s});
  view->on(exec::StepFinished{.step = hub, .status = exec::StepStatus::skipped});
  view->on(exec::RunFinished{.elapsed = 32s, .done = 1, .skipped = 1});
  CHECK(bench.taken() == "Install flavour quickstart\n"
                         "[0/2] start     Install release lake\n"
                         "[0/2] retry     Install release lake: attempt 1 failed (conflict), again in 2.0s\n"
                         "[0/2] waiting   Install release lake (30.0s): waiting for lake-0\n"
                         "[1/2] done      Install release lake (31.0s)\n"
                         "[2/2] skipped   Install release hub\n"
                         "Failed after 32.0s: 1 skipped, 1 done\n");
}

TEST_CASE("plain: that a step looks again is shown with -v only", "[ui][plain]") {
  const auto shown = [](Verbosity verbosity) {
    Bench bench;
    const auto wait = bench.add("", "Wait for the API server");
    bench.plan.steps[wait].effect = plan::Effect::read;
    bench.plan.steps[wait].retry.attempts = 8;
    const auto view = make_plain_view(bench.context(verbosity));
    view->on(exec::RunStarted{.plan = &bench.plan});
    view->on(exec::StepStarted{.step = wait});
    view->on(exec::StepRetried{.step = wait, .attempt = 1, .delay = 1s});
    view->on(exec::StepStarted{.step = wait, .attempt = 2});
    return bench.taken();
  };
  const std::string start = "[0/1] start     Wait for the API server\n";
  CHECK(shown(Verbosity::normal) == "Install flavour quickstart\n" + start);
  CHECK(shown(Verbosity::commands) == "Install flavour quickstart\n" + start +
                                          "[0/1] retry     Wait for the API server: attempt 1 failed, again in 1.0s\n" +
                                          start);
}

TEST_CASE("plain: -v shows commands, -vv output", "[ui][plain]") {
  const auto shown = [](Verbosity verbosity) {
    Bench bench;
    const auto step = bench.add("lake", "Install release lake");
    const auto view = make_plain_view(bench.context(verbosity));
    view->on(exec::RunStarted{.plan = &bench.plan});
    view->on(exec::StepStarted{.step = step, .command = "helm upgrade lake <<'EOF'\n{}\nEOF"});
    view->on(exec::StepOutput{.step = step, .text = "\x1b[1mhello\x1b[0m"});
    return bench.taken();
  };
  const std::string start = "Install flavour quickstart\n[0/1] start     Install release lake\n";
  CHECK(shown(Verbosity::normal) == start);
  CHECK(shown(Verbosity::commands) == start + "$ helm upgrade lake <<'EOF'\n{}\nEOF\n");
  CHECK(shown(Verbosity::output) == start + "$ helm upgrade lake <<'EOF'\n{}\nEOF\nInstall release lake | hello\n");
}

TEST_CASE("plain: -q shows only what went wrong", "[ui][plain]") {
  Bench bench;
  const auto step = bench.add("lake", "Install release lake");
  const auto view = make_plain_view(bench.context(Verbosity::quiet));
  view->on(exec::RunStarted{.plan = &bench.plan});
  view->on(exec::StepStarted{.step = step, .command = "x"});
  view->on(exec::StepFinished{.step = step});
  view->on(exec::RunFinished{.done = 1});
  CHECK(bench.taken().empty());
  view->on(exec::StepFailed{{.step = step, .title = "Install release lake", .outcome = "exit code 1"}});
  view->on(exec::RunFinished{.elapsed = 1s, .failed = 1});
  CHECK(bench.taken() == "failed: Install release lake\n"
                         "  ended:   exit code 1\n"
                         "Failed after 1.0s: 1 failed\n"
                         "Install release lake: exit code 1\n");
}

TEST_CASE("plain: a run without a plan does not matter", "[ui][plain]") {
  Bench bench;
  const auto view = make_plain_view(bench.context());
  view->on(exec::RunStarted{});
  view->on(exec::StepStarted{.step = 7});
  view->on(exec::StepFinished{.step = 7, .elapsed = 1s});
  CHECK(bench.taken() == "[0/0] start     step 7\n[1/0] done      step 7 (1.0s)\n");
}

TEST_CASE("plain: interruptions are told", "[ui][plain]") {
  Bench bench;
  const auto view = make_plain_view(bench.context());
  view->on(exec::Interrupting{.signal = 2, .running = {0, 1}});
  view->on(exec::Interrupting{.signal = 15, .second = true, .running = {1}});
  view->on(exec::Interrupting{.signal = 15});
  view->on(exec::RunFinished{.elapsed = 5s, .done = 1, .cancelled = 2, .signal = 2});
  CHECK(bench.taken() ==
        "SIGINT: nothing more is started, stopping 2 running steps; press Ctrl-C again to kill at once\n"
        "SIGTERM again: killing 1 running step; the next run repairs what they leave\n"
        "SIGTERM: nothing more is started\n"
        "Interrupted by SIGINT after 5.0s: 2 cancelled, 1 done\n");
}

}  // namespace datamill::ui::testing
