// The short flags of data-mill, and questions.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <csignal>
#include <filesystem>
#include <thread>

namespace datamill::tests {

namespace {

using support::contains;
using namespace std::chrono_literals;

/// Waits until a running program has written something.
bool wrote(Program& program, const std::string& text) {
  for (int i = 0; i < 2000 && program.running(); ++i) {
    if (contains(program.err_so_far(), text)) return true;
    std::this_thread::sleep_for(5ms);
  }
  return contains(program.err_so_far(), text);
}

}  // namespace

TEST_CASE("the classic flags do what they did", "[e2e][classic]") {
  Workbench bench;
  CHECK(bench("run -l -s").exit_code == 0);
  CHECK(bench.cluster().running());
  CHECK(bench.count("helm upgrade") == 0);
  CHECK(bench("run -lif flavours/quickstart.yaml").exit_code == 0);
  CHECK(bench.revision("notebook") == 1);
  bench.forget_calls();
  CHECK(bench("run -l -i -f flavours/quickstart.yaml").exit_code == 0);
  CHECK(bench.changes().empty());
  CHECK(bench("run -l -u -c notebook -f flavours/quickstart.yaml").exit_code == 0);
  CHECK(bench.revision("notebook") == 0);
  CHECK(bench("run -l -i -c components/notebook -f flavours/quickstart.yaml").exit_code == 0);
  CHECK(bench.revision("notebook") == 1);
  CHECK(bench("run -l -a").exit_code == 0);
  CHECK_FALSE(bench.cluster().running());
  CHECK(bench("run -l -s").exit_code == 0);
  CHECK(bench.revision("notebook") == 1);
  CHECK(bench("run -l -u --yes -f flavours/quickstart.yaml").exit_code == 0);
  CHECK(bench.revision("object-store") == 0);
  CHECK(bench.cluster().running());
  CHECK(bench("run -l -x --yes").exit_code == 0);
  CHECK_FALSE(bench.cluster().exists());
}

TEST_CASE("run -l -i makes the cluster where there is none", "[e2e][classic]") {
  Workbench bench;
  const auto result = bench("run -l -i -f flavours/quickstart.yaml");
  CHECK(result.exit_code == 0);
  CHECK(bench.count("create cluster") == 1);
  CHECK(bench.revision("notebook") == 1);
}

TEST_CASE("run -h installs on the cluster of a kubeconfig", "[e2e][classic]") {
  Workbench bench;
  const auto file = bench.folder().write("theirs.yaml", "apiVersion: v1\nkind: Config\ncurrent-context: theirs\n");
  CHECK(bench.run({"run", "-h", "-i", "-f", "flavours/quickstart.yaml", "--kubeconfig", file}).exit_code == 0);
  const auto helm = bench.calls([](const ToolCall& call) { return call.has("helm upgrade"); });
  REQUIRE(helm.size() == 2);
  // The context is named on every command line: `kubectl config use-context` elsewhere must not move the run.
  CHECK(helm.front().has("--kubeconfig " + file + " --kube-context theirs"));
  CHECK(bench.count("kwokctl") == 0);
  CHECK(bench.count("auth can-i") > 0);
  CHECK(bench.run({"run", "-h", "-u", "--yes", "-f", "flavours/quickstart.yaml", "--kubeconfig", file}).exit_code == 0);
}

TEST_CASE("a wrong mix of classic flags is refused and named", "[e2e][classic]") {
  struct Case {
    std::string line{};
    std::string says{};
  };
  const auto c = GENERATE(values<Case>({
      {"run -i -f quickstart", "-l (local), -r (remote), -h (hybrid"},
      {"run -l -r -i -f quickstart", "-l and -r"},
      {"run -l -f quickstart", "-s (start), -i (install), -u (uninstall), -a (halt), -x (destroy)"},
      {"run -l -i -u -f quickstart", "-i and -u"},
      {"run -l -i", "flavours/quickstart.yaml"},
      {"run -l -u", "flavours/quickstart.yaml"},
      {"run -l -i -c notbook", "did you mean \"notebook\""},
      {"run -l -i -f quickstrat", "did you mean \"quickstart\""},
      {"run -l -p", "are simulated"},
      {"run -l -i -f quickstart --nonsense", "--nonsense"},
      {"run -r -i -f quickstart", "remote"},
      {"install quickstart", "-f"},
      {"instal -f quickstart", "did you mean \"install\""},
  }));
  INFO(c.line);
  Workbench bench;
  const auto result = bench(c.line);
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, c.says));
  CHECK(result.out.empty());
  CHECK(bench.calls().empty());
}

TEST_CASE("without a terminal, what removes things needs --yes", "[e2e][classic]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.forget_calls();
  for (const auto* line :
       {"run -l -u -f quickstart", "run -l -x", "uninstall -f quickstart", "uninstall -f quickstart --no-input",
        "destroy", "uninstall -f quickstart -o json", "destroy -o json"}) {
    INFO(line);
    const auto refused = bench(line);
    CHECK(refused.exit_code == 2);
    CHECK(contains(refused.err + refused.out, "--yes"));
    CHECK(bench.changes().empty());
  }
}

TEST_CASE("on a terminal it asks", "[e2e][classic]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.forget_calls();
  auto program = bench.start({"uninstall", "-f", "quickstart"}, Terminal::in_and_err);
  REQUIRE(wrote(*program, "[y/N]"));
  SECTION("y goes on") {
    program->type("y\n");
    CHECK(program->wait().exit_code == 0);
    CHECK(bench.revision("notebook") == 0);
  }
  SECTION("anything else does not") {
    program->type("maybe\n");
    CHECK(program->wait().exit_code == 2);
    CHECK(bench.changes().empty());
  }
  SECTION("Ctrl-C at the question ends it") {
    program->type("\x03");
    CHECK(program->wait().exit_code == 130);
    CHECK(bench.changes().empty());
  }
}

}  // namespace datamill::tests
