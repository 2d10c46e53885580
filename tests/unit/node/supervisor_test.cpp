#include "datamill/node/supervisor.hpp"

#include "support/catch.hpp"
#include "unit/node/fake_keeper.hpp"

#include <csignal>

using namespace std::chrono_literals;

namespace datamill::node {

namespace {

using Texts = std::vector<std::string>;

struct Bench {
  Spec spec{.folder = "/n", .cgroup = "c", .bridge = "b"};
  test::FakeKeeper keeper{};
  test::FakeRunner& runner = keeper.runner;
  Texts said{};
  Texts noted{};
  NodeRecord remembered{};
  std::map<std::string, proc::ProcessIdentity> living{};  ///< parts that an earlier supervisor left
  std::map<pid_t, Texts> words{};
  int tidied = 0;
  SupervisorHooks hooks{.say = [this](const std::string& text) { said.push_back(text); },
                        .log_file = [](const Part& part) { return "/log/" + part.name; },
                        .find =
                            [this](const Part& part) {
                              const auto found = living.find(part.name);
                              return found == living.end() ? std::nullopt : std::optional(found->second);
                            },
                        .words_of = [this](const proc::ProcessIdentity& process) { return words[process.pid]; },
                        .was_noted = [this](const Part& part) { return living.contains(part.name); },
                        .note =
                            [this](const Part& part, const std::optional<proc::ProcessIdentity>& process) {
                              noted.push_back(part.name + " " + std::to_string(process ? process->pid : 0));
                            },
                        .remember = [this](const NodeRecord& record) { remembered = record; },
                        .clock = [] { return std::int64_t{7}; },
                        .end_containers = [this] { said.emplace_back("containers"); },
                        .tidy = [this] { ++tidied; }};

  Bench() {
    for (const std::string name : {"etcd", "kubelet", "proxy"})
      spec.parts.push_back({.name = name, .words = {"/bin/" + name, "--x"}, .ends_containers = name == "kubelet"});
    for (const auto& part : spec.parts)
      runner.script(part.words.front(), {.runs_for = 24h});
  }

  void run() { supervise(spec, {}, keeper, hooks); }
  void left(const std::string& part, pid_t pid, const Texts& with) {
    living[part] = {.pid = pid, .start = "1", .boot = "b", .executable = "/bin/" + part};
    words[pid] = with;
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
  bench.run();
  CHECK(bench.runner.started_programs() == Texts{"/bin/etcd", "/bin/kubelet", "/bin/proxy"});
  CHECK(bench.runner.started.front().args == Texts{"--x"});
  CHECK(bench.said == Texts{"start etcd", "start kubelet", "start proxy", "SIGTERM: stopping", "proxy stopped",
                            "kubelet stopped", "containers", "etcd stopped"});
  for (const auto& sent : bench.runner.sent)
    CHECK((sent.signal == SIGTERM && !sent.whole_group));
}

TEST_CASE("a part that ends is started again, later each time", "[node]") {
  Bench bench;
  bench.keeper.runner = {};
  bench.runner.script("/bin/etcd", {.runs_for = 24h});
  bench.runner.script("/bin/proxy", {.runs_for = 24h});
  bench.runner.script("/bin/kubelet", {.runs_for = 1s, .err = {"no"}, .outcome = proc::Exited{.code = 1}});
  SECTION("up to half a minute") {
    bench.runner.interrupt_at(125s, SIGTERM);
    bench.run();
    CHECK(bench.starts_of("/bin/kubelet") == std::vector<std::chrono::milliseconds>{0s, 1500ms, 3500ms, 6500ms, 11500ms,
                                                                                    20500ms, 37500ms, 68500ms,
                                                                                    99500ms});
    CHECK(bench.keeper.logs[1] == "/log/kubelet");
    CHECK(bench.remembered.part("kubelet") ==
          PartRecord{.name = "kubelet", .restarts = 9, .last_end = "exit code 1", .last_end_at = 7});
    CHECK(bench.remembered.part("etcd").restarts == 0);
    CHECK(bench.tidied == 2);
    CHECK(bench.said[3] == "kubelet ended: exit code 1, again in 500 ms");
    CHECK(bench.starts_of("/bin/etcd").size() == 1);
  }
  SECTION("and soon again once it ran for a minute") {
    bench.runner.script("/bin/kubelet", {.runs_for = 1s});
    bench.runner.script("/bin/kubelet", {.runs_for = 60s});
    bench.runner.script("/bin/kubelet", {.runs_for = 24h});
    bench.runner.interrupt_at(200s, SIGTERM);
    bench.run();
    CHECK(bench.starts_of("/bin/kubelet") == std::vector<std::chrono::milliseconds>{0s, 1500ms, 3500ms, 64s});
  }
}

TEST_CASE("a part starts when what it needs answers", "[node]") {
  Bench bench;
  bench.spec.parts[1].after = bench.spec.parts[2].after = {"/bin/ask", "it"};
  SECTION("asked once for all, and not counted as an end") {
    bench.runner.script("/bin/ask", {.runs_for = 100ms, .outcome = proc::Exited{.code = 1}});
    bench.runner.script("/bin/ask", {.runs_for = 100ms, .outcome = proc::Exited{.code = 1}});
    bench.runner.script("/bin/ask", {.runs_for = 100ms});
    bench.runner.interrupt_at(10s, SIGTERM);
    bench.run();
    CHECK(bench.starts_of("/bin/ask") == std::vector<std::chrono::milliseconds>{0s, 300ms, 600ms});
    CHECK(bench.starts_of("/bin/etcd") == std::vector<std::chrono::milliseconds>{0s});
    CHECK(bench.starts_of("/bin/kubelet") == std::vector<std::chrono::milliseconds>{700ms});
    CHECK(bench.starts_of("/bin/proxy") == std::vector<std::chrono::milliseconds>{700ms});
    CHECK(bench.remembered.part("kubelet").restarts == 0);
  }
  SECTION("asked again before it is started again") {
    bench.keeper.runner = {};
    bench.runner.script("/bin/etcd", {.runs_for = 24h});
    bench.runner.script("/bin/proxy", {.runs_for = 24h});
    bench.runner.script("/bin/kubelet", {.runs_for = 1s, .outcome = proc::Exited{.code = 1}});
    bench.runner.script("/bin/kubelet", {.runs_for = 24h});
    bench.runner.script("/bin/ask", {.runs_for = 100ms});
    bench.runner.interrupt_at(10s, SIGTERM);
    bench.run();
    CHECK(bench.starts_of("/bin/ask") == std::vector<std::chrono::milliseconds>{0s, 1600ms});
    CHECK(bench.starts_of("/bin/kubelet") == std::vector<std::chrono::milliseconds>{100ms, 1700ms});
  }
  SECTION("and the question ends with the supervisor") {
    bench.runner.script("/bin/ask", {.runs_for = 24h});
    bench.runner.interrupt_at(1s, SIGTERM);
    bench.run();
    CHECK(bench.starts_of("/bin/kubelet").empty());
    REQUIRE_FALSE(bench.runner.sent.empty());
    CHECK(bench.runner.sent.front().signal == SIGKILL);
    CHECK(bench.said.front() == "start etcd");
  }
}

TEST_CASE("a part that does not obey is killed", "[node]") {
  Bench bench;
  bench.keeper.runner = {};
  bench.runner.script("/bin/etcd", {.runs_for = 24h});
  bench.runner.script("/bin/kubelet", {.runs_for = 24h, .ignores = {SIGTERM}});
  bench.runner.script("/bin/proxy", {.runs_for = 24h});
  bench.runner.interrupt_at(1s, SIGINT);
  bench.run();
  CHECK(bench.runner.sent[2] == test::FakeRunner::Sent{.id = 1, .signal = SIGKILL, .whole_group = false, .at = 21s});
}

TEST_CASE("what an earlier supervisor left is taken over as it is", "[node]") {
  Bench bench;
  bench.left("etcd", 11, {"/bin/etcd", "--x"});
  bench.left("kubelet", 12, {"/bin/kubelet", "--x"});
  SECTION("and stopped like the others") {
    bench.runner.interrupt_at(10s, SIGTERM);
    bench.run();
    CHECK(bench.runner.started_programs() == Texts{"/bin/proxy"});
    CHECK(bench.said == Texts{"etcd runs (process 11): taken over", "kubelet runs (process 12): taken over",
                              "start proxy", "SIGTERM: stopping", "proxy stopped", "kubelet stopped", "containers",
                              "etcd stopped"});
    CHECK(bench.noted == Texts{"etcd 11", "kubelet 12", "proxy 100", "proxy 0", "kubelet 0", "etcd 0"});
  }
  SECTION("or left to the next one") {
    bench.runner.interrupt_at(10s, SIGHUP);
    bench.run();
    CHECK(bench.runner.sent.empty());
    CHECK(bench.said.back() == "SIGHUP: leaving the parts to a successor");
  }
  SECTION("unless the process has gone by now") {
    bench.keeper.gone = {12};
    bench.runner.interrupt_at(10s, SIGTERM);
    bench.run();
    CHECK(bench.runner.started_programs() == Texts{"/bin/kubelet", "/bin/proxy"});
    CHECK(bench.remembered.part("kubelet").last_end == "ended while nobody watched it");
    CHECK(bench.remembered.part("kubelet").restarts == 1);
    CHECK(bench.remembered.part("proxy").restarts == 0);
  }
  SECTION("and a part with other words is started anew") {
    bench.words[12] = {"/bin/kubelet", "--old"};
    bench.runner.interrupt_at(10s, SIGTERM);
    bench.run();
    CHECK(bench.said[1] == "kubelet runs (process 12) with other words: restarted");
    CHECK(bench.said[3] == "kubelet ended: exit status unknown, again in 500 ms");
    CHECK(bench.starts_of("/bin/kubelet") == std::vector<std::chrono::milliseconds>{500ms});
  }
  SECTION("and is stopped without a supervisor") {
    stop_parts(bench.spec, {}, bench.keeper, bench.hooks);
    CHECK(bench.runner.started.empty());
    CHECK(bench.runner.sent.size() == 2);
    CHECK(bench.runner.sent.front().id == 1);
    CHECK(bench.said.back() == "etcd stopped");
  }
}

TEST_CASE("a machine is prepared, or it is said what failed", "[node]") {
  Bench bench;
  bench.spec.preparations = {{.words = {"/bin/ip", "link"}, .ok_texts = {"File exists"}}, {.words = {"/bin/sysctl"}}};
  SECTION("what is there already is no failure") {
    bench.runner.script("/bin/ip", {.err = {"RTNETLINK answers: File exists"}, .outcome = proc::Exited{.code = 2}});
    CHECK(prepare(bench.spec, bench.runner).empty());
    CHECK(bench.runner.started.size() == 2);
  }
  SECTION("anything else is") {
    bench.runner.script("/bin/ip", {.err = {"Operation not permitted"}, .outcome = proc::Exited{.code = 2}});
    CHECK(prepare(bench.spec, bench.runner) == "/bin/ip link: exit code 2: Operation not permitted");
    CHECK(bench.runner.started.size() == 1);
  }
}

}  // namespace datamill::node
