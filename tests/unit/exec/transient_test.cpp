#include "exec/transient.hpp"
#include "support/catch.hpp"
#include "unit/exec/harness.hpp"

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;

TEST_CASE("passing trouble is told from lasting", "[exec][transient]") {
  CHECK(transient_of(
            "Error: Get \"https://127.0.0.1:6443/version\": dial tcp 127.0.0.1:6443: connect: connection refused") ==
        Transient::unreachable);
  CHECK(transient_of("Error: Kubernetes cluster unreachable: Get \"https://x\": EOF") == Transient::unreachable);
  CHECK(transient_of("Error from server (TooManyRequests): the server has received too many requests and has asked us "
                     "to try again later") == Transient::passing);
  CHECK(transient_of("Error from server (InternalError): an error on the server (\"boom\") has prevented the request "
                     "from succeeding") == Transient::passing);
  CHECK(transient_of("Error: etcdserver: leader changed") == Transient::passing);
  CHECK(
      transient_of("Error: server-side apply failed for object a/b apps/v1, Kind=Deployment: Patch \"http://x\": http: "
                   "ContentLength=632 with Body length 0") == Transient::passing);
  CHECK(transient_of("Error: resource Deployment/windy/side not ready. status: Unknown, message: ") ==
        Transient::passing);
  CHECK(transient_of("Error from server (NotFound): pods \"a\" not found") == Transient::no);
  CHECK(
      transient_of("Error: Internal error occurred: failed calling webhook \"v.example\": failed to call webhook: Post "
                   "\"https://v.svc:443/x?timeout=10s\": dial tcp 10.0.0.9:443: connect: connection refused") ==
      Transient::passing);
  CHECK(transient_of("Error: parse error at (small/templates/small.yaml:12): unexpected EOF") == Transient::no);
  // A refused login does not come back by itself, though helm calls the cluster unreachable.
  CHECK(transient_of("Error: Kubernetes cluster unreachable: the server has asked for the client to provide "
                     "credentials") == Transient::no);
  CHECK(transient_of("Error: Kubernetes cluster unreachable: Get \"https://x/version\": getting credentials: exec: "
                     "executable aws failed with exit code 255") == Transient::no);
  CHECK(transient_of("Error: admission webhook \"v.example\" denied the request: no") == Transient::no);
}

TEST_CASE("kubectl and helm are tried again in passing trouble, other programs are not", "[exec][transient]") {
  test::Harness h;
  const std::string program = GENERATE("kubectl", "helm", "other");
  h.add(program);
  const test::FakeChild fails{.err = {"connect: connection refused"}, .outcome = proc::Exited{1}};
  h.runner.script(program, fails);
  h.runner.script(program, fails);
  h.runner.script(program, {});
  const auto result = h.run();
  CHECK(result.ok() == (program != "other"));
  CHECK(result.summary.retries == (program == "other" ? 0 : 2));
}

TEST_CASE("a step that is tried again says what passing trouble it met", "[exec][transient]") {
  test::Harness h;
  const std::string throttled = "Error from server (TooManyRequests): the server has received too many requests and "
                                "has asked us to try again later (patch deployments.apps lake)";
  h.add("kubectl");
  h.runner.script("kubectl", {.err = {throttled, "service/lake unchanged"}, .outcome = proc::Exited{1}});
  h.runner.script("kubectl", {});
  CHECK(h.run().ok());
  REQUIRE(h.sink.all<StepRetried>().size() == 1);
  CHECK(h.sink.all<StepRetried>()[0].reason == throttled);
}

TEST_CASE("an API server that throttles to the end is told with its code and the attempts", "[exec][transient]") {
  test::Harness h;
  h.add("kubectl");
  h.runner.script(
      "kubectl",
      {.runs_for = 0ms, .err = {"Error from server (TooManyRequests): storage is busy"}, .outcome = proc::Exited{1}});
  const auto report = h.run().failures.at(0);
  CHECK(report.code == "DM809");
  CHECK(report.name == "ApiThrottled");
  CHECK(report.cause.ends_with("; datamill tried it 10 times"));
}

TEST_CASE("pauses grow and are stretched by the jitter", "[exec][transient]") {
  test::Harness h;
  h.options.jitter = []() { return 1.0; };
  h.add("kubectl");
  h.plan.steps[0].component = "lake";
  h.runner.script("kubectl", {.runs_for = 0ms, .err = {"i/o timeout"}, .outcome = proc::Exited{1}});
  const auto result = h.run();
  std::vector<std::chrono::milliseconds> delays;
  for (const auto& retried : h.sink.all<StepRetried>())
    delays.push_back(retried.delay);
  CHECK(delays == std::vector<std::chrono::milliseconds>{625ms, 1250ms, 2500ms, 5s, 10s, 10s, 10s, 10s, 10s});
  CHECK(result.summary.retries == 9);
}

TEST_CASE("what an attempt left half done is repaired before the next one", "[exec][transient]") {
  test::Harness h;
  h.add("helm");
  h.plan.steps[0].retry.recover = command::Command{.program = "helm-rollback"};
  h.plan.steps[0].retry.recover_when = "is in progress";
  const bool own = GENERATE(true, false);
  if (own) h.runner.script("helm", {.err = {"connection reset by peer"}, .outcome = proc::Exited{1}});
  for (int i = 0; i < (own ? 1 : 3); ++i)
    h.runner.script(
        "helm", {.err = {"another operation (install/upgrade/rollback) is in progress"}, .outcome = proc::Exited{1}});
  h.runner.script("helm", {});
  CHECK(h.run().ok());
  // Somebody else's operation is waited for, however long it takes, not undone.
  const std::vector<std::string> repaired{"helm", "helm", "helm-rollback", "helm"};
  CHECK(h.runner.started_programs() == (own ? repaired : std::vector<std::string>(4, "helm")));
}

TEST_CASE("a Secret that a lost answer made all the same counts as made", "[exec][transient]") {
  test::Harness h;
  plan::CreateSecret create{.command = {.program = "kubectl"}};
  h.plan.add({.title = "Create Secret", .action = std::move(create), .timeout = 60s});
  const bool lost = GENERATE(true, false);
  if (lost) h.runner.script("kubectl", {.err = {"error: unexpected EOF"}, .outcome = proc::Exited{1}});
  h.runner.script("kubectl", {.err = {"Error from server (AlreadyExists): secrets \"keys\" already exists"},
                              .outcome = proc::Exited{1}});
  CHECK(h.run().ok() == lost);  // otherwise it is somebody else's
}

TEST_CASE("a repository of charts that does not answer is not the cluster", "[exec][transient]") {
  test::Harness h;
  const auto pull = h.add("helm");
  h.command(pull).args = {"pull", "lake"};
  h.plan.steps[pull].component = "lake";
  h.runner.script("helm", {.runs_for = 0ms, .err = {"connect: connection refused"}, .outcome = proc::Exited{1}});
  const auto result = h.run();
  CHECK_FALSE(result.cluster_lost);
  CHECK(exit_code_of(result) == support::ExitCode::step_failed);
}

TEST_CASE("a cluster that is gone for good ends the run instead of every step after another", "[exec][transient]") {
  test::Harness h;
  h.options.parallelism = 1;
  for (const auto* name : {"a", "b", "c"}) {
    const auto id = h.add("kubectl");
    h.plan.steps[id].component = name;
  }
  h.runner.script("kubectl", {.runs_for = 0ms, .err = {"connect: connection refused"}, .outcome = proc::Exited{1}});
  const auto result = h.run();
  CHECK(result.cluster_lost);
  CHECK(exit_code_of(result) == support::ExitCode::unreachable);
  CHECK(result.summary.step_status == test::Statuses{StepStatus::failed, StepStatus::skipped, StepStatus::skipped});
}

}  // namespace
}  // namespace datamill::exec
