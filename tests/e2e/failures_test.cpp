// Steps that fail, and limits.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <csignal>

namespace datamill::tests {

namespace {

using support::contains;

/// object-store and notebook, which needs it, and an operator that needs neither.
std::string three(const Workbench& bench) {
  return bench.folder().write("three.yaml", "project:\n  flavour: [object-store, notebook, cnpg-operator]\n");
}

/// The path after "log:" in a failure's text.
std::string log_path(const std::string& text) {
  for (const auto& line : support::split_lines(text)) {
    const auto at = line.find("log:");
    if (at != std::string::npos) return std::string(support::trim(line.substr(at + 4)));
  }
  return {};
}

}  // namespace

TEST_CASE("a failing step skips what needs it, and the rest goes on", "[e2e][failures]") {
  Workbench bench;
  const auto flavour = three(bench);
  bench.rules({R"({"has":["helm upgrade object-store"],"exit":1,"stderr":"Error: context deadline exceeded"})"});
  const auto failed = bench.run({"install", "-f", flavour});
  CHECK(failed.exit_code == 1);
  CHECK(bench.count("helm upgrade notebook") == 0);
  CHECK(bench.revision("cnpg-operator", "cnpg-system") == 1);
  CHECK_FALSE(bench.record("cnpg-operator", "cnpg-system").is_null());
  CHECK(bench.record("object-store").is_null());

  // Everything that one needs at 3 a.m.
  CHECK(contains(failed.err, "failed: Install release object-store"));
  CHECK(contains(failed.err, "helm upgrade object-store"));
  CHECK(contains(failed.err, "exit code 1"));
  CHECK(contains(failed.err, "Error: context deadline exceeded"));
  CHECK(contains(failed.err, "cause:"));
  CHECK(contains(failed.err, "skipped, because they need it:"));
  CHECK(contains(failed.err, "Install release notebook"));
  CHECK(contains(failed.err, "datamill install -f " + flavour));
  CHECK(contains(TempFolder::read(log_path(failed.err)), "Error: context deadline exceeded"));

  // The way on is to type it again: only what is missing is done.
  bench.rules({});
  bench.forget_calls();
  CHECK(bench.run({"install", "-f", flavour}).exit_code == 0);
  CHECK(bench.count("helm upgrade object-store") == 1);
  CHECK(bench.count("helm upgrade notebook") == 1);
  CHECK(bench.count("helm upgrade cnpg-operator") == 0);
}

TEST_CASE("--fail-fast starts nothing after the first failure", "[e2e][failures]") {
  Workbench bench;
  const auto flavour = three(bench);
  REQUIRE(bench("start").exit_code == 0);
  bench.forget_calls();
  bench.rules({R"({"has":["create"],"exit":1,"stderr":"Error from server (Forbidden): no"})"});
  const auto failed = bench.run({"install", "-f", flavour, "--fail-fast", "-j", "1"});
  CHECK(failed.exit_code == 1);
  const auto calls = bench.calls();
  const auto first_failure =
      std::find_if(calls.begin(), calls.end(), [](const ToolCall& call) { return call.exit_code == 1; });
  REQUIRE(first_failure != calls.end());
  CHECK(std::next(first_failure) == calls.end());
  CHECK(bench.count("helm upgrade") == 0);
}

TEST_CASE("a failure that may pass is tried again", "[e2e][failures]") {
  Workbench bench;
  bench.rules({R"({"has":["/readyz"],"exit":1,"stderr":"connection refused","times":2})"});
  const auto result = bench("start -v");
  CHECK(result.exit_code == 0);
  CHECK(bench.count("/readyz") == 3);
  CHECK(contains(result.err, "again in"));
}

TEST_CASE("the limit of the whole run stops it with exit code 5", "[e2e][failures]") {
  Workbench bench;
  bench.rules({R"({"has":["helm upgrade object-store"],"sleep_ms":60000})"});
  const auto result = bench("install -f quickstart --timeout 2s");
  CHECK(result.exit_code == 5);
  CHECK(result.elapsed < std::chrono::seconds(30));
  CHECK(contains(result.err, "Install release object-store"));
  const auto helm = bench.calls([](const ToolCall& call) { return call.has("helm upgrade"); });
  REQUIRE(helm.size() == 1);
  CHECK(helm.front().signals == std::vector<int>{SIGTERM});
  CHECK(kill(helm.front().pid, 0) != 0);
  CHECK(contains(result.err, "imed out"));
}

TEST_CASE("a tool that vanishes while it is needed is told apart from one that fails", "[e2e][failures]") {
  Workbench bench;
  REQUIRE(bench("start").exit_code == 0);
  bench.rules({R"({"has":["helm upgrade object-store"],"exit":127,"stderr":"sh: not found"})"});
  const auto result = bench("install -f quickstart");
  CHECK(result.exit_code == 1);
  CHECK(contains(result.err, "exit code 127"));
}

TEST_CASE("what a tool prints cannot harm the terminal or the run", "[e2e][failures]") {
  Workbench bench;
  bench.rules({R"({"has":["helm upgrade object-store"],"garbage":true,"exit":1})"});
  const auto result = bench("install -f quickstart -vv");
  CHECK(result.exit_code == 1);
  CHECK_FALSE(contains(result.err, "\x1b[31m"));
  CHECK(result.err.find('\0') == std::string::npos);
}

}  // namespace datamill::tests
