// The cluster's own life: reachable or not, stopped, half made, another one than before.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <filesystem>

namespace datamill::tests {

namespace {

namespace fs = std::filesystem;
using support::contains;

constexpr const char* kKubeconfig =
    "apiVersion: v1\nkind: Config\ncurrent-context: theirs\n"
    "contexts: [{name: theirs, context: {cluster: c, user: u}}, {name: other, context: {cluster: c, user: u}}]\n";

}  // namespace

TEST_CASE("an existing cluster that does not answer ends with 4", "[e2e][cluster]") {
  Workbench bench;
  const auto file = bench.folder().write("theirs.yaml", kKubeconfig);
  bench.rules(
      {R"({"has":["kubectl get"],"exit":1,"stderr":"The connection to the server 10.0.0.1:6443 was refused"})"});
  for (const auto* line : {"install -f quickstart", "status", "uninstall -f quickstart --yes", "start"}) {
    INFO(line);
    auto words = support::split_list(line, " ");
    words.insert(words.end(), {"--location", "hybrid", "--kubeconfig", file});
    const auto result = bench.run(words);
    CHECK(result.exit_code == 4);
    CHECK(contains(result.err, "10.0.0.1:6443 was refused"));
    CHECK(contains(result.err, "kubectl get"));
  }
  CHECK(bench.changes().empty());
}

TEST_CASE("a cluster on this machine is reached past a proxy", "[e2e][cluster]") {
  Workbench bench;
  bench.environment["PATH"] = std::string(DATAMILL_FAKES "/minikube:") + bench.environment["PATH"];
  const auto no_proxy = [&] {
    bench.forget_calls();
    REQUIRE(bench("start -t minikube").exit_code == 0);
    const auto calls = bench.calls([](const auto& call) { return call.tool == "kubectl" && !call.probe; });
    REQUIRE_FALSE(calls.empty());
    CHECK(calls.front().env.count("no_proxy") == calls.front().env.count("NO_PROXY"));
    const auto found = calls.front().env.find("NO_PROXY");
    return found == calls.front().env.end() ? std::string("(none)") : found->second;
  };
  CHECK(no_proxy() == "(none)");
  bench.environment["https_proxy"] = "http://proxy.example:3128";
  bench.environment["no_proxy"] = ".example, 192.168.49.0/24";
  CHECK(no_proxy() == ".example,192.168.49.0/24,192.168.59.0/24,192.168.39.0/24");
}

TEST_CASE("an existing cluster that forbids reading ends with 7", "[e2e][cluster]") {
  Workbench bench;
  const auto file = bench.folder().write("theirs.yaml", kKubeconfig);
  bench.rules(
      {R"({"has":["kubectl get secrets"],"exit":1,"stderr":"Error from server (Forbidden): secrets is forbidden"})"});
  const auto result = bench.run({"install", "-f", "quickstart", "--location", "hybrid", "--kubeconfig", file});
  CHECK(result.exit_code == 7);
  CHECK(contains(result.err, "Forbidden"));
  CHECK(bench.changes().empty());
}

TEST_CASE("a right that is missing is found before anything is changed", "[e2e][cluster]") {
  Workbench bench;
  const auto file = bench.folder().write("theirs.yaml", kKubeconfig);
  bench.rules({R"({"has":["auth can-i create deployments.apps"],"exit":1,"stdout":"no"})"});
  const auto result = bench.run({"install", "-f", "quickstart", "--location", "hybrid", "--kubeconfig", file});
  CHECK(result.exit_code == 7);
  CHECK(contains(result.err, "deployments.apps"));
  CHECK(bench.changes().empty());
}

TEST_CASE("a kubeconfig that cannot be used is refused", "[e2e][cluster]") {
  Workbench bench;
  std::string file = bench.folder().path("missing.yaml");
  SECTION("missing") {}
  SECTION("without a current context") {
    file = bench.folder().write("none.yaml", "apiVersion: v1\nkind: Config\n");
  }
  SECTION("not YAML") {
    file = bench.folder().write("bad.yaml", "{{{");
  }
  const auto result = bench.run({"install", "-f", "quickstart", "--location", "hybrid", "--kubeconfig", file});
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, file));
  CHECK(bench.changes().empty());
}

TEST_CASE("another cluster under the same name is refused", "[e2e][cluster]") {
  Workbench bench;
  const auto file = bench.folder().write("theirs.yaml", kKubeconfig);
  const std::vector<std::string> line{"install", "-f", "quickstart", "--location", "hybrid", "--kubeconfig", file};
  REQUIRE(bench.run(line).exit_code == 0);
  const auto identity = bench.state() + "/clusters/hybrid-datamill/identity.json";
  REQUIRE(fs::exists(identity));
  const auto text = TempFolder::read(identity);
  (void)bench.folder().write(identity.substr(bench.folder().path().size() + 1),
                             support::replace_all(text, "uid-of-kube-system", "another-uid"));
  bench.forget_calls();
  const auto result = bench.run(line);
  CHECK(result.exit_code == 7);
  CHECK(contains(result.err, "another cluster"));
  CHECK(bench.changes().empty());
}

TEST_CASE("a stopped cluster is started by install, and told by the others", "[e2e][cluster]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  REQUIRE(bench("stop").exit_code == 0);
  CHECK(contains(bench("status").out, "stopped"));
  CHECK(bench("uninstall -f quickstart --yes").exit_code == 4);
  CHECK(bench("plan -f quickstart").exit_code == 0);
  bench.forget_calls();
  const auto result = bench("install -f quickstart");
  CHECK(result.exit_code == 0);
  CHECK(bench.count("start cluster") == 1);
  CHECK(bench.count("create cluster") == 0);
  CHECK(bench.count("helm upgrade") == 0);
  CHECK(bench("stop").exit_code == 0);
  CHECK(bench("start").exit_code == 0);
  CHECK(bench("start").exit_code == 0);
}

TEST_CASE("where there is no cluster, nothing is made by looking", "[e2e][cluster]") {
  Workbench bench;
  CHECK(contains(bench("status").out, "absent"));
  CHECK(bench("stop").exit_code == 0);
  CHECK(bench("destroy --yes").exit_code == 0);
  CHECK(bench("uninstall -f quickstart --yes").exit_code == 4);
  CHECK(bench.calls().empty());
  CHECK_FALSE(fs::exists(bench.cluster_folder()));
}

TEST_CASE("a cluster that was half made is made anew", "[e2e][cluster]") {
  Workbench bench;
  bench.rules({R"({"has":["create cluster"],"exit":1,"stderr":"Error: port 32001 is taken"})"});
  const auto failed = bench("install -f quickstart");
  CHECK(failed.exit_code == 1);
  CHECK(contains(failed.err, "port 32001 is taken"));
  CHECK(contains(bench("status").out, "unfinished"));
  bench.rules({});
  bench.forget_calls();
  CHECK(bench("install -f quickstart").exit_code == 0);
  const auto calls = bench.calls([](const ToolCall& call) { return call.tool == "kwokctl" && !call.probe; });
  REQUIRE(calls.size() == 3);
  CHECK(calls[0].has("delete cluster"));
  CHECK(calls[1].has("create cluster"));
}

TEST_CASE("pid files of before a reboot are forgotten", "[e2e][cluster]") {
  Workbench bench;
  REQUIRE(bench("start").exit_code == 0);
  REQUIRE(bench("stop").exit_code == 0);
  const auto pid_file = bench.cluster_folder() + "/kwok/clusters/datamill/pids/etcd.pid";
  // Number 1 runs, and is not ours.
  (void)bench.folder().write(pid_file.substr(bench.folder().path().size() + 1), "1");
  CHECK(bench("start").exit_code == 0);
  CHECK_FALSE(fs::exists(pid_file));
}

TEST_CASE("another provider under the same name is refused", "[e2e][cluster]") {
  Workbench bench;
  bench.environment["PATH"] += ":" DATAMILL_FAKES "/minikube";
  REQUIRE(bench("start").exit_code == 0);
  bench.forget_calls();
  const auto result = bench("install -f quickstart -t minikube");
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "made by provider kwok"));
  CHECK(bench.calls().empty());
}

TEST_CASE("minikube is started, filled, stopped and deleted", "[e2e][cluster]") {
  Workbench bench;
  bench.environment["PATH"] += ":" DATAMILL_FAKES "/minikube";
  CHECK(bench("install -f quickstart -t minikube").exit_code == 0);
  CHECK(bench.revision("notebook") == 1);
  CHECK(bench("stop -t minikube").exit_code == 0);
  CHECK(bench("install -f quickstart -t minikube").exit_code == 0);
  CHECK(bench("destroy --yes -t minikube").exit_code == 0);
  CHECK_FALSE(fs::exists(bench.cluster_folder()));
}

TEST_CASE("the user's own files are neither read nor changed", "[e2e][cluster]") {
  Workbench bench;
  const std::string text = std::string(kKubeconfig) + "# mine\n";
  const auto config = bench.folder().write("home/.kube/config", text);
  const auto repositories = bench.folder().write("home/.config/helm/repositories.yaml", "this is { not yaml");
  const auto cache = bench.folder().write("home/.cache/helm/marker", "mine");
  bench.environment["KUBECONFIG"] = config;
  bench.environment["HELM_CACHE_HOME"] = bench.home() + "/.cache/helm";
  for (const auto* line : {"install -f quickstart", "install -f quickstart --location hybrid -t existing", "stop",
                           "start", "uninstall -f quickstart --yes", "destroy --yes"}) {
    INFO(line);
    CHECK(bench(line).exit_code == 0);
  }
  CHECK(TempFolder::read(config) == text);
  CHECK(TempFolder::read(repositories) == "this is { not yaml");
  CHECK(TempFolder::read(cache) == "mine");
  for (const auto& call : bench.calls()) {
    INFO(call.line());
    CHECK(call.env.at("HELM_CACHE_HOME") == bench.cache() + "/helm/cache");
    CHECK(call.env.at("HELM_CONFIG_HOME") == bench.cache() + "/helm/config");
    CHECK(call.env.at("KUBECACHEDIR") == bench.cache() + "/kubectl");
    // Every call says which cluster and which context it means.
    const auto talks = call.tool == "kubectl" ||
                       (call.tool == "helm" && call.args.front() != "pull" && call.args.front() != "template");
    if (!talks || call.probe) continue;
    CHECK(call.has("--kubeconfig "));
    CHECK(call.has(call.tool == "helm" ? "--kube-context " : "--context "));
    CHECK_FALSE(call.has("use-context"));
  }
}

}  // namespace datamill::tests
