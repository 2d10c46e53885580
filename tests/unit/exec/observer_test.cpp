#include "support/catch.hpp"
#include "unit/exec/harness.hpp"

#include <csignal>
#include <functional>

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;
using test::Statuses;

/// Shows what a function says; everything it is asked is written down.
class FakeObserver final : public Observer {
public:
  [[nodiscard]] std::optional<command::ResolvedCommand> companion() const override {
    return command::CommandResolver::resolve({.program = "kubectl", .args = {"proxy"}}, "proxy", SecretStore{});
  }
  void begin() override { ++begun; }
  [[nodiscard]] int wake_descriptor() const override { return 7; }
  bool take() override { return true; }
  [[nodiscard]] Observation look(const plan::Step& step) override { return sees ? sees(step) : Observation{}; }
  [[nodiscard]] std::optional<proc::Clock::time_point> lost_since() const override { return lost; }
  [[nodiscard]] bool answers() const override { return well && !lost; }
  void end() override { ++ended; }

  bool well = false;  ///< the cluster was read
  std::optional<proc::Clock::time_point> lost{};

  std::function<Observation(const plan::Step&)> sees{};
  int begun = 0;
  int ended = 0;
};

struct Watched : test::Harness {
  Watched() {
    options.observer = &observer;
    runner.script("proxy", {.runs_for = 24h});
  }
  plan::StepId add_watched(std::string program, bool only_waits, std::vector<plan::StepId> needs = {}) {
    const auto id = add(std::move(program), std::move(needs));
    plan.steps[id].awaits = {{.object = {.kind = "Release", .ns = "n", .name = "lake"}}};
    plan.steps[id].only_waits = only_waits;
    plan.steps[id].timeout = 100s;
    return id;
  }
  [[nodiscard]] Statuses statuses(const RunResult& result) const { return result.summary.step_status; }

  FakeObserver observer{};
};

domain::Finding finding(bool hopeless) {
  return {.code = "DM810",
          .hopeless = hopeless,
          .chain = {{.kind = "Pod", .ns = "n", .name = "lake-0"}},
          .message = "hunter2 is wrong",
          .cause = "the image does not exist",
          .next = "push it"};
}

TEST_CASE("nothing is looked at where no step awaits anything", "[exec][observer]") {
  Watched h;
  h.add("a");
  CHECK(h.run().ok());
  CHECK(h.observer.begun == 0);
  CHECK(h.runner.started_programs() == std::vector<std::string>{"a"});
}

TEST_CASE("a wait that can be judged starts no command, and ends when it is seen to be over", "[exec][observer]") {
  Watched h;
  h.add_watched("wait", true);
  h.add("next", {0});
  h.runner.readable_at(20s);
  h.runner.readable_at(30s);
  h.observer.sees = [&](const plan::Step&) {
    return Observation{.waits_for = "1 of 2 pods", .fulfilled = h.runner.since_start() >= 29s};
  };
  const auto result = h.run();
  CHECK(result.ok());
  CHECK(result.summary.step_elapsed[0] == 30s);
  CHECK(h.runner.started_programs() == std::vector<std::string>{"proxy", "next"});
  CHECK(h.sink.all<StepWaiting>().size() == 1);
  CHECK(h.observer.ended == 1);
  REQUIRE(h.runner.sent.size() == 1);
  CHECK(h.runner.sent[0].id != 0);
  CHECK(h.runner.sent[0].signal == SIGTERM);
  CHECK(h.runner.watched == -1);
}

TEST_CASE("a wait that nobody can judge is left to its command", "[exec][observer]") {
  Watched h;
  h.add_watched("wait", true);
  CHECK(h.run().ok());
  CHECK(h.runner.started_programs() == std::vector<std::string>{"proxy", "wait"});
  CHECK(h.runner.started[1].at == 5s);
  CHECK(h.sink.all<StepStarted>().size() == 1);
}

TEST_CASE("a wait that is judged fails at its limit with what was seen", "[exec][observer]") {
  Watched h;
  h.add_watched("wait", true);
  h.observer.sees = [](const plan::Step&) {
    return Observation{.waits_for = "x", .findings = {finding(false)}, .fulfilled = false};
  };
  h.runner.readable_at(1s);
  const auto result = h.run();
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].timed_out);
  CHECK(result.failures[0].cause == "the image does not exist");
  CHECK(result.failures[0].hint == "push it");
  CHECK(h.sink.all<FindingSeen>().size() == 1);
  CHECK(exit_code_of(result) == support::ExitCode::timed_out);
  CHECK(h.runner.started_programs() == std::vector<std::string>{"proxy"});
}

TEST_CASE("what cannot become well is given up at once, what may is waited for", "[exec][observer]") {
  Watched h;
  h.add_watched("helm", false);
  h.add("next", {0});
  h.runner.script("helm", {.runs_for = 60s, .takes_to_die = 2s});
  const bool hopeless = GENERATE(true, false);
  h.observer.sees = [&](const plan::Step&) { return Observation{.findings = {finding(hopeless)}}; };
  h.runner.readable_at(3s);
  h.runner.readable_at(4s);
  const auto result = h.run();
  CHECK(h.sink.all<FindingSeen>().size() == 1);
  if (hopeless) {
    CHECK(h.statuses(result) == Statuses{StepStatus::failed, StepStatus::skipped});
    CHECK(result.summary.step_elapsed[0] == 5s);
    REQUIRE(result.failures.size() == 1);
    CHECK(result.failures[0].outcome == "given up: waiting longer would not help");
    CHECK(result.failures[0].findings.size() == 1);
    CHECK_FALSE(result.failures[0].timed_out);
    CHECK(h.sink.all<StepFinished>().back().because == "run helm");
  } else {
    CHECK(result.ok());
  }
}

TEST_CASE("no secret gets out through what is seen", "[exec][observer]") {
  Watched h;
  h.secrets.put({.ns = "n", .secret = "s", .key = "password"}, command::Secret{"hunter2"});
  h.add_watched("wait", true);
  h.observer.sees = [](const plan::Step&) {
    return Observation{.waits_for = "pod says hunter2", .findings = {finding(true)}, .fulfilled = false};
  };
  const auto result = h.run();
  REQUIRE(result.failures.size() == 1);
  for (const auto& event : h.sink.events)
    CHECK(support::write_json(event_node(event, &h.plan)).find("hunter2") == std::string::npos);
}

TEST_CASE("a companion that ends is started again, with growing pauses", "[exec][observer]") {
  Watched h;
  h.add_watched("helm", false);
  h.runner = test::FakeRunner{};
  h.runner.script("helm", {.runs_for = 900ms});
  h.runner.script("proxy", {.runs_for = 100ms});
  h.runner.readable_at(50ms);
  CHECK(h.run().ok());
  std::vector<std::chrono::milliseconds> starts;
  for (const auto& started : h.runner.started) {
    if (started.executable == "proxy") starts.push_back(started.at);
  }
  CHECK(starts == std::vector<std::chrono::milliseconds>{0ms, 200ms, 500ms});
}

TEST_CASE("a companion that ends before anything was seen leaves steps to their commands", "[exec][observer]") {
  Watched h;
  h.add_watched("wait", true);
  h.add_watched("later", true, {0});
  h.runner = test::FakeRunner{};
  h.runner.script("proxy", {.runs_for = 100ms, .outcome = proc::Exited{1}});
  const auto result = h.run();
  CHECK(result.ok());
  CHECK(h.runner.started_programs() == std::vector<std::string>{"proxy", "wait", "later"});
  CHECK(h.runner.started[1].at == 100ms);
  CHECK(h.observer.ended == 1);
}

TEST_CASE("a cluster that is gone while helm waits ends the run", "[exec][observer]") {
  Watched h;
  h.add_watched("helm", false);
  h.add("next", {0});
  h.runner.script("helm", {.runs_for = 1h});
  h.plan.steps[0].timeout = 2h;
  h.runner.readable_at(1s);
  h.observer.lost = proc::Clock::time_point{10s};
  const auto result = h.run();
  CHECK(result.cluster_lost);
  CHECK(exit_code_of(result) == support::ExitCode::unreachable);
  CHECK(result.summary.elapsed < 65s);
  CHECK(h.statuses(result) == Statuses{StepStatus::cancelled, StepStatus::cancelled});
  CHECK(h.sink.all<StepWaiting>().size() == 1);
}

TEST_CASE("what a tool cannot reach is not the cluster while that is seen", "[exec][observer]") {
  Watched h;
  h.add_watched("helm", false);
  h.plan.steps[0].component = "lake";
  h.runner.script("helm", {.runs_for = 0ms, .err = {"connect: connection refused"}, .outcome = proc::Exited{1}});
  h.runner.readable_at(1s);
  h.observer.well = GENERATE(true, false);
  CHECK(h.run().cluster_lost != h.observer.well);
}

TEST_CASE("watching takes no place from steps that need one", "[exec][observer]") {
  Watched h;
  h.options.parallelism = 1;
  h.add_watched("wait", true);
  h.add("other");
  h.observer.sees = [&](const plan::Step&) { return Observation{.fulfilled = h.runner.since_start() > 500ms}; };
  h.runner.readable_at(900ms);
  const auto result = h.run();
  CHECK(result.ok());
  CHECK(result.summary.elapsed == 1s);
}

TEST_CASE("an interrupt ends a wait without a child", "[exec][observer]") {
  Watched h;
  h.add_watched("wait", true);
  h.observer.sees = [](const plan::Step&) { return Observation{.fulfilled = false}; };
  h.runner.interrupt_at(10s, SIGINT);
  const auto result = h.run();
  CHECK(h.statuses(result) == Statuses{StepStatus::cancelled});
  CHECK(result.summary.elapsed == 10s);
}

TEST_CASE("time in which the run was stopped counts for nothing", "[exec][observer]") {
  test::Harness h;
  h.add("a");
  h.plan.steps[0].timeout = 100s;
  h.runner.script("a", {.runs_for = 350s});
  h.options.timeout = 200s;
  h.runner.resumed_at(50s, 280s);
  const auto result = h.run();
  CHECK(result.ok());
  CHECK(result.summary.elapsed == 70s);
  CHECK(h.sink.all<RunResumed>().size() == 1);
}

}  // namespace
}  // namespace datamill::exec
