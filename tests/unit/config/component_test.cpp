#include "fixture.hpp"
#include "support/catch.hpp"

using datamill::tests::ConfigFixture;
using datamill::tests::Texts;
using namespace datamill;

namespace {

constexpr auto kFull = R"(summary: Everything
category: ml
tier: 2
settings:
  release: {type: name, default: full, doc: Helm release name}
  size: {type: quantity, default: 10Gi}
  wait: {type: duration, default: 5m}
  debug: {type: boolean, default: false}
  hosts: {type: list, default: [a, b]}
  extra: {type: map, default: {k: v}}
  url: {type: name, default: "${project.name}"}
provides:
  s3: {endpoint: "http://${settings.release}", region: any, secret: {name: full-s3}}
  metrics:
default_for: s3
needs:
  - postgres
  - {name: lake, when: {setting: debug}}
uses: metrics
after: [mlflow]
conflicts: [beta]
aliases: [old-full]
namespace: full-system
scope: cluster
secrets:
  - name: pg-full
    type: kubernetes.io/basic-auth
    keys:
      username: full
      password: {random: {bytes: 32, as: hex}}
  - name: derived
    keys:
      uri: {template: "postgres://${secret.pg-full.username}"}
      copy: {from: {secret: pg-full, key: password}}
      plain: {random: {}}
    when: {capability: postgres}
buckets: [full, {name: "${settings.release}", seed: "charts/${settings.release}/Chart.yaml"}]
clients:
  s3: {pods: "a=${settings.release}", container: c, command: [mc, -q], database: d, secret: {name: full-s3, username: u}}
databases: [{name: full, owner_secret: pg-full}]
per_bucket: {manifests: [{file: bucket.yaml, template: true}]}
per_database: {manifests: [{file: bucket.yaml}]}
releases:
  - name: ${settings.release}
    chart: {repo: https://example.org/charts, name: full, version: 1.2.3}
    values: [full-values.yaml]
    set: {a: {b: "${s3.endpoint}", c: 3}}
    timeout: 15m
    when: {fact: simulated, is: false}
  - {name: second, chart: {oci: oci://example.org/full, version: "2.0"}}
  - {name: third, chart: {path: charts/full}}
manifests:
  - file: full.yaml
    template: true
    phase: before
    data: true
    keep: {annotate: cnpg.io/hibernation=on, condition: cnpg.io/hibernation}
    wait:
      - {resource: "cluster.postgresql.cnpg.io/${settings.release}", condition: Ready, timeout: 2m}
      - {resource: database/x, jsonpath: "{.status.applied}", value: true, when: {fact: gpu}}
  - url: https://example.org/x.yaml
    sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    wait: {resource: deployment/x, condition: Available}
  - kustomize: https://example.org/x?ref=v1
images: [tool]
crds: [fulls.example.io]
placement: gpu
estimate: 90s
requests: {cpu: 200m, memory: 1.5Gi}
open: {service: "${settings.release}", port: 8080, path: /ui}
notes: |
  Full: datamill open full
)";

struct BadCase {
  std::string why{};
  std::string yaml{};
  std::string problem{};
  std::string place{};
};

}  // namespace

TEST_CASE("every key of a component is read", "[config][component]") {
  ConfigFixture fixture;
  fixture.component("full", kFull);
  fixture.component("lake", "summary: Lake\nprovides: {postgres: {host: x, port: 1}}\n");
  for (const auto* name : {"full-values.yaml", "bucket.yaml", "full.yaml", "simulate.yaml"})
    fixture.files.set(std::string("/r/components/full/") + name, "a: 1\n---\n");
  fixture.files.set("/r/charts/full/Chart.yaml", "name: full\n");
  fixture.flavour("project: {flavour: [full]}\n");
  const auto workspace = fixture.load();
  CHECK(fixture.problems().empty());
  REQUIRE(workspace);
  const domain::Component& c = workspace->catalogue.at("full");
  CHECK(c.summary == "Everything");
  CHECK(c.category == "ml");
  CHECK(c.tier == 2);
  CHECK(c.settings.size() == 7);
  CHECK(c.settings[0].doc == "Helm release name");
  REQUIRE(c.provides.size() == 2);
  CHECK(support::write_json(c.provides[0].outputs) ==
        R"({"endpoint":"http://${settings.release}","region":"any","secret":{"name":"full-s3"}})");
  CHECK(c.default_for == Texts{"s3"});
  REQUIRE(c.needs.size() == 2);
  CHECK(c.needs[1].name == "lake");
  CHECK(c.needs[1].when->subject == domain::Condition::Subject::setting);
  CHECK(c.needs[1].when->is == "true");
  CHECK(c.uses[0].name == "metrics");
  CHECK(c.after[0].name == "mlflow");
  CHECK(c.conflicts[0].name == "beta");
  CHECK(c.aliases == Texts{"old-full"});
  CHECK(c.namespace_.text == "full-system");
  CHECK(c.cluster_scope);
  CHECK(c.buckets[1].name.text == "${settings.release}");
  CHECK(workspace->configs.at("full").seeds.at("charts/${settings.release}/Chart.yaml") == "/r/charts/full/Chart.yaml");
  REQUIRE(c.clients.size() == 1);
  CHECK(c.clients[0].pods.text == "a=${settings.release}");
  CHECK(c.clients[0].command == Texts{"mc", "-q"});
  CHECK(c.clients[0].username_key == "u");
  CHECK(c.clients[0].password_key == "password");
  CHECK(c.databases[0].owner_secret.text == "pg-full");
  CHECK(c.per_bucket[0].is_template);
  CHECK_FALSE(c.per_database[0].is_template);
  REQUIRE(c.images.size() == 1);
  CHECK(c.images[0].role == "tool");
  CHECK(c.images[0].name.text == "tool");
  CHECK(c.crds == Texts{"fulls.example.io"});
  CHECK(c.placement == "gpu");
  CHECK(c.estimate == std::chrono::seconds(90));
  CHECK(c.requests.memory == "1.5Gi");
  CHECK(c.open->service.text == "${settings.release}");
  CHECK(c.open->port == 8080);
  CHECK(c.open->path == "/ui");
  CHECK(c.notes.text == "Full: datamill open full\n");
  CHECK(c.directory == "/r/components/full");

  REQUIRE(c.secrets.size() == 2);
  CHECK(c.secrets[0].type == "kubernetes.io/basic-auth");
  CHECK(std::get<domain::Template>(c.secrets[0].keys[0].second).text == "full");
  const auto& random = std::get<domain::RandomValue>(c.secrets[0].keys[1].second);
  CHECK(random.bytes == 32);
  CHECK(random.alphabet == domain::RandomValue::Alphabet::hex);
  CHECK(std::get<domain::Template>(c.secrets[1].keys[0].second).text == "postgres://${secret.pg-full.username}");
  CHECK(std::get<domain::CopiedValue>(c.secrets[1].keys[1].second).key == "password");
  CHECK(std::get<domain::RandomValue>(c.secrets[1].keys[2].second).bytes == 24);
  CHECK(c.secrets[1].when->name == "postgres");

  REQUIRE(c.releases.size() == 3);
  CHECK(c.releases[0].chart.repo == "https://example.org/charts");
  CHECK(c.releases[0].chart.version == "1.2.3");
  CHECK(c.releases[0].timeout == std::chrono::minutes(15));
  CHECK(c.releases[0].when->is == "false");
  CHECK(support::write_json(c.releases[0].set) == R"({"a":{"b":"${s3.endpoint}","c":3}})");
  CHECK(c.releases[1].chart.oci == "oci://example.org/full");
  CHECK(c.releases[2].chart.path == "charts/full");

  REQUIRE(c.manifests.size() == 3);
  CHECK(c.manifests[0].phase == domain::Phase::before);
  CHECK(c.manifests[0].holds_data);
  CHECK(c.manifests[0].keep->annotation == "cnpg.io/hibernation=on");
  CHECK(c.manifests[0].waits[0].timeout == std::chrono::minutes(2));
  CHECK(c.manifests[0].waits[1].value == "true");
  CHECK(c.manifests[1].waits[0].condition == "Available");
  CHECK(c.manifests[1].phase == domain::Phase::after);

  const auto& config = workspace->configs.at("full");
  CHECK(config.files.size() == 3);
  CHECK(config.files.at("full.yaml").documents.size() == 1);
  CHECK(config.files.at("full-values.yaml").documents.empty());
  CHECK(config.simulate.size() == 1);
  CHECK(config.chart_digests.at("charts/full").size() == 64);
  CHECK(support::write_json(config.settings.at("hosts").value) == R"(["a","b"])");
}

TEST_CASE("component files are read strictly, each problem at its place", "[config][component]") {
  const auto c = GENERATE(values<BadCase>({
      {"empty file", "", "DM122 component \"x\" needs \"summary\"", ""},
      {"unknown key", "summary: X\nneed: [s3]\n", "DM120 unknown key \"need\" in component \"x\"", ":2:1"},
      {"category", "summary: X\ncategory: databse\n", "DM123 there is no category \"databse\"", ":2:11"},
      {"tier", "summary: X\ntier: 4\n", "DM123 \"tier\" of component \"x\" must be between 1 and 3, not 4", ":2:7"},
      {"scope", "summary: X\nscope: world\n", "DM123 there is no scope \"world\"", ":2:8"},
      {"setting's type", "summary: X\nsettings: {a: {type: text}}\n", "DM132 there is no setting type \"text\"",
       ":2:22"},
      {"setting's name", "summary: X\nsettings: {aB: {type: string, default: x}}\n",
       "DM132 a setting cannot be named \"aB\"", ":2:12"},
      {"default's type", "summary: X\nsettings: {a: {type: integer, default: x}}\n",
       "DM132 the default of \"a\" must be a whole number", ":2:40"},
      {"client", "summary: X\nclients: {s3: {pods: a=b, container: c}}\n",
       "DM123 component \"x\" does not provide \"s3\"", ":2:11"},
      {"unknown capability", "summary: X\nprovides: {s33: {}}\n", "DM140 there is no capability \"s33\"", ":2:12"},
      {"output missing", "summary: X\nprovides: {postgres: {host: a}}\n",
       "DM141 component \"x\" does not give \"port\", which capability \"postgres\" needs", ":2:12"},
      {"output unknown", "summary: X\nprovides: {metrics: {url: a}}\n",
       "DM141 component \"x\" gives \"url\", which capability \"metrics\" does not have", ":2:12"},
      {"default for what it is not", "summary: X\ndefault_for: [postgres]\n",
       "DM145 component \"x\" is the default for \"postgres\", which it does not provide", ":1:1"},
      {"two defaults", "summary: X\nprovides: {s3: {endpoint: a, region: b, secret: {name: c}}}\ndefault_for: [s3]\n",
       "DM145 components \"lake\" and \"x\" are both the default for \"s3\"", ":1:1"},
      {"unknown need", "summary: X\nneeds: [postgers]\n",
       "DM142 component \"x\" needs \"postgers\", which is neither a capability nor a component", ":2:9"},
      {"retired need", "summary: X\nneeds: [minio]\n",
       "DM142 component \"x\" needs \"minio\", which is neither a capability nor a component", ":2:9"},
      {"need without name", "summary: X\nneeds: [{when: {fact: gpu}}]\n",
       "DM122 an item of \"needs\" of component \"x\" needs \"name\"", ":2:9"},
      {"fact", "summary: X\nneeds: [{name: s3, when: {fact: simulatd}}]\n", "DM136 there is no fact \"simulatd\"",
       ":2:33"},
      {"two subjects", "summary: X\nneeds: [{name: s3, when: {fact: gpu, setting: a}}]\n",
       "DM136 \"when\" of an item of \"needs\" of component \"x\" must name one of fact, setting, capability", ":2:26"},
      {"condition on an unknown setting", "summary: X\nneeds: [{name: s3, when: {setting: a}}]\n",
       "DM136 component \"x\" has no setting \"a\"", ":2:36"},
      {"condition on an unknown capability", "summary: X\nneeds: [{name: s3, when: {capability: a}}]\n",
       "DM136 there is no capability \"a\"", ":2:39"},
      {"random bytes", "summary: X\nsecrets: [{name: a, keys: {k: {random: {bytes: 4}}}}]\n",
       "DM123 \"bytes\" of \"random\" of key \"k\" of secret \"a\" of component \"x\" must be between 8 and 256, not 4",
       ":2:48"},
      {"random alphabet", "summary: X\nsecrets: [{name: a, keys: {k: {random: {as: words}}}}]\n",
       "DM137 secrets cannot be written as \"words\"", ":2:45"},
      {"two ways for a key", "summary: X\nsecrets: [{name: a, keys: {k: {random: {}, template: x}}}]\n",
       "DM137 key \"k\" of secret \"a\" of component \"x\" must be a text or one of random, from, template", ":2:31"},
      {"secret without keys", "summary: X\nsecrets: [{name: a}]\n", "DM137 secret \"a\" of component \"x\" has no keys",
       ":2:11"},
      {"secret twice", "summary: X\nsecrets: [{name: a, keys: {k: v}}, {name: a, keys: {k: v}}]\n",
       "DM139 component \"x\" has the secret \"a\" twice", ":2:43"},
      {"database without its secret", "summary: X\ndatabases: [{name: a, owner_secret: b}]\n",
       "DM146 component \"x\" has no secret \"b\" for its database", ":2:37"},
      {"release without chart", "summary: X\nreleases: [{name: a}]\n",
       "DM122 release \"a\" of component \"x\" needs \"chart\"", ":2:12"},
      {"two charts", "summary: X\nreleases: [{name: a, chart: {path: charts/a, oci: oci://b}}]\n",
       "DM133 \"chart\" of release \"a\" of component \"x\" must have exactly one of repo, oci, path", ":2:29"},
      {"chart without version", "summary: X\nreleases: [{name: a, chart: {oci: oci://b}}]\n",
       "DM134 \"chart\" of release \"a\" of component \"x\" needs an exact \"version\"", ":2:29"},
      {"chart over http", "summary: X\nreleases: [{name: a, chart: {repo: http://b, name: c, version: 1.0.0}}]\n",
       "DM134 \"repo\" of \"chart\" of release \"a\" of component \"x\" must start with https://", ":2:36"},
      {"chart outside", "summary: X\nreleases: [{name: a, chart: {path: ../c}}]\n",
       "DM134 \"path\" of \"chart\" of release \"a\" of component \"x\" must lie below the data root", ":2:36"},
      {"release twice", "summary: X\nreleases: [{name: a, chart: {path: c}}, {name: a, chart: {path: c}}]\n",
       "DM139 component \"x\" has the release \"a\" twice", ":2:48"},
      {"timeout", "summary: X\nreleases: [{name: a, chart: {path: c}, timeout: 600}]\n",
       "DM123 \"timeout\" of a release of component \"x\" is no duration: \"600\"", ":2:49"},
      {"manifest without source", "summary: X\nmanifests: [{template: true}]\n",
       "DM135 a manifest of component \"x\" must have exactly one of file, url, kustomize", ":2:13"},
      {"url without checksum", "summary: X\nmanifests: [{url: https://a}]\n",
       "DM135 a manifest of component \"x\" needs \"sha256\" beside \"url\"", ":2:13"},
      {"url over http",
       "summary: X\nmanifests: [{url: http://a, sha256: "
       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}]\n",
       "DM135 \"url\" of a manifest of component \"x\" must start with https://", ":2:19"},
      {"annotation", "summary: X\nmanifests: [{kustomize: 'https://a', keep: {annotate: on}}]\n",
       "DM135 \"annotate\" of \"keep\" of a manifest of component \"x\" is no key=value", ":2:55"},
      {"phase", "summary: X\nmanifests: [{kustomize: 'https://a', phase: then}]\n", "DM123 there is no phase \"then\"",
       ":2:45"},
      {"wait for nothing", "summary: X\nmanifests: [{kustomize: 'https://a', wait: [{resource: a/b}]}]\n",
       "DM138 a wait of a manifest of component \"x\" must have condition, or jsonpath and value", ":2:45"},
      {"wait for no object", "summary: X\nmanifests: [{kustomize: 'https://a', wait: [{resource: a, condition: b}]}]\n",
       "DM138 \"resource\" of a wait of a manifest of component \"x\" must be kind/name", ":2:56"},
      {"quantity", "summary: X\nrequests: {cpu: lots}\n", "DM123 \"cpu\" is no quantity: \"lots\"", ":2:17"},
      {"login without such a Secret", "summary: X\nopen: {service: a, secret: b, secret_keys: [c]}\n",
       "DM123 \"open\" names the Secret \"b\", which is none of `secrets`", ":2:7"},
      {"login without keys", "summary: X\nsecrets: [{name: b, keys: {c: d}}]\nopen: {service: a, secret: b}\n",
       "DM122 \"open\" names a Secret, but no key of it", ":3:7"},
      {"login with a key that is none",
       "summary: X\nsecrets: [{name: b, keys: {c: d}}]\nopen: {service: a, secret: b, secret_keys: [e]}\n",
       "DM123 the Secret \"b\" has no key \"e\"", ":3:7"},
      {"port", "summary: X\nopen: {service: a, port: 0}\n",
       "DM123 \"port\" of \"open\" of component \"x\" must be between 1 and 65535, not 0", ":2:26"},
      {"alias is a component", "summary: X\naliases: [lake]\n",
       "DM144 alias \"lake\" of component \"x\" is a component's name", ":1:1"},
      {"alias is taken", "summary: X\naliases: [mlf]\n", "DM144 alias \"mlf\" of component \"x\" belongs to \"mlflow\"",
       ":1:1"},
      {"retired without reason", "replaced_by: lake\n", "DM122 component \"x\" needs \"reason\"", ":1:1"},
      {"retired with content", "replaced_by: lake\nreason: r\nneeds: [s3]\n",
       "DM120 unknown key \"needs\" in component \"x\"", ":3:1"},
  }));
  INFO(c.why);
  ConfigFixture fixture;
  fixture.component("x", c.yaml);
  fixture.request.flavour = "ds";
  CHECK(fixture.problems_of_load() == Texts{c.problem});
  CHECK(fixture.first_place() == "/r/components/x/component.yaml" + c.place);
}

TEST_CASE("the seed of a bucket must be there", "[config][component]") {
  ConfigFixture fixture;
  fixture.component("x", "summary: X\nsettings: {none: {type: string, default: \"\"}}\n"
                         "buckets: [{name: a, seed: \"${settings.none}\"}, {name: b, seed: no}]\n");
  fixture.flavour("project: {flavour: [x]}\n");
  CHECK_FALSE(fixture.load());
  CHECK(fixture.problems() == Texts{"DM620 component \"x\" fills a bucket from \"/r/no\", which is not there"});
}

TEST_CASE("a component cannot have a name that flavours or Kubernetes refuse", "[config][component]") {
  ConfigFixture fixture;
  fixture.component("services", "summary: X\n");
  fixture.component("jobs", "summary: X\n");
  fixture.component("My_Thing", "summary: X\n");
  CHECK(
      fixture.problems_of_load() ==
      Texts{
          "DM131 a component cannot be named \"My_Thing\": it has upper-case letters, only lower-case ones are allowed",
          "DM131 a component cannot be named \"jobs\": flavours use that key",
          "DM131 a component cannot be named \"services\": flavours use that key"});
}

TEST_CASE("validate also looks at what nobody uses", "[config][component]") {
  ConfigFixture fixture;
  fixture.component("x", "summary: X\nuses: [metricks]\nafter: [later]\n");
  fixture.files.set("/r/components/empty/", "");
  fixture.files.set("/r/components/README.md", "text");
  fixture.files.set("/r/components/beta/component.yaml",
                    "summary: Beta\noptional: true\nmanifests: [{file: none.yaml}]\n");
  fixture.request.flavour = "ds";
  CHECK(fixture.load());
  CHECK(fixture.problems().empty());
  fixture.request.everything = true;
  CHECK(fixture.problems_of_load() ==
        Texts{"DM130 component \"empty\" has no component.yaml",
              "wDM143 \"metricks\" in \"uses\" of component \"x\" is neither a capability nor a component",
              "wDM143 \"later\" in \"after\" of component \"x\" is neither a capability nor a component",
              "DM230 component \"beta\" names the file \"none.yaml\", which is neither \"/r/flavours/none.yaml\" nor "
              "\"/r/components/beta/none.yaml\""});
}

TEST_CASE("many components are read in the same order as few", "[config][component]") {
  ConfigFixture fixture;
  for (int i = 0; i < 1200; ++i)
    fixture.component(fmt::format("c{:04}", i), i % 300 == 7 ? "summary: X\nbad: 1\n" : "summary: X\n");
  const auto problems = fixture.problems_of_load();
  CHECK(problems ==
        Texts{"DM120 unknown key \"bad\" in component \"c0007\"", "DM120 unknown key \"bad\" in component \"c0307\"",
              "DM120 unknown key \"bad\" in component \"c0607\"", "DM120 unknown key \"bad\" in component \"c0907\""});
}
