// `plan` prints exactly the commands that run.
#include "plan_match.hpp"
#include "support/catch.hpp"

#include "datamill/command/secret.hpp"
#include "datamill/support/text.hpp"

#include <algorithm>

namespace datamill::tests {

namespace {

std::string problems_of(const Comparison& comparison) {
  return support::join(comparison.problems, "\n");
}

/// What is no step: the reads of a snapshot, the proxy to look through, the lock in a cluster that others reach.
bool is_read(const ToolCall& call) {
  const auto is_beside = call.has("datamill-lock") || call.has("lease datamill") || call.has("--unix-socket");
  return call.tool == "kubectl" && (is_beside || (call.args.front() == "get" && call.has("go-template")));
}

/// What an installation looks at beside its steps: rendered charts, the room on the nodes, the cluster's version, the
/// proxy.
bool looks_ahead(const ToolCall& call) {
  return call.has("helm template") || call.has("--unix-socket") ||
         (call.has("kubectl get") && (call.has("--output=json") || call.has("--raw /version")));
}

/// Each symbol of a Secret stood for what the cluster's Secret now holds.
void check_secrets(const Workbench& bench, const Symbols& symbols) {
  for (const auto& [symbol, value] : symbols) {
    if (!symbol.starts_with("secret ")) continue;
    const auto slash = symbol.find('/');
    const auto dot = symbol.find('.', slash);
    const auto ns = symbol.substr(7, slash - 7);
    const auto name = symbol.substr(slash + 1, dot - slash - 1);
    const auto stored = bench.secret(ns, name, symbol.substr(dot + 1));
    INFO(symbol);
    CHECK_FALSE(stored.empty());
    CHECK(value == command::json_escaped(stored));
  }
}

}  // namespace

TEST_CASE("a plan's text and its run's input are compared by value", "[e2e][plan]") {
  Symbols symbols;
  CHECK(matches("plain", "plain", symbols));
  CHECK_FALSE(matches("plain", "plainer", symbols));
  CHECK(matches("a «secret n/s.k» b", "a xyz b", symbols));
  CHECK(symbols.at("secret n/s.k") == "xyz");
  CHECK_FALSE(matches("«secret n/s.k»", "other", symbols));
  CHECK(matches("«secret n/s.k»-«output r»", "xyz-3", symbols));
}

TEST_CASE("plan prints exactly the commands that install runs", "[e2e][plan]") {
  const std::string flavour = GENERATE("quickstart", "datalake", "ds");
  INFO(flavour);
  Workbench bench;
  const auto plan = bench.run({"plan", "-f", flavour, "-o", "json"});
  REQUIRE(plan.exit_code == 0);
  CHECK(bench.changes().empty());
  bench.forget_calls();
  REQUIRE(bench.run({"install", "-f", flavour}).exit_code == 0);
  const auto comparison = compare(planned_calls(plan.out),
                                  bench.calls([](const ToolCall& call) { return !call.probe && !looks_ahead(call); }));
  CHECK(problems_of(comparison) == "");
  CHECK(comparison.symbols.size() > 2);
  check_secrets(bench, comparison.symbols);

  SECTION("and those of uninstall") {
    const std::string purge = GENERATE("", " --purge-data --purge-crds");
    const auto line = "-f " + flavour + purge;
    const auto removal = bench("plan --action uninstall -o json " + line);
    REQUIRE(removal.exit_code == 0);
    bench.forget_calls();
    REQUIRE(bench("uninstall --yes " + line).exit_code == 0);
    // What namespaces still hold is known afterwards only; deleting an empty one is no surprise then.
    const auto removed = bench.calls([](const ToolCall& call) {
      const auto is_namespace = call.tool == "kubectl" && call.args.front() == "delete" && call.input &&
                                support::contains(*call.input, R"("kind":"Namespace")");
      return !is_read(call) && !is_namespace;
    });
    const auto removals = compare(planned_calls(removal.out), removed);
    CHECK(problems_of(removals) == "");
    CHECK_FALSE(removed.empty());
  }
}

TEST_CASE("plan of an unchanged flavour has no steps", "[e2e][plan]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  const auto plan = bench("plan -f quickstart -o json");
  CHECK(planned_calls(plan.out).empty());
  CHECK(bench("plan -f quickstart --detailed-exitcode").exit_code == 0);
  CHECK(bench("plan -f quickstart --detailed-exitcode --reinstall").exit_code == 2);
}

TEST_CASE("plan prints exactly the commands of the cluster's life", "[e2e][plan]") {
  const std::string target = GENERATE("kwok", "minikube");
  const std::string action = GENERATE("start", "stop", "destroy");
  INFO(target << " " << action);
  Workbench bench;
  bench.environment["PATH"] += ":" DATAMILL_FAKES "/minikube";
  if (action != "start") REQUIRE(bench("install -f quickstart -t " + target).exit_code == 0);
  const auto plan = bench("plan -o json --action " + action + " -t " + target);
  REQUIRE(plan.exit_code == 0);
  bench.forget_calls();
  const auto consent = action == "destroy" ? " --yes" : "";
  REQUIRE(bench(action + " -t " + target + consent).exit_code == 0);
  const auto comparison =
      compare(planned_calls(plan.out), bench.calls([](const ToolCall& call) { return !call.probe && !is_read(call); }));
  CHECK(problems_of(comparison) == "");
}

TEST_CASE("--dry-run prints the plan of its own command and changes nothing", "[e2e][plan]") {
  Workbench bench;
  const bool installed = GENERATE(false, true);
  if (installed) REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.forget_calls();
  for (const std::string action : {"install", "uninstall", "start", "stop", "destroy"}) {
    const std::string flavour = action == "install" || action == "uninstall" ? " -f quickstart" : "";
    INFO(action << (installed ? " of what is installed" : " of nothing"));
    const auto dry = bench(action + flavour + " --dry-run");
    CHECK(dry.exit_code == 0);
    if (installed || action != "stop") CHECK(dry.out == bench("plan --action " + action + flavour).out);
    CHECK_FALSE(support::contains(dry.out, bench.home()));
  }
  CHECK(bench.changes().empty());
  const auto removal = bench("uninstall -f quickstart --dry-run").out;
  CHECK(support::contains(removal, "helm uninstall notebook"));
  if (installed) CHECK(support::contains(bench("destroy --dry-run").out, "helm uninstall notebook"));
}

TEST_CASE("the classic -x on an existing cluster can be looked at before", "[e2e][plan]") {
  Workbench bench;
  (void)bench.folder().write("home/.kube/config", "apiVersion: v1\nkind: Config\ncurrent-context: theirs\n");
  REQUIRE(bench("run -h -i -f quickstart -t existing").exit_code == 0);
  const auto looked = bench("run -h -x -t existing --dry-run -o json");
  CHECK(looked.exit_code == 0);
  bench.forget_calls();
  REQUIRE(bench("run -h -x --yes -t existing").exit_code == 0);
  const auto comparison =
      compare(planned_calls(looked.out), bench.calls([](const ToolCall& call) { return !is_read(call); }));
  CHECK(problems_of(comparison) == "");
  CHECK(bench("plan --action destroy --location hybrid -t existing").exit_code == 2);
}

TEST_CASE("a plan as a shell script names full paths and passes sh -n", "[e2e][plan]") {
  Workbench bench;
  const auto script = bench("plan -f quickstart -o shell");
  REQUIRE(script.exit_code == 0);
  CHECK(support::contains(script.out, DATAMILL_FAKES "/bin/helm upgrade"));
  CHECK(support::contains(script.out, "--etcd-binary " DATAMILL_FAKES "/bin/etcd"));
  CHECK(support::contains(script.out, bench.state()));
  const auto file = bench.folder().write("plan.sh", script.out);
  Program shell({.argv = {"/bin/sh", "-n", file}, .environment = {}, .folder = bench.folder().path()});
  CHECK(shell.wait().exit_code == 0);
}

}  // namespace datamill::tests
