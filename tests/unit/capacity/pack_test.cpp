#include "datamill/capacity/pack.hpp"
#include "support/catch.hpp"
#include "unit/capacity/samples.hpp"

#include <map>
#include <random>

namespace datamill::capacity {

namespace {

using Lack = std::pair<std::string, std::string>;

bool fits(const Cluster& cluster, const std::vector<Workload>& workloads) {
  return pack(cluster, workloads).misfits.empty();
}

/// The first lack of the first node that the first misfit names.
Lack first_lack(const Cluster& cluster, const std::vector<Workload>& workloads) {
  const auto packing = pack(cluster, workloads);
  REQUIRE_FALSE(packing.misfits.empty());
  REQUIRE_FALSE(packing.misfits.front().nodes.empty());
  const auto& lacks = packing.misfits.front().nodes.front().lacks;
  REQUIRE_FALSE(lacks.empty());
  return lacks.front();
}

/// Whether every node holds what was put there; a placement is not believed but added up.
bool overfilled(const Cluster& cluster, const std::vector<Workload>& workloads, const Packing& packing) {
  std::map<std::size_t, Amounts> taken;
  for (const auto& placed : packing.placed) {
    for (const auto& [name, amount] : workloads[placed.workload].pod.requests)
      taken[placed.node][name] += amount;
  }
  for (const auto& [node, amounts] : taken) {
    for (const auto& [name, amount] : amounts) {
      const auto total = cluster.nodes[node].allocatable.find(name);
      if (amount > (total == cluster.nodes[node].allocatable.end() ? 0 : total->second)) return true;
    }
  }
  return false;
}

std::size_t replicas(const std::vector<Workload>& workloads) {
  std::size_t sum = 0;
  for (const auto& workload : workloads)
    sum += static_cast<std::size_t>(workload.replicas);
  return sum;
}

}  // namespace

TEST_CASE("the sum of what is free is not enough: one node must have it", "[capacity][pack]") {
  const Cluster cluster{.nodes = {node("a", 2, 8), node("b", 2, 8)}};
  CHECK(fits(cluster, {workload("small", 2000, 1, 2)}));
  const auto packing = pack(cluster, {workload("lake", 3000, 1)});
  REQUIRE(packing.misfits.size() == 1);
  const auto& misfit = packing.misfits.front();
  CHECK(misfit.pod == "lake-0");
  REQUIRE(misfit.nodes.size() == 2);
  CHECK(misfit.nodes[1].node == "b");
  CHECK(misfit.nodes[1].lacks == std::vector<Lack>{{"cpu", "needs 3, 2 of 2 free"}});
  CHECK(packing.missing.at("cpu") == 3000);
}

TEST_CASE("what runs already takes room, and makes it for its successor", "[capacity][pack]") {
  Cluster cluster{.nodes = {node("a", 4, 8)}, .pods = {running("old", "a", 3600)}};
  CHECK(first_lack(cluster, {workload("lake", 2000, 1)}) == Lack{"cpu", "needs 2, 0.4 of 4 free"});
  // The same workload is upgraded in place.
  cluster.pods.front().owner = {.kind = "StatefulSet", .ns = "data-mill", .name = "lake"};
  CHECK(fits(cluster, {workload("lake", 2000, 1)}));
  // One of the same name elsewhere is another one.
  cluster.pods.front().owner.ns = "elsewhere";
  CHECK_FALSE(fits(cluster, {workload("lake", 2000, 1)}));
}

TEST_CASE("taints, cordons, selectors and affinity keep pods away", "[capacity][pack]") {
  Cluster cluster{.nodes = {node("a", 4, 8)}};
  auto& only = cluster.nodes.front();
  auto lake = workload("lake", 100, 1);

  SECTION("taint") {
    only.taints = {{.key = "gpu", .value = "true", .effect = "NoSchedule"}};
    CHECK(first_lack(cluster, {lake}) == Lack{"taint", "gpu=true:NoSchedule"});
    lake.pod.tolerations = {{.key = "gpu", .op = "Equal", .value = "true", .effect = "NoSchedule"}};
    CHECK(fits(cluster, {lake}));
    lake.pod.tolerations = {{.key = "gpu", .op = "Equal", .value = "false"}};
    CHECK_FALSE(fits(cluster, {lake}));
    lake.pod.tolerations = {{.op = "Exists"}};
    CHECK(fits(cluster, {lake}));
  }
  SECTION("a preference is none") {
    only.taints = {{.key = "old", .effect = "PreferNoSchedule"}};
    CHECK(fits(cluster, {lake}));
  }
  SECTION("cordon") {
    only.cordoned = true;
    CHECK(first_lack(cluster, {lake}).first == "cordoned");
    lake.per_node = true;
    CHECK(fits(cluster, {lake}));
  }
  SECTION("selector") {
    lake.pod.node_selector = {{"disk", "ssd"}};
    CHECK(first_lack(cluster, {lake}) == Lack{"selector", "asks for disk=ssd"});
    only.labels = {{"disk", "ssd"}};
    CHECK(fits(cluster, {lake}));
  }
  SECTION("affinity: any of the terms") {
    lake.pod.node_affinity = {{{.key = "zone", .op = "In", .values = {"x"}}},
                              {{.key = "cores", .op = "Gt", .values = {"3"}}}};
    CHECK(first_lack(cluster, {lake}).first == "affinity");
    only.labels = {{"cores", "4"}};
    CHECK(fits(cluster, {lake}));
    only.labels = {{"cores", "3"}};
    CHECK_FALSE(fits(cluster, {lake}));
  }
}

TEST_CASE("GPUs, the number of pods and host ports run out", "[capacity][pack]") {
  Cluster cluster{.nodes = {node("a", 8, 8), node("b", 8, 8)}};
  cluster.nodes[1].allocatable["nvidia.com/gpu"] = 1000;
  auto train = workload("train", 100, 1);
  train.pod.requests["nvidia.com/gpu"] = 1000;
  CHECK(fits(cluster, {train}));
  train.replicas = 2;
  CHECK(first_lack(cluster, {train}) == Lack{"nvidia.com/gpu", "needs 1, 0 of 0 free"});

  cluster.nodes = {node("a", 8, 8)};
  cluster.nodes.front().allocatable["pods"] = 3000;
  CHECK(fits(cluster, {workload("many", 1, 0, 3)}));
  CHECK(first_lack(cluster, {workload("many", 1, 0, 4)}) == Lack{"pods", "needs 1, 0 of 3 free"});

  cluster.nodes = {node("a", 8, 8), node("b", 8, 8)};
  auto proxy = workload("proxy", 1, 0, 2);
  proxy.pod.host_ports = {{.port = 80}};
  CHECK(fits(cluster, {proxy}));
  proxy.replicas = 3;
  CHECK(first_lack(cluster, {proxy}).first == "port");
}

TEST_CASE("anti-affinity holds both ways and by the label that it names", "[capacity][pack]") {
  Cluster cluster{.nodes = {node("a", 8, 8), node("b", 8, 8)}};
  auto db = workload("db", 100, 1, 2);
  db.pod.anti_affinity = {{.selector = {{.key = "app", .op = "In", .values = {"db"}}},
                           .topology = "kubernetes.io/hostname",
                           .namespaces = {"data-mill"}}};
  CHECK(fits(cluster, {db}));
  db.replicas = 3;
  CHECK(first_lack(cluster, {db}).first == "anti-affinity");
  // Both nodes are in one zone.
  db.replicas = 2;
  db.pod.anti_affinity.front().topology = "zone";
  for (auto& each : cluster.nodes)
    each.labels = {{"zone", "x"}};
  CHECK_FALSE(fits(cluster, {db}));
  // Who is there wants nobody beside it, whatever the newcomer says.
  cluster.pods = {running("hermit", "a", 1)};
  cluster.pods.front().shape.anti_affinity = {{.selector = {{.key = "app", .op = "Exists"}},
                                               .topology = "kubernetes.io/hostname",
                                               .namespaces = {"data-mill"}}};
  auto guest = workload("guest", 7000, 1, 2);
  CHECK_FALSE(fits(cluster, {guest}));
  guest.replicas = 1;
  CHECK(fits(cluster, {guest}));
}

TEST_CASE("a topology spread constraint is kept", "[capacity][pack]") {
  Cluster cluster{.nodes = {node("a", 8, 8), node("b", 1, 8)}};
  auto web = workload("web", 1000, 1, 2);
  web.pod.spreads = {{.selector = {{.key = "app", .op = "In", .values = {"web"}}},
                      .topology = "kubernetes.io/hostname",
                      .max_skew = 1}};
  CHECK(fits(cluster, {web}));
  web.replicas = 4;  // 3 on a, 1 on b would be a skew of 2
  CHECK_FALSE(fits(cluster, {web}));
  web.pod.spreads.front().max_skew = 2;
  CHECK(fits(cluster, {web}));
}

TEST_CASE("a DaemonSet takes room on every node it may use, before all others", "[capacity][pack]") {
  Cluster cluster{.nodes = {node("a", 2, 8), node("b", 2, 8), node("c", 1, 8)}};
  cluster.nodes[2].taints = {{.key = "control", .effect = "NoSchedule"}};
  auto agent = workload("agent", 500, 1);
  agent.object.kind = "DaemonSet";
  agent.per_node = true;
  CHECK(pack(cluster, {agent}).placed.size() == 2);
  CHECK(fits(cluster, {agent, workload("lake", 1500, 1, 2)}));
  CHECK_FALSE(fits(cluster, {agent, workload("lake", 1600, 1, 2)}));
  agent.pod.requests["cpu"] = 3000;
  const auto packing = pack(cluster, {agent});
  REQUIRE(packing.misfits.size() == 2);
  REQUIRE(packing.misfits.front().nodes.size() == 1);
  CHECK(packing.misfits.front().nodes.front().node == "a");
}

TEST_CASE("a node that has not said what it has is not judged, and no node at all is too few", "[capacity][pack]") {
  const auto lake = workload("lake", 64'000, 100);
  CHECK(fits({.nodes = {{.name = "new"}}}, {lake}));
  const auto packing = pack({}, {lake});
  REQUIRE(packing.misfits.size() == 1);
  CHECK(packing.misfits.front().nodes.empty());
}

TEST_CASE("placing never overfills a node and loses no pod", "[capacity][pack][property]") {
  std::mt19937 random(20261121);
  const auto pick = [&](int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); };
  for (int round = 0; round < 300; ++round) {
    Cluster cluster;
    for (int i = pick(0, 6); i > 0; --i)
      cluster.nodes.push_back(node("n" + std::to_string(i), pick(1, 8), pick(1, 16)));
    std::vector<Workload> workloads;
    for (int i = pick(1, 8); i > 0; --i)
      workloads.push_back(workload("w" + std::to_string(i), pick(50, 4000), pick(0, 6), pick(0, 4)));
    const auto packing = pack(cluster, workloads);
    INFO("round " << round);
    REQUIRE_FALSE(overfilled(cluster, workloads, packing));
    REQUIRE(packing.placed.size() + packing.misfits.size() == replicas(workloads));
    // What does not fit really asks for more than some node has left: nobody is refused without a reason.
    for (const auto& shortfall :
         packing.misfits.empty() ? std::vector<domain::NodeShortfall>{} : packing.misfits.front().nodes)
      REQUIRE_FALSE(shortfall.lacks.empty());
  }
}

TEST_CASE("more room never makes it worse, and less work neither", "[capacity][pack][property]") {
  std::mt19937 random(7);
  const auto pick = [&](int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); };
  int fitting = 0;
  for (int round = 0; round < 300; ++round) {
    Cluster cluster;
    for (int i = pick(1, 4); i > 0; --i)
      cluster.nodes.push_back(node("n" + std::to_string(i), 4, 16));
    std::vector<Workload> workloads;
    for (int i = pick(1, 6); i > 0; --i)
      workloads.push_back(workload("w" + std::to_string(i), pick(100, 4000), pick(1, 8), pick(1, 2)));
    if (!fits(cluster, workloads)) continue;
    ++fitting;
    INFO("round " << round);
    auto more = cluster;
    more.nodes.push_back(node("z", 4, 16));
    REQUIRE(fits(more, workloads));
    workloads.pop_back();
    REQUIRE(fits(cluster, workloads));
  }
  CHECK(fitting > 50);
}

TEST_CASE("amounts are printed as people write them", "[capacity][pack]") {
  CHECK(format_amount("cpu", 400) == "0.4");
  CHECK(format_amount("cpu", 2000) == "2");
  CHECK(format_amount("cpu", 2125) == "2.125");
  CHECK(format_amount("memory", 3 * kGi / 2) == "1.5Gi");
  CHECK(format_amount("nvidia.com/gpu", 1000) == "1");
}

}  // namespace datamill::capacity
