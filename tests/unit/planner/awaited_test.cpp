#include "planner/awaited.hpp"

#include "sample.hpp"
#include "support/catch.hpp"

#include <algorithm>

namespace datamill::planner {

namespace {

const std::vector<domain::ObjectRef> kApplied{
    {.api_version = "postgresql.cnpg.io/v1", .kind = "Cluster", .ns = "data", .name = "db"}};

std::string told(const std::vector<plan::Awaited>& awaits) {
  if (awaits.empty()) return {};
  const auto& [object, condition] = awaits.front();
  return object.api_version + " " + object.kind + " " + object.ns + "/" + object.name + " " + condition;
}

}  // namespace

TEST_CASE("a wait's words become the object that they mean", "[planner][awaits]") {
  const auto of = [](std::string resource) {
    return told(awaited_by({.resource = std::move(resource), .ns = "data", .condition = "Ready"}, kApplied));
  };
  CHECK(of("job/init") == "batch/v1 Job data/init condition=Ready");
  CHECK(of("deploy/web") == "apps/v1 Deployment data/web condition=Ready");
  CHECK(of("StatefulSets.apps/web") == "apps/v1 StatefulSet data/web condition=Ready");
  CHECK(of("crd/x.example.com") == "apiextensions.k8s.io/v1 CustomResourceDefinition /x.example.com condition=Ready");
  CHECK(of("cluster.postgresql.cnpg.io/db") == "postgresql.cnpg.io/v1 Cluster data/db condition=Ready");
  CHECK(of("clusters.postgresql.cnpg.io/db") == "postgresql.cnpg.io/v1 Cluster data/db condition=Ready");
  CHECK(of("Cluster.v1.postgresql.cnpg.io/db") == "postgresql.cnpg.io/v1 Cluster data/db condition=Ready");
  CHECK(of("cluster.other.io/db").empty());
  CHECK(of("cluster.postgresql.cnpg.io/other").empty());
  CHECK(told(awaited_by({.resource = "job/x", .ns = "data", .jsonpath = "{.status.active}", .value = "1"}, {})) ==
        "batch/v1 Job data/x jsonpath={.status.active}=1");
}

TEST_CASE("steps say what they wait for", "[planner][awaits]") {
  sample::Sample s;
  const auto plan = s.install();
  REQUIRE(plan);
  const auto& release = sample::step(*plan, "Install release lake");
  REQUIRE(release.awaits.size() == 1);
  CHECK(release.awaits[0].object.kind == "Release");
  CHECK(release.awaits[0].object.name == "lake");
  CHECK_FALSE(release.only_waits);
  for (const auto& step : plan->steps) {
    INFO(step.title);
    const auto waits = step.title.starts_with("Wait for ");
    CHECK(step.only_waits == waits);
    CHECK_FALSE((step.only_waits && step.awaits.empty()));
  }
}

}  // namespace datamill::planner
