#include "datamill/exec/capture.hpp"
#include "datamill/exec/secret_store.hpp"
#include "datamill/support/diagnostic.hpp"
#include "support/catch.hpp"
#include "support/fake_runner.hpp"

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;
using test::FakeRunner;

CaptureRequest request(const std::string& program, std::chrono::milliseconds timeout = 30s) {
  return {.command = command::CommandResolver::resolve({.program = program}, program, SecretStore{}),
          .timeout = timeout};
}

TEST_CASE("captures run side by side and come in the order asked for", "[exec][capture]") {
  FakeRunner runner;
  runner.script("slow", {.runs_for = 5s, .out = {"a", "b"}, .err = {"e"}});
  runner.script("quick", {.runs_for = 1s, .out = {"q"}, .outcome = proc::Exited{.code = 3}});
  const auto results = capture_all(runner, {request("slow"), request("quick")});
  REQUIRE(results.size() == 2);
  CHECK(results[0].ok());
  CHECK(results[0].out == "a\nb\n");
  CHECK(results[0].err == "e\n");
  CHECK_FALSE(results[1].ok());
  CHECK(results[1].out == "q\n");
  CHECK(runner.since_start() == 5s);
  CHECK(capture_all(runner, {}).empty());
}

TEST_CASE("a capture over its limit is stopped, and killed if it must be", "[exec][capture]") {
  FakeRunner runner;
  runner.script("stuck", {.runs_for = 1000s, .ignores = {SIGTERM}});
  runner.script("slow", {.runs_for = 1000s});
  const auto results = capture_all(runner, {request("stuck", 3s), request("slow", 2s), request("fine")});
  CHECK(proc::to_text(results[0].outcome) == "timed out after 3s, killed because it went on");
  CHECK(proc::to_text(results[1].outcome) == "timed out after 2s");
  CHECK(results[2].ok());
  CHECK(runner.since_start() == 5s);
}

TEST_CASE("an interrupt ends all captures and goes on to the caller (DM601)", "[exec][capture]") {
  for (const auto& [signal, exit_code] :
       {std::pair{SIGINT, support::ExitCode::interrupted}, std::pair{SIGTERM, support::ExitCode::terminated}}) {
    FakeRunner runner;
    runner.script("slow", {.runs_for = 1000s, .takes_to_die = 1s});
    runner.interrupt_at(2s, signal);
    try {
      (void)capture_all(runner, {request("slow"), request("slow")});
      FAIL("no exception");
    } catch (const support::Failure& failure) {
      CHECK(failure.exit_code() == exit_code);
      CHECK(failure.diagnostics().items().at(0).code == "DM601");
    }
    CHECK(runner.since_start() == 3s);
    CHECK(runner.sent.size() == 2);
  }
}

TEST_CASE("a second interrupt kills what is being captured", "[exec][capture]") {
  FakeRunner runner;
  runner.script("stuck", {.runs_for = 1000s, .ignores = {SIGTERM}});
  runner.interrupt_at(2s, SIGINT);
  runner.interrupt_at(2500ms, SIGINT);
  CHECK_THROWS_AS(capture_all(runner, {request("stuck")}), support::Failure);
  CHECK(runner.since_start() == 2500ms);
}

TEST_CASE("what may pass is told from what will not", "[exec][capture]") {
  const auto result = [](std::string err) { return CaptureResult{.outcome = proc::Exited{1}, .err = std::move(err)}; };
  CHECK(result("Error from server (TooManyRequests): the server has received too many requests\n").may_pass());
  CHECK(result("error: unexpected EOF\n").may_pass());
  CHECK_FALSE(result("The connection to the server was refused: dial tcp: connect: connection refused\n").may_pass());
  CHECK_FALSE(result("Error from server (Forbidden): no\n").may_pass());
  CHECK_FALSE(CaptureResult{}.may_pass());
  CHECK(result("runtime: failed to create new OS thread\n\ngoroutine 1 [running]:\nruntime/asm.s:17\n").reason() ==
        "runtime: failed to create new OS thread");
  CHECK(result("a\nb\n").reason() == "b");
  CHECK(result("").reason() == "exit code 1");
}

}  // namespace
}  // namespace datamill::exec
