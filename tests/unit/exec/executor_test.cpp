#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "unit/exec/harness.hpp"

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;
using test::FakeChild;
using test::Harness;
using test::Statuses;
using enum StepStatus;
using Names = std::vector<std::string>;

TEST_CASE("a plan without steps is done", "[exec]") {
  Harness h;
  const auto result = h.run();
  CHECK(result.ok());
  CHECK(exit_code_of(result) == support::ExitCode::ok);
  CHECK(h.sink.events.size() == 2);
}

TEST_CASE("no more steps run at once than allowed, and all run", "[exec]") {
  Harness h;
  h.options.parallelism = 3;
  for (int i = 0; i < 10; ++i)
    h.add("a");
  const auto result = h.run();
  CHECK(h.runner.most_at_once == 3);
  CHECK(h.runner.started.size() == 10);
  CHECK(result.summary.done == 10);
  CHECK(result.summary.elapsed == 4s);
  CHECK(result.summary.step_elapsed.at(9) == 1s);
}

TEST_CASE("parallelism 0 still runs one step at a time", "[exec]") {
  Harness h;
  h.options.parallelism = 0;
  h.add("a");
  h.add("b");
  CHECK(h.run().ok());
  CHECK(h.runner.most_at_once == 1);
}

TEST_CASE("needs come first; tools run by their paths", "[exec]") {
  Harness h;
  h.options.tool_paths = {{"helm", "/opt/helm"}};
  const auto first = h.add("slow");
  h.add("helm", {first});
  h.runner.script("slow", {.runs_for = 7s});
  CHECK(h.run().ok());
  CHECK(h.runner.started_programs() == Names{"slow", "/opt/helm"});
  CHECK(h.runner.started[1].at == 7s);
}

TEST_CASE("a look that refuses gives the run its exit code", "[exec]") {
  Harness h;
  const auto check = h.add("check");
  h.add("after", {check});
  const auto run_with = [&](int code, bool may_refuse) {
    h.plan.steps[check].may_refuse = may_refuse;
    h.runner.script("check", {.outcome = proc::Exited{.code = code}});
    return exit_code_of(h.run());
  };
  SECTION("its own") {
    CHECK(run_with(7, true) == support::ExitCode::preflight);
  }
  SECTION("not where it failed otherwise") {
    CHECK(run_with(2, true) == support::ExitCode::step_failed);
  }
  SECTION("not by a number that means something else") {
    CHECK(run_with(7, false) == support::ExitCode::step_failed);
  }
}

TEST_CASE("a failed step skips what needs it; the rest goes on", "[exec]") {
  Harness h;
  h.options.log_directory = "/runs/1";
  h.options.retry_hint = "datamill install -f x.yaml";
  const auto bad = h.add("bad");
  h.add("after", {bad});
  h.add("other");
  h.add("last", {1, 2});
  h.plan.steps[bad].component = "lake";
  h.command(bad).arg("up grade");
  FakeChild child{.out = {"pulling"}, .err = {"Error: dial tcp 1.2.3.4:6443: connect: connection refused"}};
  child.outcome = proc::Exited{.code = 1};
  h.runner.script("bad", child);
  const auto result = h.run();
  CHECK(result.summary.step_status == Statuses{failed, skipped, done, skipped});
  CHECK(exit_code_of(result) == support::ExitCode::step_failed);
  REQUIRE(result.failures.size() == 1);
  const FailureReport& report = result.failures.front();
  CHECK(report.title == "run bad");
  CHECK(report.component == "lake");
  CHECK(report.command == "bad 'up grade'");
  CHECK(report.outcome == "exit code 1");
  CHECK(report.last_lines == Names{"pulling", "Error: dial tcp 1.2.3.4:6443: connect: connection refused"});
  CHECK(support::contains(report.cause, "nothing listens"));
  CHECK(support::contains(report.hint, "then go on with `datamill install -f x.yaml`"));
  CHECK(report.log_file == "/runs/1/001-run-bad.log");
  CHECK(report.skipped == Names{"run after", "run last"});
  CHECK_FALSE(report.timed_out);
  CHECK(h.sink.all<StepFailed>().size() == 1);
}

TEST_CASE("only the last 40 lines are kept for the report", "[exec]") {
  Harness h;
  h.add("bad");
  FakeChild child;
  for (int i = 0; i < 100; ++i)
    child.err.push_back(std::to_string(i));
  child.outcome = proc::Exited{.code = 1};
  h.runner.script("bad", child);
  const auto lines = h.run().failures.at(0).last_lines;
  CHECK(lines.size() == 40);
  CHECK(lines.front() == "60");
  CHECK(h.sink.all<StepOutput>().size() == 100);
}

TEST_CASE("fail_fast starts nothing more, and lets finish what runs", "[exec]") {
  Harness h;
  h.options.fail_fast = true;
  h.options.parallelism = 2;
  h.add("bad");
  h.add("slow");
  h.add("never");
  h.runner.script("bad", {.outcome = proc::Exited{.code = 2}});
  h.runner.script("slow", {.runs_for = 9s});
  const auto result = h.run();
  CHECK(result.summary.step_status == Statuses{failed, done, skipped});
  CHECK(result.failures.at(0).skipped == Names{"run never"});
  CHECK(h.runner.sent.empty());
}

TEST_CASE("a program that is not there is told plainly", "[exec]") {
  Harness h;
  h.add("helm");
  h.runner.script("helm", {.outcome = proc::NotStarted{.error = ENOENT}});
  h.plan.steps[0].retry.attempts = 5;  // which would not help
  const auto result = h.run();
  CHECK(h.runner.started.size() == 1);
  CHECK(result.failures.at(0).outcome == "could not start: No such file or directory");
  CHECK(support::contains(result.failures.at(0).cause, "\"helm\""));
}

TEST_CASE("an interactive command has the terminal for itself", "[exec]") {
  Harness h;
  h.add("a");
  h.add("ask");
  h.add("b");
  h.command(1).interactive = true;
  CHECK(h.run().ok());
  CHECK(h.runner.most_at_once == 1);
  CHECK(h.runner.started_programs() == Names{"a", "ask", "b"});
}

TEST_CASE("a heartbeat comes every 30 s of silence, and output is silence", "[exec]") {
  Harness h;
  h.add("slow");
  h.runner.script("slow", {.runs_for = 100s, .prints_every = 1s});
  CHECK(h.run().ok());
  const auto beats = h.sink.all<Heartbeat>();
  REQUIRE(beats.size() == 3);
  CHECK(beats[0].elapsed == 30s);
  CHECK(beats[2].elapsed == 90s);
  CHECK(beats[0].running == std::vector<plan::StepId>{0});
}

TEST_CASE("an animated view is ticked ten times a second, others never", "[exec]") {
  Harness h;
  h.sink.is_animated = true;
  h.add("a");
  h.runner.script("a", {.runs_for = 2050ms});
  CHECK(h.run().ok());
  CHECK(h.sink.ticks.size() == 20);
  Harness still;
  still.add("a");
  CHECK(still.run().ok());
  CHECK(still.sink.ticks.empty());
}

TEST_CASE("events come in a sensible order", "[exec]") {
  Harness h;
  h.options.run_id = "r1";
  h.add("bad");
  h.add("after", {0});
  h.runner.script("bad", {.err = {"oops"}, .outcome = proc::Exited{.code = 1}});
  (void)h.run();
  const auto& events = h.sink.events;
  REQUIRE(events.size() == 7);
  CHECK(std::get<RunStarted>(events[0]).run_id == "r1");
  CHECK(std::get<StepStarted>(events[1]).command == "bad");
  CHECK(std::get<StepOutput>(events[2]).text == "oops");
  CHECK(std::get<StepFinished>(events[3]).status == failed);
  CHECK(std::get<StepFailed>(events[4]).report.step == 0);
  CHECK(std::get<StepFinished>(events[5]).status == skipped);
  CHECK(std::get<RunFinished>(events[6]).failed == 1);
}

}  // namespace
}  // namespace datamill::exec
