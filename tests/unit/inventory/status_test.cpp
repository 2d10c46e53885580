#include "datamill/inventory/debug_pods.hpp"
#include "datamill/inventory/status_read.hpp"
#include "datamill/support/text.hpp"

#include "support/catch.hpp"

using namespace datamill;

namespace {

std::string pod(const std::string& rest) {
  return "Pod\ta\t" + rest + "\n";
}

}  // namespace

TEST_CASE("pods that are neither ready nor done are reported with their reason", "[inventory][status]") {
  const auto report = inventory::parse_status(
      pod("ok\tRunning\tTrue\t\t\x1f\t\t0 \t\t\t") +
          pod("done\tSucceeded\tFalse\t\t\x1f\tCompleted, exit code 0\x1f\t0 \t\t\t") +
          pod("bad\tPending\tFalse\tPodInitializing: \x1fImagePullBackOff: \"no \\\"x\\\"\"\x1f\t"
              "\x1f"
              "ContainersNotReady: \"x\"\x1f\t\t0 0 \t\t\t") +
          pod("stuck\tPending\t\t\t\x1fUnschedulable: \"0/3 nodes\"\x1f\t\t\t\t\t") +
          pod("evicted\tFailed\tFalse\t\tEvicted: \"low on\\nmemory\"\x1f\t\t3 4 \t\t\t") +
          pod("shell\tRunning\tTrue\t\t\x1f\t\t0 \tnet\t2026-11-21T10:00:00Z\tb n 1 2") +
          "Pod\tb\tother\tPending\t\t\t\t\t\t\t\t\n",
      {"a"});
  CHECK(report.pods.total == 5);
  CHECK(report.pods.ready == 2);
  REQUIRE(report.pods.problems.size() == 3);
  CHECK(report.pods.problems[0].reason == "ImagePullBackOff: no 'x'");
  CHECK(report.pods.problems[1].reason == "Unschedulable: 0/3 nodes");
  CHECK(report.pods.problems[2].reason == "Evicted: low on memory");
  CHECK(report.pods.problems[2].restarts == 7);
  REQUIRE(report.debug_pods.size() == 1);
  CHECK(report.debug_pods[0].owner == "b n 1 2");
}

TEST_CASE("endpoints say how to reach them", "[inventory][status]") {
  const auto report = inventory::parse_status(
      "Node\t\tn1\tv1.36.3\tUnknown\tNodeStatusUnknown: \"gone\"\tInternalIP=192.0.2.1 \t\n"
      "Node\t\tn2\tv1.36.3\tTrue\t\tInternalIP=192.0.2.2 Hostname=n2 ExternalIP=198.51.100.2 \t\n"
      "Service\ta\tinner\tClusterIP\t80/ \t\n"
      "Service\ta\tlb\tLoadBalancer\t80/30080 443/30443 \tlb.example.org \n"
      "Service\ta\tnp\tNodePort\t80/30081 \t\n",
      {"a"});
  REQUIRE(report.nodes.size() == 2);
  CHECK_FALSE(report.nodes[0].ready);
  CHECK(report.nodes[0].problem == "NodeStatusUnknown: gone");
  CHECK(report.nodes[1].address == "198.51.100.2");
  REQUIRE(report.endpoints.size() == 2);
  CHECK(report.endpoints[0].reach == std::vector<std::string>{"lb.example.org:80", "lb.example.org:443"});
  CHECK(report.endpoints[1].reach == std::vector<std::string>{"198.51.100.2:30081"});
}

TEST_CASE("Kubernetes quantities are read and written", "[inventory][status]") {
  CHECK(inventory::parse_quantity("20Gi") == 20LL * 1024 * 1024 * 1024);
  CHECK(inventory::parse_quantity("1500M") == 1'500'000'000);
  CHECK(inventory::parse_quantity("1024") == 1024);
  CHECK(inventory::parse_quantity("1e3") == 1000);
  CHECK(inventory::parse_quantity("1.5Gi") == 1536LL * 1024 * 1024);
  for (const auto* text : {"", "Gi", "-1Gi", "1Xi", "12 Gi", "inf"})
    CHECK(inventory::parse_quantity(text) == 0);
  CHECK(inventory::format_bytes(1536LL * 1024 * 1024) == "1.5Gi");
  CHECK(inventory::format_bytes(30LL * 1024 * 1024 * 1024) == "30Gi");
  CHECK(inventory::format_bytes(100) == "100");
}

TEST_CASE("the API server's version is read", "[inventory][status]") {
  CHECK(inventory::parse_version(R"({"major":"1","gitVersion":"v1.36.3"})") == "v1.36.3");
  CHECK(inventory::parse_version("no JSON").empty());
}

TEST_CASE("a container's state is read with its reason", "[inventory][debug]") {
  const auto waiting = inventory::parse_container("Pending\t\t\t\twaiting\tErrImagePull\t\"a\\nb\\\"c\\\"\"");
  CHECK(inventory::is_image_problem(waiting));
  CHECK_FALSE(inventory::cannot_start(waiting));
  CHECK(waiting.message == "a b'c'");
  CHECK_FALSE(inventory::is_image_problem(inventory::parse_container("Pending\t\t\t\twaiting\tContainerCreating\t")));
  CHECK(inventory::cannot_start(inventory::parse_container("Pending\t\t\t\twaiting\tCreateContainerError\t\"x\"")));
  const auto evicted = inventory::parse_container("Failed\tEvicted\t\"low\"\t\t\t\t");
  CHECK(inventory::cannot_start(evicted));
  CHECK(evicted.pod_reason == "Evicted: low");
  CHECK(inventory::parse_container("Running\t\t\t\trunning").state == "running");
  CHECK(inventory::parse_container("").phase.empty());
  CHECK(inventory::parse_container("Pending\t\t\t\"0/3 nodes\"\t\t\t").unschedulable == "0/3 nodes");
}
