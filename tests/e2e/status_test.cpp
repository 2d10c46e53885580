// What status says of a cluster.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

namespace datamill::tests {

using support::contains;

TEST_CASE("status tells nodes, version, volumes and state folder", "[e2e][status]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.forget_calls();
  const auto text = bench("status").out;
  // kwok's nodes do not say which Kubernetes it is.
  CHECK(contains(text, "Kubernetes v1.36.3, pods are simulated"));
  CHECK(contains(text, "node-000000"));
  CHECK(contains(text, "Pods: 2 of 2 ready"));
  CHECK(contains(text, "Volumes: 2 claims, 20Gi requested"));
  CHECK(contains(text, " in " + bench.cluster_folder()));
  // Three reads of the snapshot, one of all the rest, one of the version.
  CHECK(bench.calls([](const ToolCall& call) { return !call.probe; }).size() == 5);

  const auto json = json_document(bench("status -o json").out);
  const auto* cluster = json.find("cluster");
  CHECK(cluster->text_at("kubernetes_version") == "v1.36.3");
  CHECK(cluster->find("node_list")->items.size() == 3);
  CHECK(cluster->find("state_folder")->text_at("path") == bench.cluster_folder());
  CHECK(json.find("volumes")->find("claims")->items.size() == 2);
  CHECK(json.find("endpoints")->items.empty());
  CHECK(json.find("debug_leftovers")->items.empty());
}

TEST_CASE("status tells what is not well", "[e2e][status]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.rules({R"({"has":["initContainerStatuses"],"stdout":")"
               R"(Node\t\tn1\tv1.36.3\tFalse\tKubeletNotReady: \"no network\"\tInternalIP=192.0.2.1 \tcordoned\n)"
               R"(Pod\tdata-mill\tweb-0\tRunning\tFalse\tCrashLoopBackOff: \"back-off 5m\"\u001f\t\u001f\t)"
               R"(OOMKilled, exit code 137\u001f\t7 \t\t\t\n)"
               R"(Pod\tdata-mill\tbig-0\tPending\t\t\t\u001fUnschedulable: \"0/3 nodes\"\u001f\t\t\t\t\t\n)"
               R"(Service\tdata-mill\tweb\tLoadBalancer\t80/30080 \t192.0.2.7 \n)"
               R"(Service\tdata-mill\tlate\tLoadBalancer\t80/30081 \t\n)"
               R"(PersistentVolumeClaim\tdata-mill\tdata\tPending\tfast\t1536Mi"})"});
  const auto text = bench("status").out;
  CHECK(contains(text, "not ready, cordoned: KubeletNotReady: no network"));
  CHECK(contains(text, "data-mill/web-0  Running  CrashLoopBackOff: back-off 5m"));
  CHECK(contains(text, "ended last with OOMKilled, exit code 137; 7 restarts"));
  CHECK(contains(text, "data-mill/big-0  Pending  Unschedulable: 0/3 nodes"));
  CHECK(contains(text, "192.0.2.7:80"));
  CHECK(contains(text, "no address yet"));
  CHECK(contains(text, "Volumes: 1 claims, 1.5Gi requested; data-mill/data is Pending"));
}

TEST_CASE("status of a stopped cluster has its folder", "[e2e][status]") {
  Workbench bench;
  REQUIRE(bench("start").exit_code == 0);
  REQUIRE(bench("stop").exit_code == 0);
  const auto text = bench("status").out;
  CHECK(contains(text, "stopped"));
  CHECK(contains(text, "State: "));
}

}  // namespace datamill::tests
