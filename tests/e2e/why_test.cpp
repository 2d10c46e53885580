// Why a component is not ready, on a pretended cluster whose pods are in given states.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

namespace datamill::tests {

namespace {

using support::contains;

constexpr const char* kKubeconfig = "apiVersion: v1\nkind: Config\ncurrent-context: theirs\ncontexts: [{name: theirs, "
                                    "context: {cluster: c, user: u}}]\n";

/// A workbench with quickstart on an existing cluster, whose containers have logs.
struct WhyBench : Workbench {
  std::string file = folder().write("theirs.yaml", kKubeconfig);

  WhyBench() {
    environment["DATAMILL_LOCATION"] = "hybrid";
    environment["DATAMILL_KUBECONFIG"] = file;
    REQUIRE(run({"install", "-f", "quickstart", "--location", "hybrid"}).exit_code == 0);
    for (const auto* name : {"notebook-0", "object-store-0"})
      put_pod(name, R"({"phase":"Running","conditions":[{"type":"Ready","status":"True"}]})");
    forget_calls();
  }

  [[nodiscard]] fake::Cluster theirs() const { return cluster(file); }

  /// Gives a pod of the installation a status.
  void put_pod(const std::string& name, const std::string& status) const {
    const std::string release = name.substr(0, name.rfind('-'));
    auto pod = fake::make_object("v1", "Pod", "data-mill", name, {.labels = {{"app.kubernetes.io/instance", release}}});
    pod.body.set("status", support::read_json(status, "a status"));
    theirs().put(std::move(pod));
  }
};

const std::string kCrash =
    R"({"phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"main",)"
    R"("ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s"}},)"
    R"("lastState":{"terminated":{"reason":"Error","exitCode":3}}}]})";
const std::string kNoPlace =
    R"({"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable",)"
    R"("message":"0/1 nodes are available"}]})";

}  // namespace

TEST_CASE("why says that all is well, with two reads beside the snapshot", "[e2e][why]") {
  WhyBench bench;
  const auto result = bench("why notebook");
  CHECK(result.exit_code == 0);
  CHECK(result.out == "everything of notebook is well: 1 of 1 pods ready\n");
  CHECK(bench.calls([](const ToolCall& call) { return !call.probe; }).size() == 5);
  CHECK(bench.count("kubectl logs") == 0);
  const auto json = json_document(bench("why notebook -o json").out);
  CHECK(json.text_at("well") == "true");
  CHECK(json.find("findings")->items.empty());
}

TEST_CASE("why tells of a crash with the log of the run before", "[e2e][why]") {
  WhyBench bench;
  bench.put_pod("notebook-0", kCrash);
  const auto result = bench("why notebook");
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, "notebook: 0 of 1 pods ready\n\nDM820 CrashLoop  "));
  CHECK(contains(result.out, "Pod notebook-0 → container main\n"));
  CHECK(contains(result.out, "  reason:  CrashLoopBackOff: back-off 40s\n"));
  CHECK(contains(result.out, "  exited:  with code 3\n"));
  CHECK(contains(result.out, "    old line 3 of main\n"));
  CHECK(contains(result.out, "kubectl logs notebook-0 -c main -n data-mill --previous"));
  CHECK(bench.count("kubectl logs") == 1);
  // The other component is well.
  CHECK(contains(bench("why object-store").out, "everything of object-store is well"));

  const auto json = json_document(bench("why notebook -o json").out);
  CHECK(json.text_at("well") == "false");
  CHECK(json.text_at("component") == "notebook");
  CHECK(json.find("pods")->text_at("ready") == "0");
  const auto& finding = json.find("findings")->items.at(0);
  CHECK(finding.text_at("code") == "DM820");
  CHECK(finding.text_at("hopeless") == "false");
  CHECK(finding.find("last_log")->items.size() == 10);
}

TEST_CASE("why looks at all pods only where one finds no place", "[e2e][why]") {
  WhyBench bench;
  bench.put_pod("notebook-0", kNoPlace);
  const auto result = bench("why notebook");
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, "DM847 Unschedulable"));
  CHECK(contains(result.out, "    NODE"));
  CHECK(bench.count("kubectl get pods --") == 1);
}

TEST_CASE("why says what waits where nothing says why", "[e2e][why]") {
  WhyBench bench;
  bench.put_pod("notebook-0", R"({"phase":"Pending","containerStatuses":[{"name":"main","ready":false,)"
                              R"("state":{"waiting":{"reason":"ContainerCreating"}}}]})");
  const auto result = bench("why notebook");
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, "notebook: 0 of 1 pods ready, and nothing says why\n"));
  CHECK(contains(result.out, "  pod notebook-0: Pending, ContainerCreating\n"));
}

TEST_CASE("why of what is not there, and of a cluster that does not answer", "[e2e][why]") {
  WhyBench bench;
  auto result = bench("why notebok");
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "did you mean \"notebook\"?"));
  result = bench("why mlflow");
  CHECK(result.exit_code == 7);
  CHECK(contains(result.err, "error[DM022]: mlflow is not installed on"));
  CHECK(bench("why").exit_code == 2);
  bench.rules({R"({"has":["--output=json"],"exit":1,"stderr":"The connection to the server was refused"})"});
  result = bench("why notebook");
  CHECK(result.exit_code == 4);
  CHECK(contains(result.err, "error[DM570]: cannot read the objects of the components"));
}

TEST_CASE("why counts what it may read where nodes are forbidden", "[e2e][why]") {
  WhyBench bench;
  bench.put_pod("notebook-0", kNoPlace);
  bench.rules({R"({"has":["kubectl get nodes"],"exit":1,"stderr":"nodes is forbidden"})"});
  const auto result = bench("why notebook");
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, "DM847 Unschedulable"));
  CHECK_FALSE(contains(result.out, "    NODE"));
}

}  // namespace datamill::tests
