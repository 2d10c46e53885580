#include "datamill/inventory/diagnosis_reads.hpp"

#include "support/catch.hpp"

using namespace datamill;

TEST_CASE("definitions keep group, kind and conditions", "[inventory][diagnosis]") {
  const auto found =
      inventory::parse_definitions("clusters.postgresql.cnpg.io\tpostgresql.cnpg."
                                   "io\tCluster\tNamesAccepted\tFalse\tPluralConflict\t\"\\\"clusters\\\" "
                                   "is\\tin use\"\tEstablished\tFalse\tNotAccepted\t\"not all\"\n"
                                   "backups.example.com\texample.com\tBackup\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].text_at("kind") == "CustomResourceDefinition");
  CHECK(found[0].find_path({"spec", "names", "kind"})->scalar == "Cluster");
  const auto& conditions = found[0].find_path({"status", "conditions"})->items;
  REQUIRE(conditions.size() == 2);
  CHECK(conditions[0].text_at("message") == "\"clusters\" is in use");
  CHECK(conditions[1].text_at("type") == "Established");
  CHECK(found[1].find_path({"status", "conditions"})->items.empty());
}

TEST_CASE("releases of a snapshot as helm's Secrets", "[inventory][diagnosis]") {
  domain::ClusterSnapshot snapshot;
  snapshot.releases.push_back({.ns = "shop", .name = "web", .status = "pending-upgrade", .revision = 3});
  const auto secrets = inventory::release_secrets(snapshot);
  REQUIRE(secrets.size() == 1);
  CHECK(secrets[0].find_path({"metadata", "labels", "status"})->scalar == "pending-upgrade");
  CHECK(secrets[0].find_path({"metadata", "labels", "version"})->scalar == "3");
  CHECK(secrets[0].find_path({"metadata", "namespace"})->scalar == "shop");
}

TEST_CASE("one namespace is read alone, several all together", "[inventory][diagnosis]") {
  CHECK(inventory::namespaced_objects({"shop"}).ns == "shop");
  CHECK(inventory::namespaced_objects({"shop", "other"}).ns.empty());
  const auto read = inventory::namespaced_objects({});
  CHECK(read.plurals.size() == read.kinds.size());
}
