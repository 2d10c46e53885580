#include "datamill/capacity/judge.hpp"
#include "support/catch.hpp"
#include "unit/capacity/samples.hpp"

namespace datamill::capacity {

namespace {

using support::Diagnostics;
using support::Severity;

const std::vector<GoneImages> kGone{
    {.prefix = "gcr.io/gone/", .since = "2025-03-18", .what = "it is closed", .instead = "use another"},
    {.prefix = "docker.io/bitnami/", .since = "2025-09-29", .what = "moved", .instead = "other", .some_left = true}};

Diagnostics judged(const Cluster& cluster, const Wanted& wanted, const Surroundings& around = {}) {
  return judge(cluster, wanted, kGone, around);
}

/// "code severity" of all.
std::vector<std::string> codes(const Diagnostics& diagnostics) {
  std::vector<std::string> codes;
  for (const auto& item : diagnostics.items())
    codes.push_back(item.code + (item.severity == Severity::error ? " error" : " warning"));
  return codes;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("a pod without room is named with what each kind of node lacks", "[capacity][judge]") {
  Cluster cluster{.nodes = {node("a", 4, 8), node("b", 2, 8), node("c", 2, 8)}, .pods = {running("x", "a", 3600)}};
  cluster.nodes[0].taints = {{.key = "gpu", .effect = "NoSchedule"}};
  Wanted wanted{.workloads = {workload("lake", 3000, 1, 2)}};
  const auto found = judged(cluster, wanted);
  REQUIRE(found.items().size() == 1);
  CHECK(
      support::render(found.items().front()) ==
      "error[DM860]: pod lake-0 (component lake) fits on no node\n"
      "  note: node a: taint: gpu:NoSchedule; cpu: needs 3, 0.4 of 4 free\n"
      "  note: nodes b, c: cpu: needs 3, 2 of 2 free\n"
      "  note: 2 pods find no room; together they ask for cpu 6, memory 2Gi\n"
      "  hint: add a node, make one larger, or ask for less (`datamill config show` lists the settings); `--preflight "
      "warn` goes on all the same\n");
  CHECK(codes(judged(cluster, wanted, {.severity = Severity::warning})) == Codes{"DM860 warning"});
  wanted.workloads.front().assumed = true;
  CHECK(support::render(judged(cluster, wanted).items().front()).find("an operator makes its pods") !=
        std::string::npos);
}

TEST_CASE("many nodes are said in few lines", "[capacity][judge]") {
  Cluster cluster;
  for (int i = 0; i < 40; ++i)
    cluster.nodes.push_back(node("n" + std::to_string(i), 1 + i % 20, 8));
  const auto found = judged(cluster, {.workloads = {workload("lake", 30'000, 1)}});
  CHECK(found.items().front().notes.size() == 10);
  CHECK(found.items().front().notes[8] == "and 12 more kinds of nodes");
}

TEST_CASE("volumes need a class that is there", "[capacity][judge]") {
  Cluster cluster;
  WantedClaim claim{.component = "lake", .ns = "n", .name = "c", .bytes = 100};
  CHECK(codes(judged(cluster, {.claims = {claim}})) == Codes{"DM862 error"});
  cluster.classes = {{.name = "std"}};
  CHECK(codes(judged(cluster, {.claims = {claim}})) == Codes{"DM862 error"});
  cluster.classes.front().is_default = true;
  CHECK(judged(cluster, {.claims = {claim}}).items().empty());
  claim.storage_class = "fast";
  const auto found = judged(cluster, {.claims = {claim, claim}});
  CHECK(codes(found) == Codes{"DM862 error"});  // once per component
  CHECK(found.items().front().message ==
        "volume n/c (component lake) asks for StorageClass \"fast\", which is not there");
  CHECK(judged(cluster, {.claims = {claim}, .new_classes = {"fast"}}).items().empty());
  claim.storage_class = "";
  CHECK(judged(cluster, {.claims = {claim}}).items().empty());
  claim.storage_class = "fast";
  cluster.claims = {"n/c"};
  CHECK(judged(cluster, {.claims = {claim}}).items().empty());  // it is there already
}

TEST_CASE("volumes on this machine's disk are weighed, never refused", "[capacity][judge]") {
  const Cluster cluster{.classes = {{.name = "std", .is_default = true}}};
  const Wanted wanted{.claims = {{.component = "a", .ns = "n", .name = "c", .bytes = 600},
                                 {.component = "a", .ns = "n", .name = "d", .bytes = 600}}};
  CHECK(judged(cluster, wanted, {.free_disk = 1200}).items().empty());
  CHECK(codes(judged(cluster, wanted, {.free_disk = 1199})) == Codes{"DM863 warning"});
  CHECK(judged(cluster, wanted).items().empty());
}

TEST_CASE("a NodePort belongs to one Service", "[capacity][judge]") {
  Cluster cluster{.node_ports = {{{.port = 30080}, "n/old"}}};
  Wanted wanted{.node_ports = {{.component = "lake", .service = "n/new", .port = {.port = 30080}}}};
  CHECK(codes(judged(cluster, wanted)) == Codes{"DM864 error"});
  wanted.node_ports.front().port.protocol = "UDP";
  CHECK(judged(cluster, wanted).items().empty());
  wanted.node_ports.front() = {.component = "lake", .service = "n/old", .port = {.port = 30080}};
  CHECK(judged(cluster, wanted).items().empty());  // its own
  cluster.node_ports.clear();
  wanted.node_ports.push_back({.component = "b", .service = "n/b", .port = {.port = 30080}});
  CHECK(codes(judged(cluster, wanted)) == Codes{"DM864 error"});  // two of the same plan
}

TEST_CASE("images from closed registries are named", "[capacity][judge]") {
  const auto image = [](const std::string& reference) {
    return Wanted{.images = {{.component = "lake", .reference = reference}}};
  };
  CHECK(codes(judged({}, image("gcr.io/gone/proxy:v1"))) == Codes{"DM866 error"});
  CHECK(codes(judged({}, image("gcr.io/gone/proxy:v1"), {.images_are_pulled = false})) == Codes{"DM866 warning"});
  CHECK(codes(judged({}, image("bitnami/postgresql:16"))) == Codes{"DM866 warning"});
  CHECK(codes(judged({}, image("registry-1.docker.io/bitnami/postgresql:16"))) == Codes{"DM866 warning"});
  CHECK(judged({}, image("quay.io/bitnami/postgresql:16")).items().empty());
  CHECK(judged({}, image("busybox")).items().empty());
}

TEST_CASE("short references are completed as Docker does", "[capacity][judge]") {
  CHECK(full_reference("nginx") == "docker.io/library/nginx");
  CHECK(full_reference("nginx:1.27") == "docker.io/library/nginx:1.27");
  CHECK(full_reference("acme/app@sha256:00") == "docker.io/acme/app@sha256:00");
  CHECK(full_reference("docker.io/nginx") == "docker.io/library/nginx");
  CHECK(full_reference("localhost/app") == "localhost/app");
  CHECK(full_reference("registry:5000/app") == "registry:5000/app");
  CHECK(full_reference("ghcr.io/a/b:1") == "ghcr.io/a/b:1");
}

}  // namespace datamill::capacity
