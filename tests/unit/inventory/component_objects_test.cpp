#include "datamill/inventory/component_objects.hpp"
#include "datamill/inventory/events.hpp"

#include "support/catch.hpp"

using namespace datamill;
using inventory::Belongings;
using inventory::ContainerState;

namespace {

const Belongings kLake{
    .component = "lake",
    .ns = "data-mill",
    .releases = {{.ns = "data-mill", .name = "lake"}},
    .objects = {{.api_version = "postgresql.cnpg.io/v1", .kind = "Cluster", .ns = "data-mill", .name = "pg"},
                {.api_version = "v1", .kind = "ConfigMap", .ns = "data-mill", .name = "other"}}};

// What kubectl prints for our template: see the comment there.
const std::string kObjects =
    "Deployment\tdata-mill\tlake\tlake\t\t\t\t1\tMinimumReplicasUnavailable: \"not \\\"yet\\\"\"|\n"
    "ReplicaSet\tdata-mill\tlake-5f\t\t\t\tDeployment/lake,\t1\t\n"
    "Pod\tdata-mill\tlake-5f-b\t\t\t\tReplicaSet/lake-5f,\tPending\tFalse\t\tUnschedulable: \"0/3 nodes\\nare free\"\n"
    "Pod\tdata-mill\tlake-5f-a\t\t\t\tReplicaSet/lake-5f,\tRunning\tTrue\t\t"
    "\tinit\tsetup\t0\tterminated\tCompleted\t\tmain\tserver\t3\twaiting\tCrashLoopBackOff\t\"back-off\"\n"
    "Pod\tdata-mill\tpg-1\t\t\t\tCluster/pg,\tRunning\tTrue\t2026-11-21T11:00:00Z\t\tmain\tpostgres\t0\trunning\t\t\n"
    "Pod\tdata-mill\tuser\t\t\tlake\t\tRunning\tTrue\t\t\n"
    "Pod\tdata-mill\tstranger\t\tother\t\t\tRunning\tTrue\t\t\n"
    "Deployment\tdata-mill\tlake-fs\tlake-fs\t\t\t\t1\t\n"
    "Pod\telsewhere\tlake-0\tlake\t\t\t\tRunning\tTrue\t\t\n";

}  // namespace

TEST_CASE("objects belong by release, owner, custom resource and label", "[inventory][pods]") {
  const auto found = inventory::parse_objects(kObjects, kLake);
  REQUIRE(found.pods.size() == 4);
  CHECK(found.pods[0].name == "lake-5f-a");
  CHECK(found.pods[1].name == "lake-5f-b");
  CHECK(found.pods[2].name == "pg-1");
  CHECK(found.pods[3].name == "user");
  REQUIRE(found.workloads.size() == 2);
  CHECK(found.workloads[0].problem == "MinimumReplicasUnavailable: not \"yet\"");
  CHECK(found.workloads[0].wanted == 1);
  CHECK(found.foreign.size() == 2);
}

TEST_CASE("pods say which containers ran and why they are not ready", "[inventory][pods]") {
  const auto found = inventory::parse_objects(kObjects, kLake);
  const auto& crashing = found.pods[0];
  REQUIRE(crashing.containers.size() == 2);
  CHECK(crashing.owner_kind == "ReplicaSet");
  CHECK(crashing.containers[0].init);
  CHECK(crashing.containers[0].phase == ContainerState::Phase::ended);
  CHECK(crashing.containers[1].restarts == 3);
  CHECK(crashing.containers[1].ever_ran());
  CHECK(inventory::why_not_ready(crashing) == "server: CrashLoopBackOff: back-off");
  CHECK(inventory::why_not_ready(found.pods[1]) == "Unschedulable: 0/3 nodes are free");
  CHECK(inventory::why_not_ready(found.pods[2]) == "it is being deleted");
}

TEST_CASE("a component is installed by its record or by helm's label", "[inventory][pods]") {
  domain::ClusterSnapshot snapshot{
      .releases = {{.ns = "a", .name = "lake", .component = "lake"}, {.ns = "b", .name = "lake", .component = "lake"}},
      .inventory = {{.component = "lake", .ns = "a", .releases = {{.ns = "a", .name = "lake"}}},
                    {.component = "old", .ns = "a", .kept = true}}};
  const auto found = inventory::find_belongings(snapshot, "lake");
  REQUIRE(found.size() == 2);
  CHECK(found[0].releases.size() == 1);
  // A first installation that failed has a release and no record yet.
  CHECK(found[1].ns == "b");
  CHECK(inventory::find_belongings(snapshot, "old").empty());
  CHECK(inventory::find_belongings(snapshot, "none").empty());
}

TEST_CASE("events: newest time, oldest first, whose they are", "[inventory][events]") {
  const std::string output =
      "\t2026-11-21T11:00:05Z\t\t2026-11-21T11:00:00Z\tNormal\tPulled\tdata-mill\tPod\tlake-5f-a\t3\t\"a\\nb\"\n"
      "\t\t2026-11-21T11:00:01.5Z\t2026-11-21T11:00:01Z\tWarning\tFailed\tdata-mill\tPod\tlake-fs-77-x\t<no "
      "value>\t\"c\"\n"
      "2026-11-21T11:00:09Z\t\t\t2026-11-21T11:00:00Z\tNormal\tKilled\tdata-mill\tPod\tlake-4e-old\t1\t\"d\"\n"
      "\t2026-11-21T11:00:02Z\t\t\tNormal\tX\telsewhere\tPod\tlake-0\t1\t\"e\"\n";
  const auto events = inventory::parse_events(output, {"data-mill"});
  REQUIRE(events.size() == 3);
  CHECK(events[0].reason == "Failed");
  CHECK(events[0].time == "2026-11-21T11:00:01.5Z");
  CHECK(events[0].count == 1);
  CHECK(events[1].message == "a b");
  CHECK(events[1].count == 3);
  CHECK(events[2].time == "2026-11-21T11:00:09Z");
  const auto objects = inventory::parse_objects(kObjects, kLake);
  // A gone pod of "lake-fs" is not one of "lake", although its name begins so.
  CHECK_FALSE(inventory::concerns(events[0], objects));
  CHECK(inventory::concerns(events[1], objects));
  CHECK(inventory::concerns(events[2], objects));
}

TEST_CASE("times and ages", "[inventory][events]") {
  using namespace std::chrono_literals;
  const auto time = inventory::parse_time("1970-01-02T00:00:05.25Z");
  REQUIRE(time);
  CHECK(time->time_since_epoch() == 86405s);
  for (const auto* text : {"", "1970-13-02T00:00:05Z", "1970-01-02 00:00:05Z", "1970-01-02T00:00:05", "nonsense"}) {
    INFO(text);
    CHECK_FALSE(inventory::parse_time(text));
  }
  CHECK(inventory::format_age(-3s) == "0s");
  CHECK(inventory::format_age(119s) == "119s");
  CHECK(inventory::format_age(120s) == "2m");
  CHECK(inventory::format_age(2h) == "2h");
  CHECK(inventory::format_age(48h) == "2d");
}
