// Every bad file and name of a run: a clear message at its place, and nothing is loaded.
#include "fixture.hpp"
#include "support/catch.hpp"

using datamill::tests::ConfigFixture;
using datamill::tests::Texts;
using namespace datamill;
using domain::Location;

namespace {

struct FlavourCase {
  std::string why{};
  std::string flavour{};
  Texts problems{};
  std::string place{};  ///< of the first one, without the file
  std::string hint{};   ///< of the first one
};

}  // namespace

TEST_CASE("a flavour file that cannot be read is an error", "[config][bad]") {
  ConfigFixture fixture;
  SECTION("missing") {
    fixture.request.flavour = "dss";
    CHECK(fixture.problems_of_load() == Texts{"DM202 there is no flavour \"dss\", neither here nor in /r/flavours"});
    CHECK(fixture.first_hint() == "did you mean \"ds\"? available flavours: ds");
  }
  SECTION("missing path") {
    fixture.request.flavour = "elsewhere/x.yaml";
    CHECK(fixture.problems_of_load() ==
          Texts{"DM202 there is no flavour \"elsewhere/x.yaml\", neither here nor in /r/flavours"});
    CHECK(fixture.first_hint() == "available flavours: ds");
  }
  SECTION("empty") {
    fixture.flavour("");
    CHECK(fixture.problems_of_load() == Texts{"DM206 the flavour is empty"});
    CHECK(fixture.first_place() == "/r/flavours/ds.yaml");
  }
  SECTION("only a comment") {
    fixture.flavour("# nothing\n---\n");
    CHECK(fixture.problems_of_load() == Texts{"DM206 the flavour is empty"});
  }
  SECTION("unreadable") {
    fixture.flavour("x");
    fixture.files.set_problem("/r/flavours/ds.yaml", "Permission denied");
    CHECK(fixture.problems_of_load() == Texts{"DM109 the file cannot be read: Permission denied"});
    CHECK(fixture.first_hint() == "let yourself read it: chmod u+r");
  }
  SECTION("not UTF-8") {
    fixture.flavour("project: {name: \xE4}\n");
    CHECK(fixture.problems_of_load() == Texts{"DM100 byte 0xE4 is not UTF-8 text"});
    CHECK(fixture.first_place() == "/r/flavours/ds.yaml:1:17");
  }
  SECTION("100 MB") {
    constexpr std::size_t kBytes = 100'000'000;
    std::string text;
    text.resize(kBytes, 'x');
    fixture.flavour(text);
    CHECK(fixture.problems_of_load() == Texts{"DM108 the file is larger than 4 MiB"});
  }
  SECTION("a directory") {
    fixture.request.flavour = "/r/flavours";
    CHECK(fixture.problems_of_load() == Texts{"DM109 flavour \"/r/flavours\" is a directory, not a file"});
    CHECK(fixture.first_hint() == "available flavours: ds");
  }
  SECTION("a list") {
    fixture.flavour("- a\n");
    CHECK(fixture.problems_of_load() == Texts{"DM121 a flavour must be a map with the key \"project\""});
  }
  SECTION("no project") {
    fixture.flavour("local: {cpus: 1}\n");
    CHECK(fixture.problems_of_load() == Texts{"DM122 the flavour needs \"project\""});
  }
}

TEST_CASE("the content of a flavour is read strictly", "[config][bad]") {
  const auto c = GENERATE(values<FlavourCase>({
      {"syntax",
       "project:\n  flavour: [mlflow\n",
       {"DM101 this \"[\" is never closed, or an item in it ends too early"},
       ":2:12",
       "put text that holds , [ ] { } or # between quotes"},
      {"duplicate key",
       "project: {flavour: all}\nmlflow: {}\nmlflow: {}\n",
       {"DM102 key \"mlflow\" is given twice"},
       ":3:1",
       "remove one of the two; the first is at /r/flavours/ds.yaml:2:1"},
      {"unknown project key",
       "project: {flavor: all}\n",
       {"DM120 unknown key \"flavor\" in \"project\"", "wDM215 the flavour lists no components, so all are meant"},
       ":1:11",
       "did you mean \"flavour\"?"},
      {"unknown top-level key",
       "project: {flavour: all}\nmlfow: {}\n",
       {"DM120 unknown key \"mlfow\" in the flavour"},
       ":2:1",
       "did you mean \"mlflow\"?"},
      {"unknown component in a text",
       "project:\n  flavour: lake, mlfloww\n",
       {"DM201 unknown component \"mlfloww\""},
       ":2:18",
       "did you mean \"mlflow\"? `datamill list components` shows all names"},
      {"unknown component in a quoted text",
       "project: {flavour: 'lake mlfloww'}\n",
       {"DM201 unknown component \"mlfloww\""},
       ":1:26",
       "did you mean \"mlflow\"? `datamill list components` shows all names"},
      {"unknown component in a list",
       "project: {flavour: [lake, zzz]}\n",
       {"DM201 unknown component \"zzz\""},
       ":1:27",
       "`datamill list components` shows all names"},
      {"all among names",
       "project: {flavour: 'lake, all'}\n",
       {"DM216 \"all\" stands among names of components"},
       ":1:27",
       "write either all or the names"},
      {"port",
       "project: {flavour: all, proxy_port: 99999}\n",
       {"DM123 \"proxy_port\" of \"project\" must be between 1 and 65535, not 99999"},
       ":1:37",
       ""},
      {"octal-looking number",
       "project: {flavour: all, proxy_port: 08088}\n",
       {"DM121 \"proxy_port\" of \"project\" must be a whole number, not text \"08088\""},
       ":1:37",
       "write 8088, without leading zeros"},
      {"namespace",
       "project: {flavour: all, k8s_namespace: Data_Mill}\n",
       {"DM209 \"k8s_namespace\" cannot be \"Data_Mill\": it has upper-case letters, only lower-case ones are allowed"},
       ":1:40",
       "write for example data-mill"},
      {"name",
       "project: {flavour: all, name: a/b}\n",
       {"DM209 \"name\" of the project cannot be \"a/b\": it may only hold lower-case letters, digits and \"-\""},
       ":1:31",
       "write for example a-b"},
      {"config folder",
       "project: {flavour: all, config_folder: nowhere}\n",
       {"DM218 there is no folder \"/r/flavours/nowhere\" for \"config_folder\""},
       ":1:40",
       "relative paths start at the flavour's folder"},
      {"environment",
       "project: {flavour: all, config_folder: '${env.NOPE}/x'}\n",
       {"DM243 the path \"${env.NOPE}/x\" needs the environment variable NOPE, which is not set"},
       ":1:40",
       "set NOPE, or write the path out"},
      {"unknown setting",
       "project: {flavour: [mlflow]}\nmlflow: {wrokers: 1}\n",
       {"DM220 component \"mlflow\" has no setting \"wrokers\""},
       ":2:10",
       "did you mean \"workers\"?"},
      {"setting's type",
       "project: {flavour: [mlflow]}\nmlflow: {workers: many}\n",
       {"DM221 setting \"workers\" of component \"mlflow\" must be a whole number"},
       ":2:19",
       ""},
      {"setting's size",
       "project: {flavour: [lake]}\nlake: {size: 10 GB}\n",
       {"DM221 setting \"size\" of component \"lake\" must be a quantity, for example 10Gi or 500m"},
       ":2:14",
       ""},
      {"setting's name",
       "project: {flavour: [lake]}\nlake: {release: A}\n",
       {"DM221 setting \"release\" of component \"lake\" must be a name that Kubernetes takes: it has upper-case "
        "letters, only lower-case ones are allowed"},
       ":2:17",
       ""},
      {"settings as text",
       "project: {flavour: [lake]}\nlake: text\n",
       {"DM121 the settings of component \"lake\" must be a map"},
       ":2:7",
       ""},
      {"unknown capability",
       "project: {flavour: all, providers: {s4: lake}}\n",
       {"DM207 there is no capability \"s4\""},
       ":1:37",
       "did you mean \"s3\"?"},
      {"wrong provider",
       "project: {flavour: all, providers: {s3: mlflow}}\n",
       {"DM242 component \"mlflow\" does not provide \"s3\""},
       ":1:41",
       ""},
      {"unknown provider",
       "project: {flavour: all, providers: {s3: lak}}\n",
       {"DM201 unknown component \"lak\""},
       ":1:41",
       "did you mean \"lake\"? `datamill list components` shows all names"},
      {"unknown service",
       "project: {flavour: all}\nservices: {s33: {}}\n",
       {"DM207 there is no capability \"s33\""},
       ":2:12",
       "did you mean \"s3\"?"},
      {"service lacks an output",
       "project: {flavour: all}\nservices: {s3: {endpoint: x}}\n",
       {"DM208 service \"s3\" does not give \"secret.name\", which capability \"s3\" needs"},
       ":2:12",
       ""},
      {"service has another output",
       "project: {flavour: all}\nservices: {s3: {endpont: x, endpoint: y, secret: {name: z}}}\n",
       {"DM208 service \"s3\" gives \"endpont\", which capability \"s3\" does not have"},
       ":2:12",
       "did you mean \"endpoint\"?"},
      {"location as text", "project: {flavour: all}\nlocal: minikube\n", {"DM121 \"local\" must be a map"}, ":2:8", ""},
  }));
  INFO(c.why);
  ConfigFixture fixture;
  fixture.flavour(c.flavour);
  CHECK(fixture.problems_of_load() == c.problems);
  CHECK(fixture.first_place() == "/r/flavours/ds.yaml" + c.place);
  CHECK(fixture.first_hint() == c.hint);
}

TEST_CASE("all problems of a run are reported at once", "[config][bad]") {
  ConfigFixture fixture;
  fixture.flavour("project: {flavour: [lake, zzz], proxy_port: no}\nmlflow: {workers: x}\nlocal: {cpus: 0}\n");
  fixture.component("broken", "summary: [x\n");
  fixture.request.location = Location::local;
  fixture.request.components = {"lak"};
  CHECK(fixture.problems_of_load() ==
        Texts{"DM121 \"proxy_port\" of \"project\" must be a whole number, not text \"no\"",
              "DM123 \"cpus\" of \"local\" must be between 1 and 4096, not 0",
              "DM101 this \"[\" is never closed, or an item in it ends too early", "DM201 unknown component \"zzz\"",
              "DM201 unknown component \"lak\"",
              "DM221 setting \"workers\" of component \"mlflow\" must be a whole number"});
}

TEST_CASE("targets are read strictly", "[config][bad]") {
  const auto c = GENERATE(values<FlavourCase>({
      {"empty -t", "", {"DM211 the target does not define \"local\"; looked in /t.yaml"}, "", ""},
      {"unknown location",
       "locale: {cpus: 1}\n",
       {"DM120 unknown key \"locale\" in the target", "DM211 the target does not define \"local\"; looked in /t.yaml"},
       "/t.yaml:1:1",
       "did you mean \"local\"?"},
      {"cpus",
       "local: {cpus: many}\n",
       {"DM121 \"cpus\" of \"local\" must be a whole number, not text \"many\""},
       "/t.yaml:1:15",
       ""},
      {"memory",
       "local: {memory: 16 GB}\n",
       {"DM123 \"memory\" of \"local\" is no size: \"16 GB\""},
       "/t.yaml:1:17",
       "write for example 16Gi, 60G or 512Mi; a plain number is MiB"},
      {"gpu",
       "local: {gpu_support: yes}\n",
       {"DM121 \"gpu_support\" of \"local\" must be true or false, not text \"yes\""},
       "/t.yaml:1:22",
       "write true"},
      {"cluster name",
       "local: {cluster_name: My Cluster}\n",
       {"DM209 \"cluster_name\" cannot be \"My Cluster\": it has upper-case letters, only lower-case ones are allowed"},
       "/t.yaml:1:23",
       "write for example my-cluster"},
  }));
  INFO(c.why);
  ConfigFixture fixture;
  fixture.files.set("/t.yaml", c.flavour);
  fixture.request.flavour = "ds";
  fixture.request.target = "/t.yaml";
  fixture.request.location = Location::local;
  CHECK(fixture.problems_of_load() == c.problems);
  CHECK(fixture.first_place() == c.place);
  if (!c.hint.empty()) CHECK(fixture.first_hint() == c.hint);
}

TEST_CASE("-n and -c are checked", "[config][bad]") {
  ConfigFixture fixture;
  fixture.request.k8s_namespace = "Not Good";
  fixture.request.components = {"components/mlflow/", "mlf", "minio", "kafka", "nope"};
  CHECK(fixture.problems_of_load() ==
        Texts{"DM209 the namespace cannot be \"Not Good\": it has upper-case letters, only lower-case ones are allowed",
              "wDM205 \"mlf\" is an old name of component \"mlflow\"",
              "wDM204 component \"minio\" is retired; \"lake\" is used instead",
              "DM203 component \"kafka\" cannot be installed", "DM201 unknown component \"nope\""});
  fixture.request.k8s_namespace.clear();
  fixture.request.components = {"components/mlflow/", "minio"};
  const auto workspace = fixture.load();
  REQUIRE(workspace);
  REQUIRE(workspace->requested.size() == 2);
  CHECK(workspace->requested[0].name == "mlflow");
  CHECK(workspace->requested[1].name == "lake");
}

TEST_CASE("values and manifest files must be what they are named for", "[config][bad]") {
  ConfigFixture fixture;
  fixture.request.flavour = "ds";
  const std::string path = "/r/components/mlflow/mlflow-values.yaml";
  SECTION("syntax") {
    fixture.files.set(path, "a: 'x\n");
    CHECK(fixture.problems_of_load() == Texts{"DM101 this quote is never closed"});
  }
  SECTION("a list") {
    fixture.files.set(path, "- a\n");
    CHECK(fixture.problems_of_load() == Texts{"DM233 a values file must be a map"});
  }
  SECTION("two documents") {
    fixture.files.set(path, "a: 1\n---\nb: 2\n");
    CHECK(fixture.problems_of_load() ==
          Texts{"DM233 the values file \"" + path + "\" has a second document, helm reads one"});
    CHECK(fixture.first_place() == path + ":3:1");
  }
  SECTION("a directory") {
    fixture.files.remove(path);
    fixture.files.set(path + "/x", "");
    CHECK(fixture.problems_of_load() == Texts{"DM109 the file cannot be read: Is a directory"});
  }
  SECTION("a manifest that is text") {
    fixture.component("web", "summary: Web\nmanifests: [{file: web.yaml}]\n");
    fixture.files.set("/r/components/web/web.yaml", "apiVersion: v1\n---\ntext\n");
    fixture.flavour("project: {flavour: [web]}\n");
    CHECK(fixture.problems_of_load() == Texts{"DM233 a manifest must be a map with apiVersion and kind"});
  }
  SECTION("references, anchors and shell text in values are passed on") {
    fixture.files.set(path, "a: &x {q: \"$(x) `y` ${z}\"}\nb: *x\n");
    const auto workspace = fixture.load();
    REQUIRE(workspace);
    CHECK(workspace->configs.at("mlflow").files.at("mlflow-values.yaml").content ==
          "a: &x {q: \"$(x) `y` ${z}\"}\nb: *x\n");
  }
}

TEST_CASE("a settings file holds the component's settings and nothing else", "[config][bad]") {
  ConfigFixture fixture;
  fixture.request.flavour = "ds";
  fixture.files.set("/r/components/mlflow/config.yaml", "mlflow: {workers: 1}\nmlflow_crd: {a: 1}\n");
  CHECK(fixture.problems_of_load() ==
        Texts{"DM224 \"mlflow_crd\" does not belong here: this file holds settings of component \"mlflow\""});
}

TEST_CASE("a required setting must be given, but only for what is used", "[config][bad]") {
  ConfigFixture fixture;
  fixture.component("mail", "summary: Mail\noptional: true\nsettings:\n  host: {type: string, doc: SMTP server}\n");
  fixture.flavour("project: {flavour: [mail]}\n");
  CHECK(fixture.problems_of_load() == Texts{"DM222 component \"mail\" needs the setting \"host\" (SMTP server)"});
  CHECK(fixture.first_hint() == "write mail: {host: ...} into the flavour");
  fixture.flavour("project: {flavour: [mail]}\nmail: {host:}\n");
  CHECK_FALSE(fixture.load());
  fixture.flavour("project: {flavour: [mail]}\nmail: {host: x}\n");
  CHECK(fixture.load());
  fixture.flavour("project: {flavour: [lake]}\n");
  fixture.request.everything = true;
  CHECK(fixture.load());
}
