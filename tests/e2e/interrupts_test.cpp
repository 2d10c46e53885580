// Ctrl-C, SIGTERM, and two runs at once.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <csignal>
#include <thread>

namespace datamill::tests {

namespace {

using support::contains;
using namespace std::chrono_literals;

bool is_gone(pid_t pid) {
  for (int i = 0; i < 400; ++i) {
    if (kill(pid, 0) != 0) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

ToolCall only_call(const Workbench& bench, const std::string& text) {
  const auto found = bench.calls([&](const ToolCall& call) { return !call.probe && call.has(text); });
  REQUIRE(found.size() == 1);
  return found.front();
}

bool wait_for_signal(const Workbench& bench, const std::string& text) {
  for (int i = 0; i < 2000; ++i) {
    if (!only_call(bench, text).signals.empty()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

}  // namespace

TEST_CASE("Ctrl-C once: children are asked once, then all is reported", "[e2e][interrupts]") {
  Workbench bench;
  bench.rules({R"({"has":["helm upgrade object-store"],"sleep_ms":60000,"linger_ms":400})"});
  // On a terminal, where Ctrl-C reaches the whole foreground group: the children stand in groups of their own.
  auto program = bench.start({"install", "-f", "quickstart"}, Terminal::in_and_err);
  REQUIRE(bench.wait_for_call("helm upgrade object-store"));
  const auto before = bench.calls().size();
  program->type("\x03");
  const auto result = program->wait(30s);
  CHECK(result.exit_code == 130);
  CHECK(result.elapsed < 25s);
  const auto helm = only_call(bench, "helm upgrade object-store");
  CHECK(helm.signals == std::vector<int>{SIGTERM});
  CHECK(helm.ended);
  CHECK(is_gone(helm.pid));
  CHECK(bench.calls().size() == before);
  CHECK(contains(result.err, "SIGINT"));

  SECTION("and the next run goes on") {
    bench.rules({});
    CHECK(bench("install -f quickstart").exit_code == 0);
    CHECK(bench.revision("notebook") == 1);
  }
}

TEST_CASE("Ctrl-C twice kills at once", "[e2e][interrupts]") {
  Workbench bench;
  bench.rules({R"({"has":["helm upgrade object-store"],"sleep_ms":60000,"ignore_term":true})"});
  auto program = bench.start({"install", "-f", "quickstart"});
  REQUIRE(bench.wait_for_call("helm upgrade object-store"));
  program->signal(SIGINT);
  REQUIRE(wait_for_signal(bench, "helm upgrade object-store"));
  program->signal(SIGINT);
  const auto result = program->wait(15s);
  CHECK(result.exit_code == 130);
  const auto helm = only_call(bench, "helm upgrade object-store");
  CHECK_FALSE(helm.ended);
  CHECK(is_gone(helm.pid));

  SECTION("and the next run repairs what was cut off") {
    bench.rules({});
    CHECK(bench("install -f quickstart").exit_code == 0);
    CHECK(bench.count("helm uninstall object-store") == 1);
    CHECK(bench.revision("object-store") == 1);
  }
}

TEST_CASE("SIGTERM ends with 143", "[e2e][interrupts]") {
  Workbench bench;
  bench.rules({R"({"has":["helm upgrade object-store"],"sleep_ms":60000})"});
  auto program = bench.start({"install", "-f", "quickstart", "-o", "json"});
  REQUIRE(bench.wait_for_call("helm upgrade object-store"));
  program->signal(SIGTERM);
  const auto result = program->wait(30s);
  CHECK(result.exit_code == 143);
  CHECK(only_call(bench, "helm upgrade object-store").signals == std::vector<int>{SIGTERM});
  for (const auto& line : support::split_lines(result.out)) {
    if (!line.empty()) CHECK_NOTHROW(support::read_json(line, "output"));
  }
}

TEST_CASE("an interrupt while the cluster is read ends at once", "[e2e][interrupts]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.forget_calls();
  bench.rules({R"({"has":["get configmaps,secrets"],"sleep_ms":60000})"});
  auto program = bench.start({"install", "-f", "quickstart"});
  REQUIRE(bench.wait_for_call("get configmaps,secrets"));
  program->signal(SIGINT);
  CHECK(program->wait(15s).exit_code == 130);
  CHECK(is_gone(only_call(bench, "get configmaps,secrets").pid));
}

TEST_CASE("nobody is left when datamill itself is killed", "[e2e][interrupts]") {
  Workbench bench;
  bench.rules({R"({"has":["helm upgrade object-store"],"sleep_ms":60000})"});
  auto program = bench.start({"install", "-f", "quickstart"});
  REQUIRE(bench.wait_for_call("helm upgrade object-store"));
  program->signal(SIGKILL);
  CHECK(program->wait(15s).signal == SIGKILL);
  CHECK(is_gone(only_call(bench, "helm upgrade object-store").pid));
  // The lock went with its holder.
  bench.rules({});
  CHECK(bench("install -f quickstart").exit_code == 0);
}

TEST_CASE("a second run on the same cluster is refused", "[e2e][interrupts]") {
  Workbench bench;
  bench.rules({R"({"has":["helm upgrade object-store"],"sleep_ms":60000,"times":1})"});
  auto first = bench.start({"install", "-f", "quickstart"});
  REQUIRE(bench.wait_for_call("helm upgrade object-store"));
  const auto before = bench.calls().size();
  for (const auto* line : {"install -f quickstart", "uninstall -f quickstart --yes", "stop", "destroy --yes"}) {
    INFO(line);
    const auto second = bench(line);
    CHECK(second.exit_code == 6);
    CHECK(contains(second.err, "process " + std::to_string(first->pid())));
  }
  CHECK(bench.calls().size() == before);
  // Looking is always allowed.
  CHECK(bench("status").exit_code == 0);
  CHECK(bench("plan -f quickstart").exit_code == 0);
  first->signal(SIGTERM);
  CHECK(first->wait(30s).exit_code == 143);
}

}  // namespace datamill::tests
