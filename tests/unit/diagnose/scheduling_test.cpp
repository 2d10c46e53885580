// Why a pod fits on no node.
#include "sample.hpp"

#include "support/catch.hpp"

#include "datamill/support/quantity.hpp"
#include "datamill/support/text.hpp"
#include "diagnose/resources.hpp"

namespace datamill::diagnose {

using domain::Finding;
using support::contains;

namespace {

Finding only(const std::string& sample) {
  const auto findings = Sample(sample).findings();
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().code == "DM847");
  CHECK(findings.front().reason == "Unschedulable");
  return findings.front();
}

using Lacks = std::vector<std::pair<std::string, std::string>>;

/// What the only node lacks.
Lacks lacks_of(const std::string& sample) {
  const auto finding = only(sample);
  REQUIRE(finding.nodes.size() == 1);
  return finding.nodes.front().lacks;
}

}  // namespace

TEST_CASE("the table counts what others take of each node", "[diagnose]") {
  const auto finding = only("cpu_taken");
  REQUIRE(finding.nodes.size() == 2);
  CHECK(finding.nodes[0].node == "worker-1");
  CHECK(finding.nodes[0].lacks == Lacks{{"cpu", "needs 2.5, 1.7 of 4 free"}});
  CHECK(finding.nodes[1].lacks == Lacks{{"cpu", "needs 2.5, 1.5 of 2 free"}});
  CHECK(finding.cause == "no node has 2.5 of cpu left");
  CHECK(contains(finding.event, "Warning FailedScheduling: 0/3 nodes are available"));
}

TEST_CASE("what no node will ever have is told apart", "[diagnose]") {
  auto finding = only("cpu_never");
  CHECK(finding.cause == "the pod asks for 1000 of cpu, and the largest node has 4");
  CHECK(finding.next == "lower resources.requests.cpu in Deployment web, or add a larger node");
  CHECK(finding.nodes.size() == 3);
  CHECK_FALSE(finding.hopeless);
  finding = only("gpu");
  CHECK(finding.cause == "the pod needs 1 of nvidia.com/gpu, and no node has any");
  CHECK(finding.nodes[0].lacks == Lacks{{"nvidia.com/gpu", "needs 1, the node has none"}});
}

TEST_CASE("each reason has its words in the table", "[diagnose]") {
  CHECK(lacks_of("memory_taken") == Lacks{{"memory", "needs 6Gi, 3.7Gi of 7.7Gi free"}});
  CHECK(lacks_of("taint") == Lacks{{"taint", "gpu=true:NoSchedule"}});
  CHECK(lacks_of("selector") == Lacks{{"selector", "disktype=ssd"}});
  CHECK(lacks_of("cordoned") == Lacks{{"cordoned", "no new pods (kubectl cordon)"}});
  CHECK(lacks_of("max_pods") == Lacks{{"pods", "2 of 2 taken"}});
  CHECK(lacks_of("host_port") == Lacks{{"host port", "80/TCP is taken by pod other/ingress"}});
  CHECK(lacks_of("spread").front().first == "other");
}

TEST_CASE("what to do names the node, the label, the taint", "[diagnose]") {
  CHECK(contains(only("taint").next, "kubectl taint node gpu-1 gpu=true:NoSchedule-"));
  CHECK(contains(only("selector").next, "kubectl label node worker-1 disktype=ssd"));
  CHECK(only("cordoned").next == "kubectl uncordon worker-1");
  CHECK(contains(only("max_pods").next, "maxPods"));
  CHECK(contains(only("spread").next, "kubectl describe pod"));
}

TEST_CASE("affinity and volumes bind a pod to places", "[diagnose]") {
  auto finding = only("affinity");
  CHECK(finding.nodes[0].lacks == Lacks{{"affinity", "topology.kubernetes.io/zone in (eu-1a, eu-1b)"}});
  CHECK(finding.nodes[1].lacks == finding.nodes[0].lacks);
  finding = only("pod_volume_zone");
  CHECK(finding.nodes[0].lacks ==
        Lacks{{"volume zone", "claim data-web-0 is where topology.kubernetes.io/zone = eu-1a"}});
  CHECK(finding.nodes[1].lacks == Lacks{{"cordoned", "no new pods (kubectl cordon)"}});
}

TEST_CASE("a pod reserves what its greediest phase needs", "[diagnose]") {
  const auto pod = support::read_json(R"({"spec":{"overhead":{"cpu":"50m"},
    "initContainers":[{"name":"big","resources":{"requests":{"cpu":"2"}}},
      {"name":"side","restartPolicy":"Always","resources":{"requests":{"cpu":"500m","memory":"1Gi"}}},
      {"name":"late","resources":{"requests":{"cpu":"1"}}}],
    "containers":[{"name":"a","resources":{"requests":{"cpu":"250m"},"limits":{"cpu":"1","memory":"512Mi"}}}]}})",
                                      "a pod");
  const auto wanted = requests_of(pod);
  CHECK(wanted.at("cpu") == 2.05);
  CHECK(wanted.at("memory") == 1.5 * 1024 * 1024 * 1024);
}

TEST_CASE("amounts for people", "[diagnose]") {
  CHECK(amount_text("cpu", 0.25) == "250m");
  CHECK(amount_text("cpu", 1000) == "1000");
  CHECK(amount_text("cpu", 0) == "0");
  CHECK(amount_text("memory", 1536.0 * 1024 * 1024) == "1.5Gi");
  CHECK(amount_text("nvidia.com/gpu", 4) == "4");
  CHECK(support::parse_quantity("1500m") == 1.5);
  CHECK(support::parse_quantity("2Ki") == 2048.0);
  CHECK_FALSE(support::parse_quantity("2Kb"));
  CHECK_FALSE(support::parse_quantity("-1"));
}

}  // namespace datamill::diagnose
