#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <filesystem>

namespace datamill::tests {

namespace {

using support::contains;

/// Names of what is left outside of the cluster's own namespaces.
std::vector<std::string> left(const Workbench& bench, const std::string& kubeconfig = {}) {
  std::vector<std::string> names;
  for (const auto& object : bench.cluster(kubeconfig).list()) {
    const auto own = object.kind == "Node" || object.kind == "StorageClass" || object.kind == "Stage" ||
                     (object.kind == "Namespace" && (object.name == "default" || object.name.starts_with("kube-")));
    if (!own) names.push_back(object.kind + " " + object.ns + "/" + object.name);
  }
  return names;
}

std::string text_of(const std::vector<std::string>& names) {
  return support::join(names, "\n");
}

/// A kubeconfig of a cluster that is not ours.
std::string foreign_kubeconfig(const Workbench& bench) {
  return bench.folder().write("home/.kube/config", "apiVersion: v1\nkind: Config\ncurrent-context: theirs\n"
                                                   "contexts: [{name: theirs, context: {cluster: c, user: u}}]\n");
}

}  // namespace

TEST_CASE("uninstall keeps volumes and Secrets and says how to remove them", "[e2e][removal]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  const auto key = bench.secret("data-mill", "object-store-s3", "secret_key");
  const auto removed = bench("uninstall -f quickstart --yes");
  CHECK(removed.exit_code == 0);
  CHECK(bench.revision("notebook") == 0);
  CHECK(bench.revision("object-store") == 0);
  CHECK(bench.cluster().running());
  for (const auto* kept : {"Secret data-mill/object-store-s3", "Secret data-mill/notebook-token",
                           "PersistentVolumeClaim data-mill/notebook-data"}) {
    INFO(kept);
    CHECK(contains(removed.out, kept));
    const auto names = left(bench);
    CHECK(std::find(names.begin(), names.end(), kept) != names.end());
  }
  // What removes it names the cluster: typed in another terminal it must not hit another one.
  CHECK(contains(removed.out, "kubectl delete secret -n data-mill object-store-s3 --kubeconfig " + bench.kubeconfig() +
                                  " --context kwok-datamill"));
  CHECK(contains(removed.out, "namespace data-mill stays"));

  SECTION("a later install takes the kept Secrets") {
    REQUIRE(bench("install -f quickstart").exit_code == 0);
    CHECK(bench.secret("data-mill", "object-store-s3", "secret_key") == key);
  }
  SECTION("a second uninstall has nothing to do") {
    bench.forget_calls();
    const auto again = bench("uninstall -f quickstart --yes");
    CHECK(again.exit_code == 0);
    CHECK(contains(again.out, "Nothing to uninstall"));
    CHECK(bench.changes().empty());
  }
  SECTION("both purge flags later leave nothing") {
    CHECK(bench("uninstall -f quickstart --yes --purge-data --purge-crds").exit_code == 0);
    CHECK(text_of(left(bench)) == "");
  }
}

TEST_CASE("with both purge flags nothing of ours is left", "[e2e][removal]") {
  const std::string flavour = GENERATE("quickstart", "datalake", "ds");
  INFO(flavour);
  Workbench bench;
  REQUIRE(bench.run({"install", "-f", flavour}).exit_code == 0);
  CHECK(left(bench).size() > 8);
  CHECK(bench.run({"uninstall", "-f", flavour, "--yes", "--purge-data", "--purge-crds"}).exit_code == 0);
  CHECK(text_of(left(bench)) == "");
}

TEST_CASE("databases go although their operator went before", "[e2e][removal]") {
  Workbench bench;
  REQUIRE(bench("install -f ds").exit_code == 0);
  std::vector<std::string> databases;
  SECTION("with the flavour, whose data was kept at first") {
    REQUIRE(bench("uninstall -f ds --yes").exit_code == 0);
  }
  SECTION("by force") {
    REQUIRE(bench("uninstall -f ds -c cnpg-operator --force").exit_code == 0);
  }
  CHECK(bench.revision("cnpg-operator", "cnpg-system") == 0);
  for (const auto* kind : {"Database", "DatabaseRole"}) {
    for (auto object : bench.cluster().list(kind)) {
      object.set_metadata("finalizers", support::Node::sequence({support::Node::text("cnpg.io/deleteDatabase")}));
      bench.cluster().put(object);
      databases.push_back(object.name);
    }
  }
  REQUIRE(databases.size() == 4);
  bench.forget_calls();
  CHECK(bench("uninstall -f ds --yes --purge-data --purge-crds").exit_code == 0);
  CHECK(bench.count("kubectl patch --type=merge") == 3);  // postgres, and the databases of lakefs and mlflow
  CHECK(text_of(left(bench)) == "");
}

TEST_CASE("what somebody put into our namespace keeps it", "[e2e][removal]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.cluster().put(fake::make_object("v1", "ConfigMap", "data-mill", "precious"));
  const auto removed = bench("uninstall -f quickstart --yes --purge-data --purge-crds");
  CHECK(removed.exit_code == 0);
  CHECK(contains(removed.out, "namespace data-mill stays: it still holds ConfigMap/precious"));
  CHECK(text_of(left(bench)) == "ConfigMap data-mill/precious\nNamespace /data-mill");
}

TEST_CASE("a component that others need is not removed by itself", "[e2e][removal]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.forget_calls();
  SECTION("refused, with their names") {
    const auto refused = bench("uninstall -f quickstart -c object-store");
    CHECK(refused.exit_code == 7);
    CHECK(contains(refused.err, "\"object-store\" is needed by notebook"));
    CHECK(contains(refused.err, "--cascade"));
    CHECK(bench.changes().empty());
  }
  SECTION("--cascade removes them too, first") {
    CHECK(bench("uninstall -f quickstart -c object-store --cascade").exit_code == 0);
    CHECK(bench.revision("notebook") == 0);
    CHECK(bench.revision("object-store") == 0);
    const auto removals = bench.calls([](const ToolCall& call) { return call.has("helm uninstall"); });
    REQUIRE(removals.size() == 2);
    CHECK(removals.front().args.at(1) == "notebook");
  }
  SECTION("--force removes only it") {
    CHECK(bench("uninstall -f quickstart -c object-store --force").exit_code == 0);
    CHECK(bench.revision("notebook") == 1);
    CHECK(bench.revision("object-store") == 0);
  }
  SECTION("the one nobody needs goes without a question") {
    CHECK(bench("uninstall -f quickstart -c notebook").exit_code == 0);
    CHECK(bench.revision("notebook") == 0);
    CHECK(bench.revision("object-store") == 1);
  }
  SECTION("what is not installed is named with what is") {
    const auto refused = bench("uninstall -f quickstart -c mlflow");
    CHECK(refused.exit_code != 0);
    CHECK(contains(refused.err, "\"mlflow\" is not installed"));
    CHECK(bench.changes().empty());
  }
}

TEST_CASE("a flavour is removed after its files have changed", "[e2e][removal]") {
  Workbench bench;
  const auto path = bench.folder().write("mine.yaml", "project:\n  flavour: [object-store, notebook]\n");
  REQUIRE(bench.run({"install", "-f", path}).exit_code == 0);
  (void)bench.folder().write("mine.yaml", "project:\n  flavour: [object-store]\n");
  CHECK(bench.run({"uninstall", "--yes", "-f", path}).exit_code == 0);
  CHECK(bench.revision("notebook") == 0);
}

TEST_CASE("destroy removes the components, then the cluster and its files", "[e2e][removal]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.forget_calls();
  const auto result = bench("destroy --yes");
  CHECK(result.exit_code == 0);
  const auto uninstalled = bench.calls([](const ToolCall& call) { return call.has("helm uninstall"); });
  const auto deleted = bench.calls([](const ToolCall& call) { return call.has("delete cluster"); });
  REQUIRE(uninstalled.size() == 2);
  REQUIRE(deleted.size() == 1);
  CHECK(uninstalled.back().ended.value_or(0) < deleted.front().started);
  CHECK_FALSE(std::filesystem::exists(bench.cluster_folder()));
  CHECK_FALSE(bench.cluster().exists());
  bench.forget_calls();
  CHECK(bench("destroy --yes").exit_code == 0);
  CHECK(bench.calls().empty());
}

TEST_CASE("destroy goes on when a component cannot be uninstalled", "[e2e][removal]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  bench.rules({R"({"has":["helm uninstall notebook"],"exit":1,"stderr":"Error: no"})"});
  const auto result = bench("destroy --yes");
  CHECK(result.exit_code == 1);
  CHECK(contains(result.err, "Uninstall release notebook"));
  CHECK_FALSE(bench.cluster().exists());
  CHECK_FALSE(std::filesystem::exists(bench.cluster_folder()));
}

TEST_CASE("destroy wants more than --yes where other flavours are installed", "[e2e][removal]") {
  Workbench bench;
  const auto other = bench.folder().write("other.yaml", "project:\n  flavour: [cnpg-operator]\n");
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  REQUIRE(bench.run({"install", "-f", other}).exit_code == 0);
  bench.forget_calls();
  const auto refused = bench("destroy -f quickstart --yes");
  CHECK(refused.exit_code == 2);
  CHECK(contains(refused.err, "cnpg-operator (of data-mill/other)"));
  CHECK(contains(refused.err, "--yes-all"));
  CHECK(bench.changes().empty());
  CHECK(bench("destroy -f quickstart --yes-all").exit_code == 0);
  CHECK_FALSE(bench.cluster().exists());
}

TEST_CASE("a cluster that datamill did not make is neither stopped nor destroyed", "[e2e][removal]") {
  Workbench bench;
  const auto kubeconfig = foreign_kubeconfig(bench);
  REQUIRE(bench("install -f quickstart --location hybrid --target existing").exit_code == 0);
  bench.cluster(kubeconfig).put(fake::make_object("v1", "ConfigMap", "default", "theirs"));
  bench.forget_calls();
  for (const auto* line :
       {"stop --location hybrid -t existing", "destroy --yes --location hybrid -t existing", "run -h -a -t existing"}) {
    INFO(line);
    const auto refused = bench(line);
    CHECK(refused.exit_code == 2);
    CHECK(contains(refused.err, "datamill did not make this cluster"));
    CHECK(bench.calls().empty());
  }
  SECTION("the classic -x uninstalls everything and says that the cluster stays") {
    const auto result = bench("run -h -x --yes -t existing --purge-data --purge-crds");
    CHECK(result.exit_code == 0);
    CHECK(contains(result.err, "the cluster itself stays"));
    CHECK(text_of(left(bench, kubeconfig)) == "ConfigMap default/theirs");
  }
}

}  // namespace datamill::tests
