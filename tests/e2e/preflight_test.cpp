// What is looked at before an installation, and what `diff` says: against pretended tools.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::tests {

namespace {

using support::contains;
using support::Node;

/// A cluster's nodes and what is on them, for a rule's "stdout".
std::string room_rule(const std::string& cpu) {
  auto rule = Node::map();
  auto has = Node::sequence();
  has.items = {Node::text("get nodes,pods"), Node::text("--output=json")};
  rule.set("has", std::move(has));
  rule.set("stdout",
           Node::text(fmt::format(
               R"({{"kind":"List","items":[{{"kind":"Node","metadata":{{"name":"small"}},"status":{{"allocatable":)"
               R"({{"cpu":"{}","memory":"64Gi","pods":"110"}}}}}},{{"kind":"StorageClass","metadata":{{"name":"s",)"
               R"("annotations":{{"storageclass.kubernetes.io/is-default-class":"true"}}}}}}]}})",
               cpu)));
  return support::write_json(rule);
}

std::string rule(std::vector<std::string> words, const std::string& out, int exit_code) {
  auto has = Node::sequence();
  for (auto& word : words)
    has.items.push_back(Node::text(std::move(word)));
  auto node = Node::map();
  node.set("has", std::move(has));
  node.set("stdout", Node::text(out));
  node.set("exit", Node::integer(exit_code));
  return support::write_json(node);
}

std::size_t renders(const Workbench& bench) {
  return bench.calls([](const ToolCall& call) { return call.has("helm template"); }).size();
}

/// A bench with a cluster of somebody else, whose nodes are real ones.
void use_existing(Workbench& bench) {
  (void)bench.folder().write("home/.kube/config", "apiVersion: v1\nkind: Config\ncurrent-context: theirs\n");
}

constexpr const char* kInstall = "install -f quickstart -t existing --location hybrid";

}  // namespace

TEST_CASE("a pod without room refuses the installation before anything is changed", "[e2e][preflight]") {
  Workbench bench;
  use_existing(bench);
  bench.rules({room_rule("150m")});
  const auto result = bench(kInstall);
  CHECK(result.exit_code == 7);
  CHECK(contains(result.err, "DM860"));
  CHECK(contains(result.err, "fits on no node"));
  CHECK(contains(result.err, "node small: cpu: needs 0.1, 0.05 of 0.15 free"));
  for (const auto& line : bench.changes())
    CHECK(contains(line, "helm pull"));

  SECTION("as JSON") {
    const auto json = bench(std::string(kInstall) + " -o json");
    CHECK(json.exit_code == 7);
    CHECK(contains(json.out, R"("code":"DM860")"));
  }
  SECTION("--preflight warn says it and goes on") {
    const auto warned = bench(std::string(kInstall) + " --preflight warn");
    CHECK(warned.exit_code == 0);
    CHECK(contains(warned.err, "warning[DM860]"));
    CHECK(bench.count("helm upgrade") == 2);
  }
  SECTION("--preflight off does not look") {
    bench.forget_calls();
    CHECK(bench(std::string(kInstall) + " --preflight off").exit_code == 0);
    CHECK(renders(bench) == 0);
    CHECK(bench.count("--output=json") == 0);
  }
  SECTION("a variable does as well as the flag") {
    bench.environment["DATAMILL_PREFLIGHT"] = "off";
    CHECK(bench(kInstall).exit_code == 0);
  }
}

TEST_CASE("simulated nodes warn unless told to refuse", "[e2e][preflight]") {
  Workbench bench;
  bench.rules({room_rule("150m")});
  CHECK(bench("install -f quickstart --preflight refuse").exit_code == 7);
  const auto result = bench("install -f quickstart");
  CHECK(result.exit_code == 0);
  CHECK(contains(result.err, "warning[DM860]"));
}

TEST_CASE("charts are rendered once", "[e2e][preflight]") {
  Workbench bench;
  bench.rules({room_rule("150m")});
  REQUIRE(bench("install -f quickstart --preflight refuse").exit_code == 7);
  CHECK(renders(bench) == 2);
  bench.forget_calls();
  REQUIRE(bench("install -f quickstart --preflight refuse").exit_code == 7);
  CHECK(renders(bench) == 0);
  // Other values, another rendering.
  const auto flavour =
      bench.folder().write("mine.yaml", "project:\n  flavour: [object-store, notebook]\nnotebook:\n  storage: 7Gi\n");
  REQUIRE(bench.run({"install", "-f", flavour, "--preflight", "refuse"}).exit_code == 7);
  CHECK(renders(bench) == 1);
}

TEST_CASE("secrets are placeholders in what is rendered to be looked at", "[e2e][preflight]") {
  Workbench bench;
  REQUIRE(bench("install -f ds").exit_code == 0);
  for (const auto& call : bench.calls([](const ToolCall& one) { return one.has("helm template"); })) {
    INFO(call.line());
    for (const auto& secret : bench.cluster().list("Secret", "data-mill")) {
      const auto* data = secret.body.find("data");
      if (data == nullptr) continue;
      for (const auto& entry : data->entries) {
        const auto value = support::base64_decode(entry.value.scalar);
        if (value.size() < 12) continue;
        CHECK_FALSE(contains(call.input.value_or(""), value));
      }
    }
  }
}

TEST_CASE("what cannot be rendered is said and refuses nothing", "[e2e][preflight]") {
  Workbench bench;
  bench.rules({R"({"has":["helm template notebook"],"exit":1,"stderr":"Error: bad template"})"});
  const auto result = bench("install -f quickstart");
  CHECK(result.exit_code == 0);
  CHECK(contains(result.err, "warning[DM868]"));
  CHECK(contains(result.err, "bad template"));
}

TEST_CASE("rights that only the charts need are asked for in one process", "[e2e][preflight]") {
  Workbench bench;
  use_existing(bench);
  bench.rules(
      {rule({"helm template notebook"}, "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: x}\n", 0),
       rule({"kubectl create", "jsonpath={.status.allowed}"}, "true\nfalse\n", 0)});
  const auto result = bench(kInstall);
  CHECK(result.exit_code == 7);
  CHECK(contains(result.err, "DM867"));
  CHECK(contains(result.err, "create ingresses.networking.k8s.io in namespace data-mill"));
  CHECK(bench.count("jsonpath={.status.allowed}") == 1);
  CHECK(bench.count("helm upgrade") == 0);
}

TEST_CASE("images from closed registries refuse, where images are pulled", "[e2e][preflight]") {
  const auto pod = rule({"helm template notebook"},
                        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: m\n"
                        "    image: gcr.io/kubebuilder/kube-rbac-proxy:v0.8.0\n",
                        0);
  Workbench bench;
  bench.rules({pod});
  CHECK(bench("install -f quickstart").exit_code == 0);  // simulated
  Workbench real;
  use_existing(real);
  real.rules({pod});
  const auto result = real(kInstall);
  CHECK(result.exit_code == 7);
  CHECK(contains(result.err, "DM866"));
  CHECK(contains(result.err, "registry.k8s.io/kubebuilder/"));
}

TEST_CASE("diff groups what would change, and ends as it is asked to", "[e2e][diff]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.forget_calls();
  const auto same = bench("diff -f quickstart --detailed-exitcode");
  CHECK(same.exit_code == 0);
  CHECK(contains(same.out, "notebook (namespace data-mill): "));
  CHECK(contains(same.out, "not compared, for values that are secret: Secret data-mill/notebook-token"));
  CHECK(bench.changes().empty());

  const std::string live = " apiVersion: apps/v1\n kind: Deployment\n metadata:\n   name: notebook\n"
                           "-  generation: 2\n+  generation: 3\n spec:\n-  replicas: 5\n+  replicas: 1\n";
  bench.rules(
      {rule({"kubectl diff", "field-manager=helm"},
            "diff -N -U1000000 /tmp/LIVE-1/apps.v1.Deployment.data-mill.notebook "
            "/tmp/MERGED-2/apps.v1.Deployment.data-mill.notebook\n--- /tmp/LIVE-1/x\t2026\n+++ /tmp/MERGED-2/x\t2026\n"
            "@@ -1,7 +1,7 @@\n" +
                live,
            1)});
  const auto changed = bench("diff -f quickstart notebook");
  CHECK(changed.exit_code == 0);
  CHECK(contains(changed.out, "~ Deployment data-mill/notebook"));
  CHECK(contains(changed.out, "spec.replicas: 5 -> 1"));
  CHECK_FALSE(contains(changed.out, "generation"));
  CHECK(contains(changed.out, "changed in the cluster, not in the files"));
  CHECK(contains(changed.out, "install --reinstall"));
  CHECK_FALSE(contains(changed.out, "object-store (namespace"));
  CHECK(bench("diff -f quickstart notebook --detailed-exitcode").exit_code == 2);
  const auto json = json_document(bench("diff -f quickstart notebook -o json").out);
  CHECK(json.find_path({"summary", "change"})->scalar == "1");
}

TEST_CASE("diff says what it cannot compare, with exit code 1", "[e2e][diff]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.rules({R"({"has":["kubectl diff"],"exit":1,"stderr":"Error from server: field is immutable"})"});
  const auto result = bench("diff -f quickstart --detailed-exitcode");
  CHECK(result.exit_code == 1);
  CHECK(contains(result.err, "DM870"));
  CHECK(contains(result.err, "field is immutable"));
  CHECK(bench("diff -f nothere --detailed-exitcode").exit_code == 1);
  CHECK(bench("diff").exit_code == 2);
}

}  // namespace datamill::tests
