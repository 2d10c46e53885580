#include "datamill/inventory/inventory.hpp"
#include "datamill/inventory/snapshot_reads.hpp"
#include "datamill/support/diagnostic.hpp"

#include "support/catch.hpp"

using namespace datamill;

namespace {

const std::string kCluster = "Namespace\t\tkube-system\tuid-1\t\tActive\n"
                             "Namespace\t\tdata-mill\tuid-2\tdatamill\tActive\n"
                             "Namespace\t\told\tuid-3\t\tTerminating\n"
                             "StorageClass\t\tfast\t\n"
                             "StorageClass\t\tstandard\ttrue\n"
                             "Node\t\tn1\tv1.36.3\t\tTrue\taws:///x\t\n"
                             "Node\t\tn2\tv1.36.3\t\tFalse\t\t\n"
                             "PersistentVolumeClaim\tdata-mill\tlake-data\tlake\tlake\t\t\t\n"
                             "PersistentVolumeClaim\tdata-mill\tpg-1\t\t\t\tpostgres\t\n";

domain::InventoryEntry sample_entry() {
  return {.component = "lake",
          .ns = "data-mill",
          .digest = "d1",
          .releases = {{.ns = "data-mill",
                        .name = "lake",
                        .chart = "seaweedfs",
                        .version = "4.44.0",
                        .digest = "r1",
                        .revision = "2"}},
          .objects = {{.api_version = "v1",
                       .kind = "PersistentVolumeClaim",
                       .ns = "data-mill",
                       .name = "x",
                       .holds_data = true,
                       .keep_annotation = "a=b"}},
          .secrets = {"data-mill/keys"},
          .crds = {"a.example.io"},
          .namespaces = {"data-mill"},
          .claims = {"data-mill/ds"},
          .needs = {"other"}};
}

}  // namespace

TEST_CASE("a snapshot out of the three reads", "[inventory]") {
  const auto record = support::write_json(inventory::to_node(sample_entry()));
  const auto records = "ConfigMap\tdata-mill\tdatamill.lake\t" + record + "\nSecret\tdata-mill\tkeys\t\n";
  const std::string releases = "data-mill\tlake\tsuperseded\t1\tlake\n"
                               "data-mill\tlake\tdeployed\t10\tlake\n"
                               "data-mill\tlake\tsuperseded\t9\tlake\n"
                               "other\tforeign\tfailed\t1\t\n";
  const auto snapshot = inventory::parse_snapshot({kCluster, records, releases}, {});

  CHECK(snapshot.known);
  CHECK(snapshot.cluster_uid == "uid-1");
  CHECK(snapshot.facts.storage_class == "standard");
  CHECK(snapshot.facts.load_balancer);  // a cloud's node
  CHECK_FALSE(snapshot.facts.simulated);
  CHECK(snapshot.facts.kubernetes_version == "v1.36.3");
  CHECK(snapshot.nodes == 2);
  CHECK(snapshot.ready_nodes == 1);
  REQUIRE(snapshot.find_namespace("data-mill") != nullptr);
  CHECK(snapshot.find_namespace("data-mill")->ours);
  CHECK_FALSE(snapshot.find_namespace("old")->ours);
  CHECK(snapshot.find_namespace("old")->terminating);
  REQUIRE(snapshot.release("data-mill", "lake") != nullptr);
  CHECK(snapshot.release("data-mill", "lake")->revision == 10);  // by number, not by text
  CHECK(snapshot.release("data-mill", "lake")->status == "deployed");
  CHECK(snapshot.release("other", "foreign")->component.empty());
  CHECK(snapshot.has_secret("data-mill", "keys"));
  REQUIRE(snapshot.claims.size() == 2);
  CHECK(snapshot.claims[0].owner == "lake");
  CHECK(snapshot.claims[1].owner == "postgres");
  REQUIRE(snapshot.entry("data-mill", "lake") != nullptr);
  CHECK(snapshot.entry("data-mill", "lake")->releases.front().revision == "2");
}

TEST_CASE("only nodes that are all simulated make a simulated cluster", "[inventory]") {
  const std::string simulated = "Node\t\tn1\tkwok-0.8.0\tfake\tTrue\t\t\n";
  const std::string real = "Node\t\tn2\tv1.36.3\t\tTrue\t\t\n";
  CHECK(inventory::parse_snapshot({simulated, "", ""}, {}).facts.simulated);
  CHECK_FALSE(inventory::parse_snapshot({simulated + real, "", ""}, {}).facts.simulated);
}

TEST_CASE("an inventory record survives the way through the cluster", "[inventory]") {
  const auto entry = sample_entry();
  const auto map = inventory::config_map(entry);
  CHECK(map.find_path({"metadata", "labels"})->text_at("app.kubernetes.io/managed-by") == "datamill");
  const auto json = std::string(map.find("data")->text_at("component.json"));
  CHECK(json.find('\n') == std::string::npos);
  CHECK(json.find('\t') == std::string::npos);
  const auto back = inventory::from_json(json);
  CHECK(back.component == entry.component);
  CHECK(back.objects == entry.objects);
  CHECK(back.secrets == entry.secrets);
  CHECK(back.crds == entry.crds);
  CHECK(back.claims == entry.claims);
  CHECK(back.needs == entry.needs);
  CHECK(back.releases.front().digest == "r1");
  CHECK_FALSE(back.kept);
}

TEST_CASE("a damaged record is an error that says where to look", "[inventory]") {
  CHECK_THROWS_AS(inventory::from_json("{}"), support::Failure);
  CHECK_THROWS_AS(inventory::from_json("not json"), support::Failure);
}

TEST_CASE("what every namespace has by itself is no leftover", "[inventory]") {
  const auto left = inventory::parse_leftovers("v1\tConfigMap\tkube-root-ca.crt\t\n"
                                               "v1\tServiceAccount\tdefault\t\n"
                                               "batch/v1\tJob\tlake-hook\t\tlake\t\n"
                                               "v1\tSecret\tmine\t\t\t\n");
  REQUIRE(left.size() == 2);
  CHECK(left[0].kind == "Job");
  CHECK(left[0].owner == "lake");
  CHECK(left[1].owner.empty());
}
