#include "support/catch.hpp"
#include "unit/exec/harness.hpp"

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;
using test::FakeChild;
using test::Harness;
using test::Statuses;
using enum StepStatus;
using Sent = std::vector<test::FakeRunner::Sent>;

TEST_CASE("a step over its limit is asked to stop, and killed after its grace", "[exec][limits]") {
  Harness h;
  h.add("stubborn");
  h.add("after", {0});
  h.add("other");
  h.plan.steps[0].timeout = 5s;
  h.command(0).stop = {.first = SIGTERM, .whole_group = true, .grace = 10s};
  h.runner.script("stubborn", {.runs_for = 1000s, .ignores = {SIGTERM}});
  const auto result = h.run();
  CHECK(h.runner.sent == Sent{{.id = 0, .signal = SIGTERM, .at = 5s}, {.id = 0, .signal = SIGKILL, .at = 15s}});
  CHECK(result.summary.step_status == Statuses{failed, skipped, done});
  CHECK(result.failures.at(0).outcome == "timed out after 5s, killed because it went on");
  CHECK(result.failures.at(0).timed_out);
  CHECK(exit_code_of(result) == support::ExitCode::timed_out);
}

TEST_CASE("a step that obeys the first signal is not killed", "[exec][limits]") {
  Harness h;
  h.add("slow");
  h.plan.steps[0].timeout = 5s;
  h.command(0).stop = {.first = SIGINT, .whole_group = false, .grace = 10s};
  h.runner.script("slow", {.runs_for = 1000s, .takes_to_die = 3s});
  const auto result = h.run();
  CHECK(h.runner.sent == Sent{{.id = 0, .signal = SIGINT, .whole_group = false, .at = 5s}});
  CHECK(result.failures.at(0).outcome == "timed out after 5s");
  CHECK(result.summary.elapsed == 8s);
}

TEST_CASE("the limit of the whole run stops all", "[exec][limits]") {
  Harness h;
  h.options.timeout = 20s;
  h.options.parallelism = 2;
  h.add("slow");
  h.add("slow");
  h.add("never");
  h.runner.script("slow", {.runs_for = 1000s});
  const auto result = h.run();
  CHECK(result.summary.step_status == Statuses{failed, failed, skipped});
  CHECK(result.summary.timed_out);
  CHECK(result.summary.elapsed == 20s);
  CHECK(result.failures.at(0).outcome == "timed out after 20s");
  CHECK(exit_code_of(result) == support::ExitCode::timed_out);
}

TEST_CASE("Ctrl-C: running steps get their signal once, nothing more starts", "[exec][limits]") {
  Harness h;
  h.options.parallelism = 2;
  h.add("polite");
  h.add("stubborn");
  h.add("never");
  h.command(0).stop = {.first = SIGTERM, .grace = 20s};
  h.command(1).stop = {.first = SIGTERM, .grace = 5s};
  h.runner.script("polite", {.runs_for = 1000s, .takes_to_die = 2s});
  h.runner.script("stubborn", {.runs_for = 1000s, .ignores = {SIGTERM}});
  h.runner.interrupt_at(3s, SIGINT);
  const auto result = h.run();
  CHECK(h.runner.sent == Sent{{.id = 0, .signal = SIGTERM, .at = 3s},
                              {.id = 1, .signal = SIGTERM, .at = 3s},
                              {.id = 1, .signal = SIGKILL, .at = 8s}});
  CHECK(result.summary.step_status == Statuses{cancelled, cancelled, cancelled});
  CHECK(result.summary.signal == SIGINT);
  CHECK(result.failures.empty());
  CHECK(exit_code_of(result) == support::ExitCode::interrupted);
  const auto told = h.sink.all<Interrupting>();
  REQUIRE(told.size() == 1);
  CHECK_FALSE(told[0].second);
  CHECK(told[0].running == std::vector<plan::StepId>{0, 1});
}

TEST_CASE("Ctrl-C twice kills at once", "[exec][limits]") {
  Harness h;
  h.add("stubborn");
  h.command(0).stop = {.first = SIGINT, .whole_group = false, .grace = 1000s};
  h.runner.script("stubborn", {.runs_for = 9000s, .ignores = {SIGINT}});
  h.runner.interrupt_at(3s, SIGINT);
  h.runner.interrupt_at(4s, SIGINT);
  const auto result = h.run();
  CHECK(h.runner.sent ==
        Sent{{.id = 0, .signal = SIGINT, .whole_group = false, .at = 3s}, {.id = 0, .signal = SIGKILL, .at = 4s}});
  CHECK(result.summary.elapsed == 4s);
  CHECK(h.sink.all<Interrupting>().at(1).second);
}

TEST_CASE("SIGTERM and SIGHUP end a run too", "[exec][limits]") {
  for (const int signal : {SIGTERM, SIGHUP}) {
    Harness h;
    h.add("slow");
    h.runner.script("slow", {.runs_for = 1000s});
    h.runner.interrupt_at(1s, signal);
    CHECK(exit_code_of(h.run()) == support::ExitCode::terminated);
  }
}

TEST_CASE("a step that ends well all the same counts as done", "[exec][limits]") {
  Harness h;
  h.add("almost");
  h.runner.script("almost", {.runs_for = 10s, .ignores = {SIGTERM}});
  h.command(0).stop.grace = 60s;
  h.runner.interrupt_at(9s, SIGINT);
  const auto result = h.run();
  CHECK(result.summary.step_status == Statuses{done});
  CHECK(exit_code_of(result) == support::ExitCode::interrupted);
}

TEST_CASE("the terminal has sent Ctrl-C to an interactive child already", "[exec][limits]") {
  Harness h;
  h.add("ask");
  h.command(0).interactive = true;
  h.command(0).stop.grace = 5s;
  h.runner.script("ask", {.runs_for = 1000s});
  h.runner.interrupt_at(1s, SIGINT);
  (void)h.run();
  CHECK(h.runner.sent == Sent{{.id = 0, .signal = SIGKILL, .at = 6s}});
}

TEST_CASE("a step is tried again while its error says so, waiting longer each time", "[exec][retry]") {
  Harness h;
  h.add("flaky");
  h.plan.steps[0].retry = {.attempts = 9, .first_delay = 1s, .when_output_has = {"refused"}};
  const FakeChild refused{
      .runs_for = 1s, .err = {"connection refused", "giving up"}, .outcome = proc::Exited{.code = 1}};
  for (int i = 0; i < 6; ++i)
    h.runner.script("flaky", refused);
  h.runner.script("flaky", {.runs_for = 1s});
  const auto result = h.run();
  CHECK(result.ok());
  std::vector<std::chrono::milliseconds> starts;
  for (const auto& started : h.runner.started)
    starts.push_back(started.at);
  CHECK(starts == std::vector<std::chrono::milliseconds>{0s, 2s, 5s, 10s, 19s, 28s, 37s});
  const auto retries = h.sink.all<StepRetried>();
  REQUIRE(retries.size() == 6);
  CHECK(retries[0].reason == "giving up");
  CHECK(retries[2].attempt == 3);
  CHECK(h.sink.all<StepStarted>().back().attempt == 7);
  CHECK(result.summary.step_elapsed.at(0) == 38s);
}

TEST_CASE("another error, and the last attempt, end the trying", "[exec][retry]") {
  Harness h;
  h.add("flaky");
  h.plan.steps[0].retry = {.attempts = 3, .when_output_has = {"refused"}};
  h.runner.script("flaky", {.err = {"refused"}, .outcome = proc::Exited{.code = 1}});
  h.runner.script("flaky", {.err = {"forbidden"}, .outcome = proc::Exited{.code = 1}});
  CHECK(h.run().failures.at(0).last_lines == std::vector<std::string>{"forbidden"});
  CHECK(h.runner.started.size() == 2);

  Harness any;
  any.add("bad");
  any.plan.steps[0].retry.attempts = 3;
  any.runner.script("bad", {.outcome = proc::Exited{.code = 1}});
  CHECK(any.run().summary.failed == 1);
  CHECK(any.runner.started.size() == 3);
}

TEST_CASE("attempts share the step's limit", "[exec][retry]") {
  Harness h;
  h.add("flaky");
  h.plan.steps[0].timeout = 10s;
  h.plan.steps[0].retry = {.attempts = 100, .first_delay = 8s};
  h.runner.script("flaky", {.runs_for = 4s, .outcome = proc::Exited{.code = 1}});
  const auto result = h.run();
  CHECK(h.runner.started.size() == 1);
  CHECK(result.failures.at(0).outcome == "exit code 1");
}

TEST_CASE("Ctrl-C ends the wait for another attempt", "[exec][retry]") {
  Harness h;
  h.add("flaky");
  h.plan.steps[0].retry = {.attempts = 5, .first_delay = 8s};
  h.runner.script("flaky", {.outcome = proc::Exited{.code = 1}});
  h.runner.interrupt_at(3s, SIGINT);
  const auto result = h.run();
  CHECK(result.summary.step_status == Statuses{cancelled});
  CHECK(result.summary.elapsed == 3s);
  CHECK(h.runner.sent.empty());
}

TEST_CASE("the run's limit ends the wait for another attempt", "[exec][retry]") {
  Harness h;
  h.options.timeout = 5s;
  h.add("flaky");
  h.plan.steps[0].retry = {.attempts = 5, .first_delay = 8s};
  h.runner.script("flaky", {.outcome = proc::Exited{.code = 1}});
  const auto result = h.run();
  CHECK(result.failures.at(0).outcome == "timed out after 5s");
  CHECK(result.summary.elapsed == 5s);
}

TEST_CASE("an error that is fine counts as done", "[exec][retry]") {
  Harness h;
  h.add("delete");
  h.add("after", {0});
  h.plan.steps[0].retry.ok_output_has = {"NotFound", "not found"};
  h.runner.script("delete", {.err = {"Error from server (NotFound): x"}, .outcome = proc::Exited{.code = 1}});
  CHECK(h.run().summary.step_status == Statuses{done, done});
}

}  // namespace
}  // namespace datamill::exec
