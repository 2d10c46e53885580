#include "datamill/node/supervisor.hpp"

#include "support/catch.hpp"
#include "support/fake_runner.hpp"

#include <csignal>

using namespace std::chrono_literals;

namespace datamill::node {

namespace {

using Texts = std::vector<std::string>;

struct Bench {
  Spec spec{.folder = "/n", .cgroup = "c", .bridge = "b"};
  test::FakeRunner runner{};
  Texts said{};
  Texts logged{};

  Bench() {
    for (const std::string name : {"etcd", "kubelet", "proxy"})
      spec.parts.push_back({.name = name, .words = {"/bin/" + name, "--x"}, .ends_containers = name == "kubelet"});
    for (const auto& part : spec.parts)
      runner.script(part.words.front(), {.runs_for = 24h});
  }

  support::ExitCode run() {
    return supervise(spec, runner,
                     {.log = [&](const std::string& part,
                                 std::string_view line) { logged.push_back(part + ": " + std::string(line)); },
                      .say = [&](const std::string& text) { said.push_back(text); },
                      .end_containers = [&] { said.emplace_back("containers"); }});
  }

  [[nodiscard]] std::vector<std::chrono::milliseconds> starts_of(const std::string& program) const {
    std::vector<std::chrono::milliseconds> times;
    for (const auto& start : runner.started) {
      if (start.executable == program) times.push_back(start.at);
    }
    return times;
  }
};

}  // namespace

TEST_CASE("parts start in order and stop in reverse", "[node]") {
  Bench bench;
  bench.runner.interrupt_at(10s, SIGTERM);
  CHECK(bench.run() == support::ExitCode::ok);
  CHECK(bench.runner.started_programs() == Texts{"/bin/etcd", "/bin/kubelet", "/bin/proxy"});
  CHECK(bench.runner.started.front().args == Texts{"--x"});
  CHECK(bench.said == Texts{"start etcd", "start kubelet", "start proxy", "SIGTERM: stopping", "proxy stopped",
                            "kubelet stopped", "containers", "etcd stopped"});
  for (const auto& sent : bench.runner.sent)
    CHECK((sent.signal == SIGTERM && !sent.whole_group));
}

TEST_CASE("a part that ends is started again, later each time", "[node]") {
  Bench bench;
  bench.runner = {};
  bench.runner.script("/bin/etcd", {.runs_for = 24h});
  bench.runner.script("/bin/proxy", {.runs_for = 24h});
  bench.runner.script("/bin/kubelet", {.runs_for = 1s, .err = {"no"}, .outcome = proc::Exited{.code = 1}});
  SECTION("up to half a minute") {
    bench.runner.interrupt_at(125s, SIGTERM);
    (void)bench.run();
    CHECK(bench.starts_of("/bin/kubelet") == std::vector<std::chrono::milliseconds>{0s, 1500ms, 3500ms, 6500ms, 11500ms,
                                                                                    20500ms, 37500ms, 68500ms,
                                                                                    99500ms});
    CHECK(bench.logged.front() == "kubelet: no");
    CHECK(bench.said[3] == "kubelet ended: exit code 1, again in 500 ms");
    CHECK(bench.starts_of("/bin/etcd").size() == 1);
  }
  SECTION("and soon again once it ran for a minute") {
    bench.runner.script("/bin/kubelet", {.runs_for = 1s});
    bench.runner.script("/bin/kubelet", {.runs_for = 60s});
    bench.runner.script("/bin/kubelet", {.runs_for = 24h});
    bench.runner.interrupt_at(200s, SIGTERM);
    (void)bench.run();
    CHECK(bench.starts_of("/bin/kubelet") == std::vector<std::chrono::milliseconds>{0s, 1500ms, 3500ms, 64s});
  }
}

TEST_CASE("a part that does not obey is killed", "[node]") {
  Bench bench;
  bench.runner = {};
  bench.runner.script("/bin/etcd", {.runs_for = 24h});
  bench.runner.script("/bin/kubelet", {.runs_for = 24h, .ignores = {SIGTERM}});
  bench.runner.script("/bin/proxy", {.runs_for = 24h});
  bench.runner.interrupt_at(1s, SIGINT);
  CHECK(bench.run() == support::ExitCode::ok);
  CHECK(bench.runner.sent[2] == test::FakeRunner::Sent{.id = 1, .signal = SIGKILL, .whole_group = false, .at = 21s});
}

TEST_CASE("a machine that cannot be prepared starts nothing", "[node]") {
  Bench bench;
  bench.spec.preparations = {{.words = {"/bin/ip", "link"}, .ok_texts = {"File exists"}}, {.words = {"/bin/sysctl"}}};
  SECTION("what is there already is no failure") {
    bench.runner.script("/bin/ip", {.err = {"RTNETLINK answers: File exists"}, .outcome = proc::Exited{.code = 2}});
    bench.runner.interrupt_at(10s, SIGTERM);
    CHECK(bench.run() == support::ExitCode::ok);
    CHECK(bench.runner.started.size() == 5);
  }
  SECTION("anything else is") {
    bench.runner.script("/bin/ip", {.err = {"Operation not permitted"}, .outcome = proc::Exited{.code = 2}});
    CHECK(bench.run() == support::ExitCode::step_failed);
    CHECK(bench.runner.started.size() == 1);
    CHECK(bench.said == Texts{"failed: /bin/ip link: exit code 2: Operation not permitted"});
  }
}

}  // namespace datamill::node
