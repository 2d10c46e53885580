#include "fixture.hpp"
#include "support/catch.hpp"

using datamill::tests::ConfigFixture;
using datamill::tests::Texts;
using namespace datamill;
using domain::Location;

namespace {

Texts listed(const domain::Workspace& workspace) {
  Texts names;
  for (const auto& component : workspace.project.flavour)
    names.push_back(component.name);
  return names;
}

Texts configured(const domain::Workspace& workspace) {
  Texts names;
  for (const auto& [name, config] : workspace.configs)
    names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("without a flavour the defaults count", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.request.location = Location::local;
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(workspace->flavour_file.empty());
  CHECK(workspace->project.k8s_namespace == "data-mill");
  CHECK(workspace->project.proxy_port == 8088);
  CHECK(workspace->project.data_folder == "/r/data");
  CHECK(workspace->target->provider == "auto");
  CHECK(workspace->target->cluster_name == "datamill");
  CHECK(listed(*workspace).empty());
  CHECK(workspace->configs.empty());
  CHECK(workspace->values.at("project.k8s_namespace").origin.rule == "default");
}

TEST_CASE("no target is resolved where no location was asked for", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.files.remove("/r/k8s-targets/default.yaml");
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK_FALSE(workspace->target);
}

TEST_CASE("flavours are found by path and by name", "[config][workspace]") {
  const auto given = GENERATE(as<std::string>(), "ds", "ds.yaml", "flavours/ds.yaml", "/r/flavours/ds.yaml",
                              "/r/flavours/../flavours/ds.yaml");
  ConfigFixture fixture;
  fixture.files.set("/r/flavours/../flavours/ds.yaml", "project: {flavour: [mlflow]}\n");
  fixture.request.flavour = given;
  INFO(given);
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(workspace->project.name == "ds");
}

TEST_CASE("the list of components takes every form", "[config][workspace]") {
  ConfigFixture fixture;
  SECTION("a list") {
    fixture.flavour("project:\n  flavour:\n    - mlflow\n    - lake\n");
  }
  SECTION("commas") {
    fixture.flavour("project:\n  flavour: mlflow,lake\n");
  }
  SECTION("blanks") {
    fixture.flavour("project:\n  flavour: mlflow   lake\n");
  }
  SECTION("over lines") {
    fixture.flavour("project:\n  flavour: >\n    mlflow,\n    lake\n");
  }
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(listed(*workspace) == Texts{"mlflow", "lake"});
  CHECK_FALSE(workspace->project.all_components);
}

TEST_CASE("all means every component that is neither optional nor retired", "[config][workspace]") {
  ConfigFixture fixture;
  const auto* text = GENERATE("project: {flavour: all}\n", "project: {flavour: [all]}\n", "project: {flavour: }\n",
                              "project: {name: x}\n");
  fixture.flavour(text);
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(listed(*workspace) == Texts{"lake", "mlflow"});
  CHECK(workspace->project.all_components);
  CHECK(support::to_text(workspace->project.flavour[0].at).find("/r/flavours/ds.yaml:1:") == 0);
}

TEST_CASE("keys of later versions are known and said to be unread", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.flavour("schema: v1\nproject: {flavour: [lake]}\njobs: {}\n");
  CHECK(fixture.load());
  CHECK(fixture.problems() == Texts{"wDM217 \"jobs\" is reserved for a later version and not read"});
}

TEST_CASE("retired and old names are followed, repetitions dropped", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.component("older", "replaced_by: minio\nreason: older still\n");
  fixture.flavour("project: {flavour: 'minio, mlf, older, mlflow, mlflow'}\n");
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(listed(*workspace) == Texts{"lake", "mlflow"});
  CHECK(fixture.problems() == Texts{"wDM204 component \"minio\" is retired; \"lake\" is used instead",
                                    "wDM205 \"mlf\" is an old name of component \"mlflow\"",
                                    "wDM204 component \"older\" is retired; \"lake\" is used instead",
                                    "wDM219 component \"mlflow\" is listed twice",
                                    "wDM219 component \"mlflow\" is listed twice"});
  CHECK(fixture.diagnostics.items()[0].notes == Texts{"gone"});
  CHECK(fixture.diagnostics.items()[0].hint == "write lake");
}

TEST_CASE("a flavour of an older version loads without what is not offered", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.flavour("project: {flavour: 'kafka, mlflow'}\nkafka: {release: k}\n");
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(listed(*workspace) == Texts{"mlflow"});
  CHECK(fixture.problems() == Texts{"wDM203 component \"kafka\" cannot be installed and is left out",
                                    "wDM225 the settings of retired component \"kafka\" are not read"});
  CHECK(fixture.diagnostics.items()[0].hint == "remove it from the list");
}

TEST_CASE("a replacement that does not exist, or a circle of them, is an error", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.component("a", "replaced_by: b\nreason: x\n");
  fixture.component("b", "replaced_by: a\nreason: x\n");
  fixture.component("c", "replaced_by: nowhere\nreason: x\n");
  fixture.flavour("project: {flavour: [a, c]}\n");
  CHECK(fixture.problems_of_load() == Texts{"DM203 component \"a\" is retired", "DM203 component \"c\" is retired"});
  CHECK(fixture.diagnostics.items()[1].hint == "its replacement is \"nowhere\", which this version does not have yet");
}

TEST_CASE("only what a run can reach is read", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.component("rust", "summary: R\nprovides: {s3: {endpoint: a, region: b, secret: {name: c}}}\n");
  fixture.component("beta",
                    "summary: Beta\noptional: true\nmanifests: [{file: none.yaml}]\nsettings: {a: {type: string}}\n");
  SECTION("needs are followed to the default provider") {
    fixture.flavour("project: {flavour: [mlflow]}\n");
    CHECK(configured(*fixture.load()) == Texts{"lake", "mlflow"});
  }
  SECTION("a listed provider takes its place") {
    fixture.flavour("project: {flavour: [mlflow, rust]}\n");
    CHECK(configured(*fixture.load()) == Texts{"mlflow", "rust"});
  }
  SECTION("so does a chosen one") {
    fixture.flavour("project: {flavour: [mlflow], providers: {s3: rust}}\n");
    CHECK(configured(*fixture.load()) == Texts{"mlflow", "rust"});
  }
  SECTION("so does a service outside") {
    fixture.flavour("project: {flavour: [mlflow]}\nservices: {s3: {endpoint: x, secret: {name: y}}}\n");
    const auto workspace = fixture.load();
    REQUIRE(workspace);
    CHECK(configured(*workspace) == Texts{"mlflow"});
    REQUIRE(workspace->services.size() == 1);
    CHECK(support::write_json(workspace->services[0].outputs) ==
          R"({"endpoint":"x","secret":{"name":"y"},"region":"us-east-1"})");
  }
  SECTION("-c adds to it") {
    fixture.flavour("project: {flavour: [lake]}\n");
    fixture.request.components = {"mlflow"};
    CHECK(configured(*fixture.load()) == Texts{"lake", "mlflow"});
  }
  SECTION("so do settings") {
    fixture.flavour("project: {flavour: [lake]}\nmlf: {workers: 3}\n");
    CHECK(configured(*fixture.load()) == Texts{"lake", "mlflow"});
  }
}

TEST_CASE("paths are expanded and taken from their file's folder", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.environment["DATA"] = "/mnt/data";
  const auto folder_for = [&](const std::string& path) {
    fixture.flavour("project: {flavour: [lake], data_folder: '" + path + "'}\n");
    const auto workspace = fixture.load();
    return workspace ? workspace->project.data_folder : std::string("refused");
  };
  CHECK(folder_for("../files") == "/r/files");
  CHECK(folder_for("files") == "/r/flavours/files");
  CHECK(folder_for("/abs/") == "/abs");
  CHECK(folder_for("~") == "/home/x");
  CHECK(folder_for("~/d") == "/home/x/d");
  CHECK(folder_for("${env.DATA}/x") == "/mnt/data/x");
  CHECK(folder_for("a~b") == "/r/flavours/a~b");
  CHECK(folder_for("${env.NOPE}") == "refused");
  fixture.environment.erase("HOME");
  CHECK(folder_for("~/d") == "refused");
  CHECK(fixture.problems() == Texts{"DM243 the path \"~/d\" needs the environment variable HOME, which is not set"});
}

TEST_CASE("the original's data_folder is found where it was", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.flavour("project: {flavour: [lake], data_folder: data}\n");
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(workspace->project.data_folder == "/r/data");
  CHECK(fixture.problems() ==
        Texts{"wDM218 \"data_folder\" is taken from the flavour's folder now; /r/data is used, as before"});
}

TEST_CASE("flags and the user's file take their places in the order of precedence", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.request.user_file = "/home/x/.config/datamill/config.yaml";
  fixture.files.set(fixture.request.user_file, "project: {k8s_namespace: users, proxy_port: 9000}\nparallelism: 4\n");
  fixture.flavour("project: {flavour: [lake], k8s_namespace: flavours}\n");
  auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(workspace->project.k8s_namespace == "flavours");
  CHECK(workspace->project.proxy_port == 9000);
  CHECK(workspace->values.at("project.proxy_port").origin.rule == "user file");
  CHECK(workspace->values.at("project.k8s_namespace").origin.rule == "flavour");
  CHECK(workspace->values.at("project.k8s_namespace").losers.at(0).rule == "user file");
  CHECK(workspace->values.at("parallelism").value.scalar == "4");
  fixture.request.k8s_namespace = "flags";
  workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(workspace->project.k8s_namespace == "flags");
  const auto& value = workspace->values.at("project.k8s_namespace");
  CHECK(value.origin.rule == "-n");
  CHECK(value.value.scalar == "flags");
  CHECK(value.losers.at(0).rule == "flavour");
  CHECK(support::to_text(value.losers.at(0).at) == "/r/flavours/ds.yaml:1:43");
}

TEST_CASE("every value knows its place", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.flavour("project:\n  flavour: [mlflow]\nmlflow:\n  workers: 7\n");
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  const auto& workers = workspace->values.at("mlflow.workers");
  CHECK(support::to_text(workers.origin.at) == "/r/flavours/ds.yaml:4:12");
  CHECK(workers.origin.rule == "flavour block");
  REQUIRE(workers.losers.size() == 1);
  CHECK(support::to_text(workers.losers[0].at) == "/r/components/mlflow/component.yaml:5:37");
  CHECK(workers.losers[0].rule == "default of component.yaml");
  CHECK(support::to_text(workspace->values.at("mlflow.release").origin.at) ==
        "/r/components/mlflow/component.yaml:4:34");
  CHECK(support::write_json(workspace->values.at("project.flavour").value) == R"(["mlflow"])");
}

TEST_CASE("chart mirrors come from the user's file and the environment", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.request.user_file = "/home/x/c.yaml";
  fixture.files.set("/home/x/c.yaml",
                    "chart_mirrors:\n  https://a: charts\n  https://b: http://mirror/b\n  oci://c: ~/c\n");
  auto workspace = fixture.load();
  REQUIRE(workspace);
  using Mirrors = std::map<std::string, std::string>;
  CHECK(workspace->user.chart_mirrors ==
        Mirrors{{"https://a", "/home/x/charts"}, {"https://b", "http://mirror/b"}, {"oci://c", "/home/x/c"}});
  fixture.environment["DATAMILL_CHART_MIRROR"] = "https://a=/other, https://d=http://e/?x=1";
  workspace = fixture.load();
  CHECK(workspace->user.chart_mirrors.at("https://a") == "/other");
  CHECK(workspace->user.chart_mirrors.at("https://d") == "http://e/?x=1");
  CHECK(workspace->user.chart_mirrors.at("https://b") == "http://mirror/b");
  fixture.environment["DATAMILL_CHART_MIRROR"] = "http://127.0.0.1:8879/?key=1";
  CHECK(fixture.load()->user.chart_mirrors.at("") == "http://127.0.0.1:8879/?key=1");
  fixture.environment["DATAMILL_CHART_MIRROR"] = "https://a=/other,/charts";
  CHECK(fixture.problems_of_load() ==
        Texts{"DM240 DATAMILL_CHART_MIRROR names \"/charts\" without the repository it stands for"});
}

TEST_CASE("the user's file is read strictly, a missing one is none", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.request.user_file = "/home/x/c.yaml";
  CHECK(fixture.load());
  fixture.files.set("/home/x/c.yaml", "chart_mirror: {}\nproject: {flavour: all}\n");
  CHECK(fixture.problems_of_load() == Texts{"DM120 unknown key \"flavour\" in \"project\" of the user file",
                                            "DM120 unknown key \"chart_mirror\" in the user file"});
}

TEST_CASE("a chart's digest follows its files and nothing else", "[config][workspace]") {
  ConfigFixture fixture;
  fixture.component("web", "summary: Web\nreleases: [{name: web, chart: {path: charts/web}}]\n");
  fixture.flavour("project: {flavour: [web]}\n");
  const auto digest = [&] { return fixture.load()->configs.at("web").chart_digests.at("charts/web"); };
  CHECK(fixture.problems_of_load() == Texts{"DM232 there is no chart in \"/r/charts/web\""});
  fixture.files.set("/r/charts/web/Chart.yaml", "a");
  fixture.files.set("/r/charts/web/templates/x.yaml", "b");
  const auto first = digest();
  fixture.files.set("/r/charts/other/x", "c");
  CHECK(digest() == first);
  fixture.files.set("/r/charts/web/templates/x.yaml", "c");
  const auto changed = digest();
  CHECK(changed != first);
  fixture.files.remove("/r/charts/web/templates/x.yaml");
  fixture.files.set("/r/charts/web/templates/y.yaml", "c");
  CHECK(digest() != changed);
}
