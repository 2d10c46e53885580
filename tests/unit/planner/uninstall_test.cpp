#include "sample.hpp"

#include "datamill/planner/uninstall.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <utility>

using namespace datamill;
using planner::UninstallRequest;
using sample::Sample;

namespace {

struct Installed : Sample {
  Installed() {
    pretend_installed();
    snapshot.claims = {{.ns = "data-mill", .name = "lake-data", .owner = "lake"},
                       {.ns = "data-mill", .name = "foreign", .owner = "other"}};
  }
  std::optional<plan::Plan> uninstall(const UninstallRequest& request = {}) {
    return planner::plan_uninstall(context(), request, diagnostics);
  }
};

std::string stdin_of(const plan::Step& step) {
  return std::get<command::SymbolicText>(plan::command_of(step)->stdin_text).display();
}

}  // namespace

TEST_CASE("uninstall goes in reverse order", "[planner][uninstall]") {
  Installed s;
  const auto plan = s.uninstall();
  REQUIRE(plan);
  CHECK(plan::invariant_problem(*plan).empty());
  CHECK(sample::comes_after(*plan, sample::step(*plan, "Uninstall release lake"),
                            sample::step(*plan, "Uninstall release app")));
  CHECK(sample::comes_after(*plan, sample::step(*plan, "Server main"), sample::step(*plan, "Uninstall release app")));
}

TEST_CASE("volumes, Secrets, definitions and data objects stay and are listed", "[planner][uninstall]") {
  Installed s;
  const auto plan = s.uninstall();
  std::string kept;
  for (const auto& object : plan->kept)
    kept += object.what + " | " + object.command + "\n";
  CHECK(kept.find("PersistentVolumeClaim data-mill/lake-data | kubectl delete pvc -n data-mill lake-data") !=
        std::string::npos);
  CHECK(kept.find("Secret data-mill/lake-keys | kubectl delete secret -n data-mill lake-keys") != std::string::npos);
  CHECK(kept.find("kubectl delete crd servers.example.io") != std::string::npos);
  CHECK(kept.find("Server data-mill/main") != std::string::npos);
  CHECK(kept.find("foreign") == std::string::npos);
  CHECK(sample::has_step(*plan, "Put Server main to rest"));
  CHECK(sample::has_step(*plan, "Record what is kept of lake"));
  for (const auto& step : plan->steps) {
    CHECK(step.title.find("Delete volumes") == std::string::npos);
    CHECK(step.title.find("definitions") == std::string::npos);
  }
}

TEST_CASE("with both purge flags all of it goes", "[planner][uninstall]") {
  Installed s;
  const auto plan = s.uninstall({.purge_data = true, .purge_crds = true});
  REQUIRE(plan);
  CHECK(plan->kept.empty());
  CHECK(stdin_of(sample::step(*plan, "Delete volumes and Secrets of lake")).find("lake-data") != std::string::npos);
  CHECK(stdin_of(sample::step(*plan, "definitions of db")).find("servers.example.io") != std::string::npos);
  CHECK(sample::has_step(*plan, "Delete the record of lake"));
  CHECK_FALSE(sample::has_step(*plan, "to rest"));
}

TEST_CASE("purging definitions alone would take data along", "[planner][uninstall]") {
  Installed s;
  CHECK_FALSE(s.uninstall({.purge_crds = true}));
  CHECK(s.has_code("DM342"));
}

TEST_CASE("a component that others need", "[planner][uninstall]") {
  Installed s;
  SECTION("is refused with their names") {
    CHECK_FALSE(s.uninstall({.only = {"lake"}}));
    REQUIRE(s.has_code("DM340"));
    CHECK(s.diagnostics.items()[0].message.find("app") != std::string::npos);
  }
  SECTION("--cascade takes them too") {
    const auto plan = s.uninstall({.only = {"lake"}, .cascade = true});
    REQUIRE(plan);
    CHECK(sample::comes_after(*plan, sample::step(*plan, "Uninstall release lake"),
                              sample::step(*plan, "Uninstall release app")));
    CHECK_FALSE(sample::has_step(*plan, "Server main"));
  }
  SECTION("--force takes it alone") {
    const auto plan = s.uninstall({.only = {"lake"}, .force = true});
    REQUIRE(plan);
    CHECK_FALSE(sample::has_step(*plan, "Uninstall release app"));
  }
}

TEST_CASE("a component that another flavour claims stays", "[planner][uninstall]") {
  Installed s;
  for (auto& entry : s.snapshot.inventory) {
    if (entry.component == "lake") entry.claims.push_back("data-mill/g");
  }
  const auto plan = s.uninstall();
  REQUIRE(plan);
  CHECK(sample::has_step(*plan, "Drop the claim on lake"));
  CHECK_FALSE(sample::has_step(*plan, "Uninstall release lake"));
  CHECK(sample::has_step(*plan, "Uninstall release app"));
}

TEST_CASE("uninstalling what is not there says what is", "[planner][uninstall]") {
  Installed s;
  CHECK_FALSE(s.uninstall({.only = {"notes"}}));
  REQUIRE(s.has_code("DM341"));
  CHECK(s.diagnostics.items()[0].hint.find("lake") != std::string::npos);
}

TEST_CASE("a kept component is found again by a later purge", "[planner][uninstall]") {
  Installed s;
  for (auto& entry : s.snapshot.inventory) {
    entry.kept = true;
    entry.claims.clear();
  }
  s.snapshot.releases.clear();
  CHECK(s.uninstall()->steps.empty());
  const auto plan = s.uninstall({.purge_data = true, .purge_crds = true});
  REQUIRE(plan);
  CHECK(sample::has_step(*plan, "Delete volumes and Secrets of lake"));
  CHECK_FALSE(sample::has_step(*plan, "Uninstall release"));
}

TEST_CASE("finalizers of an operator that is gone are taken off", "[planner][uninstall]") {
  Installed s;
  auto& entry = *std::find_if(s.snapshot.inventory.begin(), s.snapshot.inventory.end(),
                              [](const auto& one) { return one.component == "db"; });
  // The definition and its operator are another component's.
  domain::InventoryEntry operator_entry{.component = "db-operator",
                                        .ns = "operators",
                                        .releases = {{.ns = "operators", .name = "db-operator"}},
                                        .crds = std::exchange(entry.crds, {}),
                                        .claims = {"other/o"}};
  const UninstallRequest purge{.purge_data = true};
  const auto plan_with = [&](const domain::InventoryEntry& one) {
    s.snapshot.inventory.push_back(one);
    return s.uninstall(purge).value();
  };
  SECTION("after they are marked, before they are waited for") {
    const auto plan = plan_with(operator_entry);
    const auto& mark = sample::step(plan, "Mark objects of db without an operator");
    const auto& take = sample::step(plan, "Take the operator's finalizers off objects of db");
    const auto& erase = sample::step(plan, "Delete Server main of db");
    CHECK(sample::comes_after(plan, take, mark));
    CHECK(sample::comes_after(plan, erase, take));
    CHECK(stdin_of(take) == stdin_of(erase));
    CHECK(plan::command_of(mark)->args.at(2) == "--wait=false");
  }
  SECTION("its record says so as well") {
    operator_entry.kept = true;
    operator_entry.releases.clear();
    CHECK(sample::has_step(plan_with(operator_entry), "Take the operator's finalizers off"));
  }
  SECTION("not while the operator is there") {
    s.snapshot.releases.push_back({.ns = "operators", .name = "db-operator", .component = "db-operator"});
    CHECK_FALSE(sample::has_step(plan_with(operator_entry), "finalizers"));
  }
  SECTION("nor where somebody else brought the definition") {
    operator_entry.crds = {"servers.other.io"};
    CHECK_FALSE(sample::has_step(plan_with(operator_entry), "finalizers"));
  }
  SECTION("what is kept cannot be seen to rest") {
    s.snapshot.inventory.push_back(operator_entry);
    const auto plan = s.uninstall();
    CHECK(sample::has_step(*plan, "Put Server main to rest"));
    CHECK_FALSE(sample::has_step(*plan, "Wait until Server main rests"));
    CHECK_FALSE(sample::has_step(*plan, "finalizers"));
  }
}

TEST_CASE("a purge takes what was kept only from the flavour's own namespaces", "[planner][uninstall]") {
  Installed s;
  for (auto& entry : s.snapshot.inventory) {
    entry.kept = true;
    entry.claims.clear();
    if (entry.component == "lake") entry.ns = "elsewhere";
    if (entry.component == "db") entry.ns = "servers";
  }
  s.workspace.catalogue.at("db").namespace_ = sample::text("servers");
  const auto plan = s.uninstall({.purge_data = true, .purge_crds = true});
  REQUIRE(plan);
  CHECK(sample::has_step(*plan, " of db"));
  CHECK_FALSE(sample::has_step(*plan, " of lake"));
}

TEST_CASE("what was kept needs nobody any more", "[planner][uninstall]") {
  Installed s;
  for (auto& entry : s.snapshot.inventory)
    entry.kept = entry.component == "app";
  CHECK(s.uninstall({.only = {"lake"}}));
}

TEST_CASE("a namespace goes only if it is ours and empty", "[planner][cleanup]") {
  Installed s;
  const auto cleanup = [&](const std::vector<inventory::LeftoverObject>& left, bool purge) {
    return planner::plan_cleanup(s.context(), {.purge_data = purge, .purge_crds = purge}, {{"data-mill", left}});
  };
  const inventory::LeftoverObject hook{.api_version = "batch/v1", .kind = "Job", .name = "lake-hook", .owner = "lake"};
  const inventory::LeftoverObject mine{.api_version = "v1", .kind = "ConfigMap", .name = "mine"};
  CHECK(sample::has_step(cleanup({}, false), "Delete namespace data-mill"));
  CHECK(cleanup({hook}, false).steps.empty());
  const auto purged = cleanup({hook}, true);
  CHECK(sample::comes_after(purged, sample::step(purged, "Delete namespace"), sample::step(purged, "releases left")));
  const auto kept = cleanup({hook, mine}, true);
  CHECK_FALSE(sample::has_step(kept, "Delete namespace"));
  REQUIRE(kept.notes.size() == 1);
  CHECK(kept.notes[0].find("ConfigMap/mine") != std::string::npos);
}

TEST_CASE("namespaces of others are not looked into", "[planner][cleanup]") {
  Installed s;
  const auto plan = s.uninstall();
  CHECK(planner::touched_namespaces(s.context(), *plan) == std::vector<std::string>{"data-mill"});
  s.snapshot.namespaces[0].ours = false;
  CHECK(planner::touched_namespaces(s.context(), *plan).empty());
}
