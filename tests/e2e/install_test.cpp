#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <filesystem>

namespace datamill::tests {

namespace {

using support::contains;

std::vector<std::string> upgrades(const Workbench& bench) {
  std::vector<std::string> names;
  for (const auto& call : bench.calls()) {
    if (call.tool == "helm" && call.args.front() == "upgrade") names.push_back(call.args.at(1));
  }
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

/// Everything in the cluster, as text.
std::string contents(const Workbench& bench) {
  std::string text;
  for (const auto& object : bench.cluster().list())
    text += support::write_json(object.body) + "\n";
  return text;
}

Names claims_of(const Workbench& bench, const std::string& component) {
  Names claims;
  const auto record = bench.record(component);
  if (const auto* list = record.find("claims")) {
    for (const auto& item : list->items)
      claims.push_back(item.scalar);
  }
  return claims;
}

}  // namespace

TEST_CASE("what a component needs is ready before it begins", "[e2e][install]") {
  Workbench bench;
  REQUIRE(bench("install -f ds").exit_code == 0);
  // By what is in its line or its input; each exactly once.
  const auto find = [&](const std::string& line, const std::string& input = {}) {
    const auto found =
        bench.calls([&](const ToolCall& call) { return call.has(line) && contains(call.input.value_or(""), input); });
    INFO(line << " " << input);
    REQUIRE(found.size() == 1);
    return found.front();
  };
  const auto comes_before = [](const ToolCall& first, const ToolCall& second) {
    INFO(first.line() << "\nbefore\n" << second.line());
    CHECK(first.ended.value_or(second.started) < second.started);
  };
  const auto seaweedfs = find("helm upgrade seaweedfs");
  const auto operator_ = find("helm upgrade cnpg-operator");
  const auto definitions = find("kubectl wait crd/");
  const auto server = find("kubectl apply", R"("kind":"Cluster","metadata":{"name":"postgres")");
  const auto server_ready = find("kubectl wait cluster.postgresql.cnpg.io/postgres");
  comes_before(operator_, definitions);
  comes_before(definitions, server);
  comes_before(server, server_ready);
  for (const std::string consumer : {"lakefs", "mlflow"}) {
    const auto release = find("helm upgrade " + consumer + " ");
    const auto bucket = find("kubectl apply", R"("kind":"Job","metadata":{"name":"bucket-)" + consumer);
    const auto database = find("kubectl wait database.postgresql.cnpg.io/postgres-" + consumer);
    comes_before(seaweedfs, bucket);
    comes_before(server_ready, database);
    comes_before(find("kubectl wait job/bucket-" + consumer), release);
    comes_before(database, release);
    comes_before(find("kubectl create", R"("name":")" + consumer + R"(-db")"), database);
  }
  // Notebooks are wired to MLflow, so they come after it.
  comes_before(find("helm upgrade mlflow "), find("helm upgrade jupyterhub "));

  SECTION("and is removed after it") {
    REQUIRE(bench("uninstall -f ds --yes").exit_code == 0);
    const auto rest = find("kubectl annotate Cluster");
    comes_before(find("helm uninstall lakefs"), find("helm uninstall seaweedfs"));
    comes_before(find("helm uninstall mlflow"), find("helm uninstall seaweedfs"));
    comes_before(find("helm uninstall mlflow"), rest);
    comes_before(rest, find("helm uninstall cnpg-operator"));
  }
}

TEST_CASE("a second install starts three reads and changes nothing", "[e2e][install]") {
  const std::string flavour = GENERATE("quickstart", "ds");
  Workbench bench;
  const auto first = bench.run({"install", "-f", flavour});
  REQUIRE(first.exit_code == 0);
  CHECK(contains(first.out, "Installed on local cluster datamill (kwok)"));
  CHECK(contains(first.out, "pods are simulated"));
  const auto before = contents(bench);
  bench.forget_calls();

  const auto second = bench.run({"install", "-f", flavour});
  CHECK(second.exit_code == 0);
  CHECK(contains(second.out, "Nothing to do"));
  CHECK(bench.calls().size() == 3);
  CHECK(bench.changes().empty());
  CHECK(bench.calls([](const ToolCall& call) { return call.tool == "helm"; }).empty());
  CHECK(contents(bench) == before);
}

TEST_CASE("a changed setting upgrades only the release it belongs to", "[e2e][install]") {
  Workbench bench;
  const auto flavour = [&](const std::string& size) {
    return bench.folder().write("mine.yaml",
                                "project:\n  flavour: [object-store, notebook]\nnotebook:\n  storage: " + size + "\n");
  };
  REQUIRE(bench.run({"install", "-f", flavour("6Gi")}).exit_code == 0);
  bench.forget_calls();
  const auto again = bench.run({"install", "-f", flavour("7Gi")});
  CHECK(again.exit_code == 0);
  CHECK(upgrades(bench) == Names{"notebook"});
  CHECK(bench.revision("notebook") == 2);
  CHECK(bench.revision("object-store") == 1);
  CHECK(bench.record("notebook").find("releases")->items.front().text_at("revision") == "2");
  bench.forget_calls();
  REQUIRE(bench.run({"install", "-f", flavour("7Gi")}).exit_code == 0);
  CHECK(bench.changes().empty());
}

TEST_CASE("what somebody changed in the cluster is put right", "[e2e][install]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  auto cluster = bench.cluster();
  Names expected;
  SECTION("an upgrade by hand: the digest is ours, the revision is not") {
    const auto labels = std::vector<std::pair<std::string, std::string>>{
        {"owner", "helm"}, {"name", "notebook"}, {"status", "deployed"}, {"version", "2"}};
    cluster.put(fake::make_object("v1", "Secret", "data-mill", "sh.helm.release.v1.notebook.v2", {.labels = labels}));
    expected = {"notebook"};
  }
  SECTION("a release that was removed") {
    cluster.remove(*cluster.find("Secret", "data-mill", "sh.helm.release.v1.object-store.v1"));
    expected = {"object-store"};
  }
  SECTION("a Secret that was removed") {
    cluster.remove(*cluster.find("Secret", "data-mill", "notebook-token"));
    expected = {};
  }
  bench.forget_calls();
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  CHECK(upgrades(bench) == expected);
  CHECK_FALSE(bench.secret("data-mill", "notebook-token", "token").empty());
  bench.forget_calls();
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  CHECK(bench.changes().empty());
}

TEST_CASE("--reinstall runs every release", "[e2e][install]") {
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  const auto token = bench.secret("data-mill", "notebook-token", "token");
  bench.forget_calls();
  REQUIRE(bench("install -f quickstart --reinstall").exit_code == 0);
  CHECK(upgrades(bench) == Names{"notebook", "object-store"});
  CHECK(bench.secret("data-mill", "notebook-token", "token") == token);
}

TEST_CASE("two flavours share a component", "[e2e][install]") {
  Workbench bench;
  const auto a = bench.folder().write("a.yaml", "project:\n  flavour: [object-store, notebook]\n");
  const auto b = bench.folder().write("b.yaml", "project:\n  flavour: [object-store]\n");
  REQUIRE(bench.run({"install", "-f", a}).exit_code == 0);
  bench.forget_calls();
  REQUIRE(bench.run({"install", "-f", b}).exit_code == 0);
  CHECK(upgrades(bench).empty());
  CHECK(claims_of(bench, "object-store") == Names{"data-mill/a", "data-mill/b"});
  CHECK(claims_of(bench, "notebook") == Names{"data-mill/a"});

  const auto first = bench.run({"uninstall", "--yes", "-f", a});
  CHECK(first.exit_code == 0);
  CHECK(claims_of(bench, "object-store") == Names{"data-mill/b"});
  CHECK(bench.revision("object-store") == 1);
  CHECK(bench.revision("notebook") == 0);
  CHECK(bench.run({"uninstall", "--yes", "-f", b}).exit_code == 0);
  CHECK(bench.revision("object-store") == 0);
}

TEST_CASE("-c installs one component and what it needs", "[e2e][install]") {
  Workbench bench;
  SECTION("of a flavour: the listed provider") {
    const auto result = bench("install -f quickstart -c notebook");
    CHECK(result.exit_code == 0);
    CHECK(upgrades(bench) == Names{"notebook", "object-store"});
    CHECK(contains(result.out, "needed by notebook: s3"));
  }
  SECTION("without a flavour: the catalogue's default") {
    CHECK(bench("install -c components/notebook/").exit_code == 0);
    CHECK(upgrades(bench) == Names{"notebook", "seaweedfs"});
  }
  SECTION("not listed in the flavour") {
    CHECK(bench("install -f quickstart -c mlflow").exit_code == 0);
    CHECK(upgrades(bench) == Names{"cnpg-operator", "mlflow", "object-store"});
  }
  SECTION("twice and both") {
    CHECK(bench("install -f quickstart -c notebook -c object-store").exit_code == 0);
    CHECK(upgrades(bench) == Names{"notebook", "object-store"});
  }
}

TEST_CASE("--no-deps installs only what is named and wants the rest to be there", "[e2e][install]") {
  Workbench bench;
  REQUIRE(bench("start").exit_code == 0);
  bench.forget_calls();
  const auto refused = bench("install -f quickstart -c notebook --no-deps");
  CHECK(refused.exit_code == 2);
  CHECK(contains(refused.err, "object-store"));
  CHECK(bench.changes().empty());
  REQUIRE(bench("install -f quickstart -c object-store").exit_code == 0);
  bench.forget_calls();
  CHECK(bench("install -f quickstart -c notebook --no-deps").exit_code == 0);
  CHECK(upgrades(bench) == Names{"notebook"});
}

TEST_CASE("a release that datamill did not make is never upgraded", "[e2e][install]") {
  Workbench bench;
  REQUIRE(bench("start").exit_code == 0);
  auto cluster = bench.cluster();
  cluster.put(fake::make_object("v1", "Namespace", "", "data-mill"));
  const auto labels = std::vector<std::pair<std::string, std::string>>{
      {"owner", "helm"}, {"name", "notebook"}, {"status", "deployed"}, {"version", "1"}};
  cluster.put(fake::make_object("v1", "Secret", "data-mill", "sh.helm.release.v1.notebook.v1", {.labels = labels}));
  bench.forget_calls();
  const auto refused = bench("install -f quickstart");
  CHECK(refused.exit_code == 7);
  CHECK(contains(refused.err, "--adopt"));
  CHECK(bench.changes().empty());
  CHECK(bench("install -f quickstart --adopt").exit_code == 0);
  CHECK(bench.revision("notebook") == 2);

  SECTION("and a namespace that was there stays when all is removed") {
    REQUIRE(bench("uninstall -f quickstart --yes --purge-data --purge-crds").exit_code == 0);
    CHECK(cluster.find("Namespace", "", "data-mill"));
  }
}

TEST_CASE("a release that an earlier run left half done is repaired", "[e2e][install]") {
  const std::string status = GENERATE("pending-install", "pending-upgrade", "failed");
  const std::string revision = status == "pending-install" ? "1" : "2";
  INFO(status);
  Workbench bench;
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  auto cluster = bench.cluster();
  const auto labels = std::vector<std::pair<std::string, std::string>>{{"owner", "helm"},
                                                                       {"name", "notebook"},
                                                                       {"status", status},
                                                                       {"version", revision},
                                                                       {"datamill.io/component", "notebook"}};
  cluster.put(
      fake::make_object("v1", "Secret", "data-mill", "sh.helm.release.v1.notebook.v" + revision, {.labels = labels}));
  bench.forget_calls();
  CHECK(bench("install -f quickstart").exit_code == 0);
  CHECK(upgrades(bench) == Names{"notebook"});
  CHECK(bench.count("helm uninstall notebook") == (status == "pending-install" ? 1 : 0));
  CHECK(bench.count("helm rollback notebook") == (status == "pending-upgrade" ? 1 : 0));
}

TEST_CASE("odd texts reach helm unchanged", "[e2e][install]") {
  Workbench bench;
  const auto victim = bench.folder().path("made-by-a-shell");
  const std::string odd = "$(touch " + victim + ") `id` \"double\" 'single' \\n %s $HOME ${HOME} ünïcödé 漢字 🙂";
  const std::string values = "# a values file is passed on as it is: ${not.a.reference}\nnote: |\n  " + odd + "\n";
  (void)bench.folder().write("mine/notebook-values.yaml", values);
  auto node = support::Node::map();
  node.set("storage_class", support::Node::text(odd + "\nsecond line\ttab"));
  // JSON is YAML; a setting may refer to the project and the target, so a literal ${ is written $${.
  const auto escaped = support::replace_all(support::write_json(node), "${", "$${");
  const auto flavour = bench.folder().write(
      "mine/odd.yaml", "project:\n  flavour: [object-store, notebook]\nnotebook: " + escaped + "\n");
  REQUIRE(bench.run({"install", "-f", flavour}).exit_code == 0);
  const auto helm = bench.calls([](const ToolCall& call) { return call.has("helm upgrade notebook"); });
  REQUIRE(helm.size() == 1);
  REQUIRE(helm.front().input);
  const auto set = support::read_json(*helm.front().input, "values");
  const auto* text = set.find_path({"persistence", "storageClass"});
  REQUIRE(text != nullptr);
  CHECK(text->scalar == odd + "\nsecond line\ttab");
  const auto file = bench.folder().path("mine/notebook-values.yaml");
  CHECK(std::find(helm.front().args.begin(), helm.front().args.end(), file) != helm.front().args.end());
  CHECK(TempFolder::read(file) == values);
  CHECK_FALSE(std::filesystem::exists(victim));
}

}  // namespace datamill::tests
