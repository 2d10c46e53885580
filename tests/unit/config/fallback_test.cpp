// The three fallback rules, each as a table over what exists.
#include "fixture.hpp"
#include "support/catch.hpp"

using datamill::tests::ConfigFixture;
using datamill::tests::Texts;
using namespace datamill;
using domain::Location;

namespace {

struct TargetCase {
  std::string why{};
  std::string flavour{};  ///< location blocks in the flavour
  std::string target{};   ///< text of the -t file, "" for none
  std::string cpus{};     ///< "cpus/memory/rule" of the chosen local target
};

struct SettingsCase {
  std::string why{};
  bool inline_block = false;
  bool flavour_file = false;
  bool default_file = false;
  std::string release{};
  std::string workers{};
  std::string rule{};
  Texts losers{};
};

struct FileCase {
  std::string why{};
  bool config_folder = false;  ///< project.config_folder is given
  bool in_config_folder = false;
  bool beside_flavour = false;
  bool in_component = false;
  std::string content{};  ///< "" means an error
};

}  // namespace

TEST_CASE("rule 1: the target comes from -t over the flavour, else the flavour, else the default", "[config][rule1]") {
  const auto c = GENERATE(values<TargetCase>({
      {"nothing given: the default target", "", "", "8/1024/k8s-targets/default.yaml"},
      {"the flavour has the block", "local: {cpus: 4, memory: 4Gi}\n", "", "4/4096/flavour"},
      {"-t alone", "", "local: {cpus: 6}\n", "6/0/-t /t.yaml"},
      {"-t overlays key by key", "local: {cpus: 4, memory: 4Gi}\n", "local: {cpus: 6}\n",
       "6/4096/-t /t.yaml over flavour"},
      {"-t has no such block, the flavour has", "local: {cpus: 4}\n", "remote: {provider: eks}\n",
       "4/0/-t /t.yaml over flavour"},
      {"-t has it, the flavour has another one", "remote: {provider: eks}\n", "local: {cpus: 6}\n",
       "6/0/-t /t.yaml over flavour"},
      {"a null block is no block", "local:\n", "", "8/1024/k8s-targets/default.yaml"},
      {"another block shuts out the default", "remote: {provider: eks}\n", "", "DM211"},
      {"-t shuts out the default", "", "remote: {provider: eks}\n", "DM211"},
  }));
  INFO(c.why);
  ConfigFixture fixture;
  fixture.files.set("/r/k8s-targets/default.yaml", "local: {cpus: 8, memory: 1024}\n");
  fixture.flavour("project: {flavour: [lake]}\n" + c.flavour);
  if (!c.target.empty()) {
    fixture.files.set("/t.yaml", c.target);
    fixture.request.target = "/t.yaml";
  }
  fixture.request.location = Location::local;
  const auto workspace = fixture.load();
  if (c.cpus == "DM211") {
    CHECK_FALSE(workspace);
    CHECK(fixture.diagnostics.items().front().code == "DM211");
    return;
  }
  REQUIRE(workspace);
  REQUIRE(workspace->target);
  CHECK(fmt::format("{}/{}/{}", workspace->target->cpus, workspace->target->memory.count, workspace->target->rule) ==
        c.cpus);
}

TEST_CASE("rule 1: k8s_default_config names the default target", "[config][rule1]") {
  ConfigFixture fixture;
  fixture.request.location = Location::local;
  fixture.flavour("project: {flavour: [lake], k8s_default_config: kwok.yaml}\n");
  CHECK(fixture.load()->target->provider == "kwok");
  fixture.flavour("project: {flavour: [lake], k8s_default_config: kwok}\n");
  CHECK(fixture.load()->target->provider == "kwok");
  fixture.flavour("project: {flavour: [lake], k8s_default_config: kwk.yaml}\n");
  CHECK(fixture.problems_of_load() ==
        Texts{"DM210 there is no target \"/r/k8s-targets/kwk.yaml\", neither here nor in /r/k8s-targets"});
  CHECK(fixture.first_place() == "/r/flavours/ds.yaml:1:48");
  CHECK(fixture.first_hint() == "did you mean \"kwok\"? available targets: default, kwok");
}

TEST_CASE("rule 1: an overlaid key remembers where it lost", "[config][rule1]") {
  ConfigFixture fixture;
  fixture.flavour("project: {flavour: [lake]}\nlocal: {cpus: 4, memory: 4Gi}\n");
  fixture.request.target = "kwok";
  fixture.request.location = Location::local;
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  const auto& cpus = workspace->values.at("local.cpus");
  CHECK(cpus.value.scalar == "2");
  CHECK(cpus.origin.rule == "-t kwok");
  CHECK(support::to_text(cpus.origin.at) == "/r/k8s-targets/kwok.yaml:1:31");
  REQUIRE(cpus.losers.size() == 1);
  CHECK(support::to_text(cpus.losers[0].at) == "/r/flavours/ds.yaml:2:15");
  CHECK(workspace->values.at("local.memory").origin.rule == "flavour");
  CHECK(workspace->target->block.text_at("memory") == "4Gi");
}

TEST_CASE("rule 1: a location that is not defined says where it was looked for", "[config][rule1]") {
  ConfigFixture fixture;
  fixture.flavour("project: {flavour: [nothing]}\nlocal: {cpus: 4}\n");
  fixture.request.target = "kwok";
  fixture.request.location = Location::remote;
  CHECK(fixture.problems_of_load() ==
        Texts{"DM211 the target does not define \"remote\"; looked in /r/flavours/ds.yaml and /r/k8s-targets/kwok.yaml",
              "DM201 unknown component \"nothing\""});
  CHECK(fixture.first_hint() == "write \"remote: {provider: eks}\" there, or give another target with -t; available "
                                "targets: default, kwok");
}

TEST_CASE("rule 2: settings come from the first of three places alone", "[config][rule2]") {
  const auto c = GENERATE(values<SettingsCase>({
      {"none", false, false, false, "mlflow", "2", "defaults of component.yaml", {}},
      {"default file",
       false,
       false,
       true,
       "default",
       "2",
       "components/mlflow/config.yaml",
       {"default of component.yaml"}},
      {"file of the flavour's name",
       false,
       true,
       false,
       "named",
       "2",
       "components/mlflow/ds.yaml",
       {"default of component.yaml"}},
      {"both files",
       false,
       true,
       true,
       "named",
       "2",
       "components/mlflow/ds.yaml",
       {"components/mlflow/config.yaml", "default of component.yaml"}},
      {"inline", true, false, false, "inline", "9", "flavour block", {"default of component.yaml"}},
      {"inline and default file",
       true,
       false,
       true,
       "inline",
       "9",
       "flavour block",
       {"components/mlflow/config.yaml", "default of component.yaml"}},
      {"inline and named file",
       true,
       true,
       false,
       "inline",
       "9",
       "flavour block",
       {"components/mlflow/ds.yaml", "default of component.yaml"}},
      {"all",
       true,
       true,
       true,
       "inline",
       "9",
       "flavour block",
       {"components/mlflow/ds.yaml", "components/mlflow/config.yaml", "default of component.yaml"}},
  }));
  INFO(c.why);
  ConfigFixture fixture;
  fixture.flavour(std::string("project: {flavour: [mlflow]}\n") +
                  (c.inline_block ? "mlflow: {release: inline, workers: 9}\n" : ""));
  if (c.flavour_file) fixture.files.set("/r/components/mlflow/ds.yaml", "mlflow: {release: named}\n");
  if (c.default_file) fixture.files.set("/r/components/mlflow/config.yaml", "mlflow: {release: default}\n");
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  const auto& config = workspace->configs.at("mlflow");
  const auto& release = config.settings.at("release");
  CHECK(release.value.scalar == c.release);
  CHECK(config.settings.at("workers").value.scalar == c.workers);
  CHECK(config.settings_origin.rule == c.rule);
  Texts losers;
  for (const auto& loser : release.losers)
    losers.push_back(loser.rule);
  CHECK(losers == c.losers);
  CHECK(workspace->values.at("mlflow.release").value.scalar == c.release);
}

TEST_CASE("rule 2: component_default_config names the default file", "[config][rule2]") {
  ConfigFixture fixture;
  fixture.flavour("project: {flavour: [mlflow], component_default_config: small.yaml}\n");
  fixture.files.set("/r/components/mlflow/small.yaml", "mlflow: {workers: 1}\n");
  fixture.files.set("/r/components/mlflow/config.yaml", "mlflow: {workers: 7}\n");
  CHECK(fixture.load()->configs.at("mlflow").settings.at("workers").value.scalar == "1");
}

TEST_CASE("rule 2: an empty block is a block, a null one is not", "[config][rule2]") {
  ConfigFixture fixture;
  fixture.files.set("/r/components/mlflow/config.yaml", "mlflow: {workers: 7}\n");
  fixture.flavour("project: {flavour: [mlflow]}\nmlflow: {}\n");
  CHECK(fixture.load()->configs.at("mlflow").settings.at("workers").value.scalar == "2");
  fixture.flavour("project: {flavour: [mlflow]}\nmlflow:\n");
  CHECK(fixture.load()->configs.at("mlflow").settings.at("workers").value.scalar == "7");
  fixture.files.set("/r/components/mlflow/config.yaml", "");
  CHECK(fixture.load()->configs.at("mlflow").settings.at("workers").value.scalar == "2");
}

TEST_CASE("rule 2: a flavour's name does not turn other files into settings", "[config][rule2]") {
  ConfigFixture fixture;
  fixture.flavour("project: {flavour: [mlflow]}\n", "/r/flavours/component.yaml");
  CHECK(fixture.load());
}

TEST_CASE("rule 2: old keys work, with a warning that names the new one", "[config][rule2]") {
  ConfigFixture fixture;
  fixture.flavour("project: {flavour: [mlflow]}\nmlf: {workers: 5}\n");
  auto workspace = fixture.load();
  REQUIRE(workspace);
  CHECK(workspace->configs.at("mlflow").settings.at("workers").value.scalar == "5");
  CHECK(fixture.problems() == Texts{"wDM205 \"mlf\" is an old key of component \"mlflow\""});
  CHECK(fixture.first_hint() == "write mlflow:");
  fixture.flavour("project: {flavour: [mlflow]}\n");
  fixture.files.set("/r/components/mlflow/config.yaml", "mlf: {workers: 6}\n");
  workspace = fixture.load();
  CHECK(workspace->configs.at("mlflow").settings.at("workers").value.scalar == "6");
  fixture.files.remove("/r/components/mlflow/config.yaml");
  fixture.flavour("project: {flavour: [mlflow]}\nmlf: {workers: 5}\nmlflow: {workers: 6}\n");
  CHECK_FALSE(fixture.load());
  CHECK(fixture.problems().back() ==
        "DM226 the settings of component \"mlflow\" are given twice, as \"mlf\" and \"mlflow\"");
}

TEST_CASE("rule 3: a file lies in config_folder, else beside the flavour, else in the component", "[config][rule3]") {
  const auto c = GENERATE(values<FileCase>({
      {"component only", false, false, false, true, "component"},
      {"beside the flavour", false, false, true, true, "flavour"},
      {"beside the flavour only", false, false, true, false, "flavour"},
      {"config_folder", true, true, true, true, "folder"},
      {"config_folder shuts out the flavour's folder", true, false, true, true, "component"},
      {"config_folder, nowhere", true, false, true, false, ""},
      {"nowhere", false, false, false, false, ""},
  }));
  INFO(c.why);
  ConfigFixture fixture;
  fixture.files.set("/r/values/", "");
  fixture.files.remove("/r/components/mlflow/mlflow-values.yaml");
  fixture.flavour(c.config_folder ? "project: {flavour: [mlflow], config_folder: ../values}\n"
                                  : "project: {flavour: [mlflow]}\n");
  const auto put = [&](bool wanted, const std::string& path, const std::string& from) {
    if (wanted) fixture.files.set(path, "from: " + from + "\n");
  };
  put(c.in_config_folder, "/r/values/mlflow-values.yaml", "folder");
  put(c.beside_flavour, "/r/flavours/mlflow-values.yaml", "flavour");
  put(c.in_component, "/r/components/mlflow/mlflow-values.yaml", "component");
  const auto workspace = fixture.load();
  if (c.content.empty()) {
    CHECK_FALSE(workspace);
    const std::string first = c.config_folder ? "/r/values" : "/r/flavours";
    CHECK(fixture.problems() ==
          Texts{"DM230 component \"mlflow\" names the file \"mlflow-values.yaml\", which is neither \"" + first +
                "/mlflow-values.yaml\" nor \"/r/components/mlflow/mlflow-values.yaml\""});
    CHECK(fixture.first_place() == "/r/components/mlflow/component.yaml:10:14");
    return;
  }
  REQUIRE(workspace);
  CHECK(workspace->configs.at("mlflow").files.at("mlflow-values.yaml").content == "from: " + c.content + "\n");
}

TEST_CASE("rule 3: names of files may refer to settings", "[config][rule3]") {
  ConfigFixture fixture;
  fixture.component("web", "summary: Web\n"
                           "settings: {size: {type: name, default: small}}\n"
                           "releases:\n"
                           "  - name: web\n"
                           "    chart: {oci: oci://example.org/web, version: 1.0.0}\n"
                           "    values: [\"${settings.size}-values.yaml\"]\n");
  fixture.files.set("/r/components/web/large-values.yaml", "a: 1\n");
  fixture.flavour("project: {flavour: [web]}\nweb: {size: large}\n");
  CHECK(fixture.load()->configs.at("web").files.count("large-values.yaml") == 1);
  fixture.component("web", "summary: Web\nmanifests: [{file: \"${project.name}.yaml\"}]\n");
  fixture.flavour("project: {flavour: [web]}\n");
  CHECK(fixture.problems_of_load() ==
        Texts{"DM231 the name of a file may only refer to settings: \"${project.name}.yaml\""});
}

TEST_CASE("the three set-ups of data-mill's README work", "[config][rules]") {
  ConfigFixture fixture;
  SECTION("one folder per flavour with flavour, target and values") {
    fixture.flavour("project: {flavour: [mlflow]}\nlocal: {cpus: 3}\n", "/work/mine/mine.yaml");
    fixture.files.set("/work/mine/mlflow-values.yaml", "from: mine\n");
    fixture.request.location = Location::local;
    const auto workspace = fixture.load();
    REQUIRE(workspace);
    CHECK(workspace->target->cpus == 3);
    CHECK(workspace->configs.at("mlflow").files.at("mlflow-values.yaml").content == "from: mine\n");
  }
  SECTION("one folder for all flavours and a config_folder") {
    fixture.flavour("project: {flavour: [mlflow], config_folder: ~/values}\n");
    fixture.files.set("/home/x/values/mlflow-values.yaml", "from: home\n");
    CHECK(fixture.load()->configs.at("mlflow").files.at("mlflow-values.yaml").path ==
          "/home/x/values/mlflow-values.yaml");
  }
  SECTION("component defaults") {
    fixture.request.flavour = "ds";
    CHECK(fixture.load()->configs.at("mlflow").files.at("mlflow-values.yaml").path ==
          "/r/components/mlflow/mlflow-values.yaml");
  }
}
