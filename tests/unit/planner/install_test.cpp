#include "sample.hpp"

#include "datamill/command/command.hpp"

#include "support/catch.hpp"

using namespace datamill;
using sample::Sample;

TEST_CASE("needs are pulled in, ordered before, and say why", "[planner][selection]") {
  Sample s;
  const auto plan = s.install();
  REQUIRE(plan);
  CHECK(plan::invariant_problem(*plan).empty());
  CHECK(sample::component_names(*plan) == std::vector<std::string>{"lake", "db", "app"});
  CHECK(plan->components[0].reason == "needed by app: s3");
  CHECK(plan->components[1].reason == "needed by app");
  CHECK(plan->components[2].reason == "listed");
}

TEST_CASE("a listed provider is taken instead of the default", "[planner][selection]") {
  Sample s;
  s.workspace.catalogue.at("app").buckets.clear();
  s.workspace.catalogue.at("app").secrets.clear();
  s.list({"app", "extra"});
  const auto plan = s.install();
  REQUIRE(plan);
  CHECK(sample::component_names(*plan) == std::vector<std::string>{"extra", "db", "app"});
}

TEST_CASE("project.providers chooses where nothing is listed", "[planner][selection]") {
  Sample s;
  s.workspace.catalogue.at("app").buckets.clear();
  s.workspace.catalogue.at("app").secrets.clear();
  s.workspace.project.providers["s3"] = "extra";
  const auto plan = s.install();
  REQUIRE(plan);
  CHECK(sample::component_names(*plan)[0] == "extra");
}

TEST_CASE("an explicit list keeps its order where dependencies allow", "[planner][selection]") {
  Sample s;
  s.list({"notes", "db", "lake"});
  CHECK(sample::component_names(*s.install()) == std::vector<std::string>{"notes", "db", "lake"});
}

TEST_CASE("selections that cannot be", "[planner][selection]") {
  Sample s;
  SECTION("unknown component") {
    s.list({"lak"});
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM300"));
    CHECK(s.diagnostics.items()[0].hint.find("lake") != std::string::npos);
  }
  SECTION("cycle") {
    s.workspace.catalogue.at("db").needs = {{.name = "app"}};
    CHECK_FALSE(s.install());
    REQUIRE(s.has_code("DM301"));
    CHECK(s.diagnostics.items()[0].message.find("app→db→app") != std::string::npos);
  }
  SECTION("cycle of soft edges") {
    s.workspace.catalogue.at("db").after = {{.name = "notes"}};
    s.workspace.catalogue.at("notes").after = {{.name = "db"}};
    s.list({"db", "notes"});
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM301"));
  }
  SECTION("two providers of one capability") {
    s.list({"lake", "extra"});
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM303"));
  }
  SECTION("outside service and listed provider") {
    s.workspace.services = {{.capability = "s3", .outputs = sample::s3_outputs()}};
    s.list({"lake"});
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM304"));
  }
  SECTION("conflict") {
    s.workspace.catalogue.at("notes").conflicts = {{.name = "db"}};
    s.list({"notes", "db"});
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM305"));
  }
  SECTION("nobody provides it") {
    s.workspace.catalogue.at("app").needs = {{.name = "postgres"}};
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM302"));
  }
  SECTION("chosen provider does not provide it") {
    s.workspace.project.providers["s3"] = "notes";
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM306"));
  }
  SECTION("namespace that Kubernetes refuses") {
    s.workspace.project.k8s_namespace = "Data_Mill";
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM308"));
  }
}

TEST_CASE("a need with a condition counts only where that holds", "[planner][selection]") {
  Sample s;
  auto& need = s.workspace.catalogue.at("app").needs[1];
  need.when = domain::Condition{.subject = domain::Condition::Subject::fact, .name = "simulated", .is = "true"};
  CHECK(sample::component_names(*s.install()) == std::vector<std::string>{"lake", "app"});
  s.facts.simulated = true;
  CHECK(sample::component_names(*s.install()) == std::vector<std::string>{"lake", "db", "app"});
}

TEST_CASE("an outside service stands in for a component", "[planner][selection]") {
  Sample s;
  auto& app = s.workspace.catalogue.at("app");
  app.secrets.clear();
  auto outputs = sample::s3_outputs();
  outputs.set("endpoint", support::Node::text("https://s3.example.org"));
  s.workspace.services = {{.capability = "s3", .outputs = outputs}};
  const auto plan = s.install();
  REQUIRE(plan);
  CHECK(sample::component_names(*plan) == std::vector<std::string>{"db", "app"});
  CHECK_FALSE(sample::has_step(*plan, "bucket"));
  const auto shell = command::to_shell(*plan::command_of(sample::step(*plan, "Install release app")));
  CHECK(shell.find("https://s3.example.org") != std::string::npos);
}

TEST_CASE("the steps of an installation are in the order that makes them work", "[planner][install]") {
  Sample s;
  const auto plan = s.install();
  REQUIRE(plan);
  const auto after = [&](std::string_view later, std::string_view earlier) {
    return sample::comes_after(*plan, sample::step(*plan, later), sample::step(*plan, earlier));
  };
  CHECK(after("Create Secret data-mill/lake-keys", "Create namespace"));
  CHECK(after("Install release lake", "Create Secret data-mill/lake-keys"));
  CHECK(after("Install release lake", "Pull chart lake-chart"));
  CHECK(after("Apply bucket app-data", "Install release lake"));
  CHECK(after("Wait for job/bucket-app-data", "Apply bucket app-data"));
  CHECK(after("Install release app", "Wait for job/bucket-app-data"));
  CHECK(after("Create Secret data-mill/app-url", "Create Secret data-mill/lake-keys"));
  CHECK(after("Apply server.yaml", "Wait for the custom resource definitions of db"));
  CHECK(after("Record app", "Install release app"));
  CHECK_FALSE(after("Apply server.yaml", "Install release lake"));  // independent branches stay independent
  CHECK_FALSE(after("Pull chart app-chart", "Install release lake"));
}

TEST_CASE("what needs a component does not wait for the note of it", "[planner][install]") {
  Sample s;
  const auto plan = s.install();
  const auto& app = sample::step(*plan, "Install release app");
  CHECK(sample::comes_after(*plan, app, sample::step(*plan, "Install release lake")));
  CHECK_FALSE(sample::comes_after(*plan, app, sample::step(*plan, "Record lake")));
}

TEST_CASE("equal inputs give equal plans", "[planner][install]") {
  Sample one;
  Sample two;
  CHECK(plan::print_json(*one.install(), {}) == plan::print_json(*two.install(), {}));
}

TEST_CASE("capabilities are wired by their outputs", "[planner][install]") {
  Sample s;
  const auto plan = s.install();
  const auto shell = command::to_shell(*plan::command_of(sample::step(*plan, "Install release app")));
  CHECK(shell.find("http://lake.data-mill.svc:1") != std::string::npos);
}

TEST_CASE("no secret value is in a plan, only its name", "[planner][install][secrets]") {
  Sample s;
  const auto plan = s.install();
  const auto shell = command::to_shell(*plan::command_of(sample::step(*plan, "Create Secret data-mill/lake-keys")));
  CHECK(shell.find("«secret data-mill/lake-keys.access»") != std::string::npos);
  for (const auto& step : plan->steps) {
    const auto* command = plan::command_of(step);
    if (command == nullptr) continue;
    for (const auto& arg : command->args)
      CHECK(arg.find("«") == std::string::npos);
  }
}

TEST_CASE("nothing is to be done where everything is as it should be", "[planner][no-op]") {
  Sample s;
  s.pretend_installed();
  const auto plan = s.install();
  REQUIRE(plan);
  CHECK(sample::titles(*plan).empty());
  for (const auto& component : plan->components)
    CHECK(component.unchanged);
}

TEST_CASE("only what differs runs", "[planner][no-op]") {
  Sample s;
  s.pretend_installed();
  const auto release = [&](std::string_view name) -> domain::ReleaseState& {
    return *std::find_if(s.snapshot.releases.begin(), s.snapshot.releases.end(),
                         [&](const auto& r) { return r.name == name; });
  };
  SECTION("values changed") {
    s.workspace.catalogue.at("app").releases[0].set.set("more", support::Node::integer(1));
    const auto plan = s.install();
    CHECK(sample::has_step(*plan, "Install release app"));
    CHECK_FALSE(sample::has_step(*plan, "Install release lake"));
  }
  SECTION("somebody upgraded it by hand: same digest, other revision") {
    release("lake").revision = 2;
    const auto plan = s.install();
    CHECK(sample::has_step(*plan, "Install release lake"));
    CHECK_FALSE(sample::has_step(*plan, "Install release app"));
  }
  SECTION("its last upgrade failed") {
    release("lake").status = "failed";
    CHECK(sample::has_step(*s.install(), "Install release lake"));
  }
  SECTION("it is gone") {
    s.snapshot.releases.clear();
    CHECK(sample::has_step(*s.install(), "Install release lake"));
  }
  SECTION("a Secret is gone") {
    s.snapshot.our_secrets.clear();
    const auto plan = s.install();
    CHECK(sample::has_step(*plan, "Create Secret data-mill/lake-keys"));
    CHECK_FALSE(sample::has_step(*plan, "Install release"));
  }
  SECTION("another flavour claims it now too") {
    s.workspace.project.name = "g";
    const auto plan = s.install();
    CHECK(sample::titles(*plan) == std::vector<std::string>{"Record lake", "Record db", "Record app"});
  }
  SECTION("only its data was kept") {
    for (auto& entry : s.snapshot.inventory)
      entry.kept = entry.component == "db";
    const auto plan = s.install();
    CHECK(sample::has_step(*plan, "Apply server.yaml of db"));
    CHECK_FALSE(sample::has_step(*plan, "Install release lake"));
  }
  SECTION("order holds through a component without a change") {
    s.list({"notes", "app"});
    s.workspace.catalogue.at("db").needs = {{.name = "lake"}};
    s.workspace.catalogue.at("app").needs = {{.name = "db"}};
    s.workspace.catalogue.at("app").buckets.clear();
    s.workspace.catalogue.at("app").releases[0].set = support::Node::map();
    s.workspace.catalogue.at("app").secrets.clear();
    s.pretend_installed();
    s.workspace.catalogue.at("lake").releases[0].set.set("more", support::Node::integer(1));
    s.workspace.catalogue.at("app").releases[0].set.set("more", support::Node::integer(1));
    const auto plan = s.install();
    CHECK_FALSE(sample::has_step(*plan, "of db"));
    CHECK(sample::comes_after(*plan, sample::step(*plan, "Install release app"),
                              sample::step(*plan, "Install release lake")));
  }
  SECTION("--reinstall") {
    const auto plan = s.install({.reinstall = true});
    CHECK(sample::has_step(*plan, "Install release lake"));
    CHECK(sample::has_step(*plan, "Install release app"));
  }
}

TEST_CASE("a Secret that exists is read, not made anew", "[planner][secrets]") {
  Sample s;
  s.snapshot.known = true;
  s.snapshot.our_secrets = {"data-mill/lake-keys"};
  const auto plan = s.install();
  CHECK(sample::has_step(*plan, "Read Secret data-mill/lake-keys"));
  CHECK_FALSE(sample::has_step(*plan, "Create Secret data-mill/lake-keys"));
  CHECK(sample::comes_after(*plan, sample::step(*plan, "Create Secret data-mill/app-url"),
                            sample::step(*plan, "Read Secret data-mill/lake-keys")));
}

TEST_CASE("what others made is not touched", "[planner][ownership]") {
  Sample s;
  s.pretend_installed();
  SECTION("release without our label and record") {
    s.snapshot.inventory.clear();
    s.snapshot.releases = {{.ns = "data-mill", .name = "lake", .status = "deployed", .revision = 1}};
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM350"));
    CHECK(planner::is_preflight_code("DM350"));
  }
  SECTION("--adopt takes it over") {
    s.snapshot.inventory.clear();
    s.snapshot.releases = {{.ns = "data-mill", .name = "lake", .status = "deployed", .revision = 1}};
    CHECK(s.install({.adopt = true}));
  }
  SECTION("our label alone is enough: the run died before its record") {
    s.snapshot.inventory.clear();
    CHECK(s.install());
  }
  SECTION("a namespace of others is used but not changed") {
    s.snapshot = {.known = true, .namespaces = {{.name = "data-mill"}}};
    const auto plan = s.install();
    CHECK_FALSE(sample::has_step(*plan, "Create namespace"));
  }
  SECTION("a namespace that is being deleted") {
    s.snapshot.namespaces[0].terminating = true;
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM352"));
  }
  SECTION("another provider is installed") {
    s.snapshot = {.known = true, .inventory = {{.component = "extra", .ns = "data-mill"}}};
    CHECK_FALSE(s.install());
    CHECK(s.has_code("DM351"));
  }
}

TEST_CASE("a killed helm is repaired first", "[planner][repair]") {
  Sample s;
  s.pretend_installed();
  const auto set_status = [&](const std::string& status) {
    for (auto& release : s.snapshot.releases) {
      release.status = status;
      release.never_worked = status == "pending-install";
      release.good_revision = 0;
    }
  };
  set_status("pending-install");
  CHECK(sample::has_step(*s.install(), "Remove the unfinished release lake"));
  set_status("pending-upgrade");
  for (auto& release : s.snapshot.releases)
    release.good_revision = 3;
  CHECK(sample::has_step(*s.install(), "Roll back the unfinished upgrade of lake"));
  set_status("pending-upgrade");
  CHECK_FALSE(s.install());
  CHECK(s.has_code("DM353"));
}

TEST_CASE("simulated pods", "[planner][simulated]") {
  Sample s;
  s.facts.simulated = true;
  SECTION("waits for custom resources are left out, and it is said") {
    const auto plan = s.install();
    CHECK(sample::has_step(*plan, "Skip waiting for server.example.io/main"));
    CHECK(sample::has_step(*plan, "Wait for job/bucket-app-data"));  // Jobs do complete
  }
  SECTION("unless the component simulates them") {
    s.workspace.configs["db"].simulate = {sample::document("kwok.x-k8s.io/v1alpha1", "Stage", "ready")};
    const auto plan = s.install();
    CHECK(sample::has_step(*plan, "Wait for server.example.io/main"));
    CHECK(sample::comes_after(*plan, sample::step(*plan, "Apply server.yaml"),
                              sample::step(*plan, "simulated behaviour")));
  }
}

TEST_CASE("charts come from mirrors, folders and repositories", "[planner][charts]") {
  Sample s;
  const auto shell = [&](std::string_view title) {
    return command::to_shell(*plan::command_of(sample::step(*s.install(), title)));
  };
  SECTION("repository") {
    CHECK(shell("Pull chart lake-chart").find("--repo https://charts.example.org --version 1.0.0") !=
          std::string::npos);
  }
  SECTION("mirror by URL: the digest does not change with it") {
    s.pretend_installed();
    s.workspace.user.chart_mirrors[""] = "http://127.0.0.1:9";
    CHECK(sample::titles(*s.install()).empty());
    s.snapshot = {};
    CHECK(shell("Pull chart lake-chart").find("--repo http://127.0.0.1:9 ") != std::string::npos);
  }
  SECTION("mirror folder needs no pull") {
    s.workspace.user.chart_mirrors["https://charts.example.org"] = "/charts";
    CHECK_FALSE(sample::has_step(*s.install(), "Pull chart"));
    CHECK(shell("Install release lake").find(" /charts/lake-chart-1.0.0.tgz ") != std::string::npos);
  }
  SECTION("the longest prefix wins") {
    s.workspace.user.chart_mirrors[""] = "/wrong";
    s.workspace.user.chart_mirrors["https://charts.example"] = "/right";
    CHECK(shell("Install release lake").find("/right/") != std::string::npos);
  }
}

TEST_CASE("a Job that is ours is made anew, and our objects are taken back", "[planner][install]") {
  Sample s;
  s.pretend_installed();
  s.workspace.configs["lake"].files["bucket.yaml"].documents[0].set("spec", support::Node::text("other"));
  s.workspace.configs["db"].files["server.yaml"].documents[0].set("spec", support::Node::text("other"));
  const auto plan = s.install();
  REQUIRE(plan);
  const auto& apply = sample::step(*plan, "Apply bucket app-data");
  CHECK(sample::comes_after(*plan, apply, sample::step(*plan, "Make room for bucket app-data")));
  CHECK(command::to_shell(*plan::command_of(apply)).find("--force-conflicts") != std::string::npos);
  s.snapshot = {};
  const auto fresh = s.install();
  CHECK_FALSE(sample::has_step(*fresh, "Make room"));
  CHECK(command::to_shell(*plan::command_of(sample::step(*fresh, "Apply server.yaml"))).find("--force-conflicts") ==
        std::string::npos);
}
