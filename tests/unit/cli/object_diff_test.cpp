#include "cli/diff_objects.hpp"
#include "cli/diff_report.hpp"
#include "cli/object_diff.hpp"
#include "cli/rendered_objects.hpp"
#include "datamill/planner/rendering.hpp"
#include "datamill/support/text.hpp"
#include "parse_helpers.hpp"
#include "support/catch.hpp"

namespace datamill::cli {

namespace {

using support::Node;

Comparison compared(const std::string& live, const std::string& wanted) {
  return compare_objects(support::read_json(live, "live"), support::read_json(wanted, "wanted"));
}

/// "path live wanted" of all changes.
std::vector<std::string> changes(const std::string& live, const std::string& wanted) {
  std::vector<std::string> lines;
  for (const auto& change : compared(live, wanted).changes)
    lines.push_back(change.path + " " + change.live + " " + change.wanted);
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what helm prints is read as kubectl reads it", "[cli][diff]") {
  const auto found =
      read_objects_of("---\n# Source: a.yaml\nkind: A\nmode: 0644\non: yes\nquoted: \"yes\"\ntext: |\n  --- no\n"
                      "---\n---\nkind: B\nx: 'unclosed\n---\napiVersion: v1\nkind: List\nitems:\n- kind: C\n");
  CHECK(found.unreadable == 1);
  REQUIRE(found.objects.size() == 2);
  CHECK(found.objects[0].text_at("mode") == "420");
  CHECK(found.objects[0].text_at("on") == "true");
  CHECK(found.objects[0].text_at("quoted") == "yes");
  CHECK(found.objects[0].text_at("text") == "--- no\n");
  CHECK(found.objects[1].text_at("kind") == "C");
  CHECK(read_objects_of("{\"kind\":\"A\"}\n{\"kind\":\"B\"}\n").objects.size() == 2);
  CHECK(read_objects_of("").objects.empty());
}

TEST_CASE("kubectl's output is taken apart into objects as they are and would be", "[cli][diff]") {
  const auto diffs =
      parse_diff("diff -N -U1000000 /tmp/LIVE-1/apps.v1.Deployment.n.x /tmp/MERGED-2/apps.v1.Deployment.n.x\n"
                 "--- /tmp/LIVE-1/apps.v1.Deployment.n.x\t2026\n+++ /tmp/MERGED-2/apps.v1.Deployment.n.x\t2026\n"
                 "@@ -1,4 +1,4 @@\n kind: Deployment\n spec:\n-  replicas: 3\n+  replicas: 1\n"
                 "diff -N -U1000000 /tmp/LIVE-1/v1.Service.n.y /tmp/MERGED-2/v1.Service.n.y\n"
                 "--- /tmp/LIVE-1/v1.Service.n.y\t1970\n+++ /tmp/MERGED-2/v1.Service.n.y\t2026\n"
                 "@@ -0,0 +1 @@\n+kind: Service\n");
  REQUIRE(diffs.size() == 2);
  CHECK(diffs[0].file == "apps.v1.Deployment.n.x");
  CHECK(diffs[0].live.find_path({"spec", "replicas"})->scalar == "3");
  CHECK(diffs[0].wanted.find_path({"spec", "replicas"})->scalar == "1");
  CHECK(diffs[1].live.is_null());
  CHECK(diffs[1].wanted.text_at("kind") == "Service");
  CHECK(parse_diff("").empty());
  CHECK_THROWS_AS(parse_diff("diff -N -U1 /a/b /c/b\n@@ -0,0 +1 @@\n+x: 'open\n"), support::Failure);
}

TEST_CASE("fields that differ are named by their path", "[cli][diff]") {
  CHECK(changes(R"({"spec":{"replicas":3,"gone":true}})", R"({"spec":{"replicas":1,"new":{"a":1}}})") ==
        Lines{"spec.replicas 3 1", "spec.gone true ", "spec.new  {\"a\":1}"});
  // Items by name, whatever their order; others by number.
  CHECK(changes(R"({"c":[{"name":"a","image":"x:1"},{"name":"b"}],"args":["1","2"]})",
                R"({"c":[{"name":"b"},{"name":"a","image":"x:2"}],"args":["1"]})") ==
        Lines{"c[a].image \"x:1\" \"x:2\"", "args[1] \"2\" "});
  CHECK(changes(R"({"metadata":{"labels":{"a.b/c":"1"}}})", R"({"metadata":{"labels":{"a.b/c":"2"}}})") ==
        Lines{"metadata.labels[a.b/c] \"1\" \"2\""});
  CHECK(changes(R"({"a":1})", R"({"a":1})").empty());
}

TEST_CASE("what others write is no change", "[cli][diff]") {
  CHECK(changes(R"({"metadata":{"generation":1,"resourceVersion":"5","annotations":{"checksum/config":"a",
                     "deployment.kubernetes.io/revision":"1"}},"status":{"x":1},"webhooks":[{"name":"w","clientConfig":{"caBundle":"a"}}]})",
                R"({"metadata":{"generation":2,"resourceVersion":"6","annotations":{"checksum/config":"b"}},
                    "webhooks":[{"name":"w","clientConfig":{"caBundle":"b"}}]})")
            .empty());
}

TEST_CASE("secrets are neither compared nor shown", "[cli][diff]") {
  const auto wanted =
      support::replace_all(R"({"data":{"conf":"pw=@","db_password":"new"}})", "@", planner::kPlaceholder);
  const auto comparison = compared(R"({"data":{"conf":"pw=canary","db_password":"canary"}})", wanted);
  CHECK(comparison.secret_paths == Lines{"data.conf"});
  REQUIRE(comparison.changes.size() == 1);
  CHECK(comparison.changes.front().hidden);
  DiffComponent component{.name = "x", .ns = "n"};
  component.objects.push_back({.action = DiffAction::change,
                               .object = {.kind = "ConfigMap", .ns = "n", .name = "c"},
                               .changes = comparison.changes});
  const auto text = diff_text({component}, "datamill install --reinstall");
  CHECK(text ==
        "x (namespace n): 1 to change, 0 unchanged\n  ~ ConfigMap n/c\n      data.db_password: (differs; not shown)\n"
        "  changed in the cluster, not in the files; `datamill install --reinstall -c x` puts it back\n"
        "  (where helm then reports a conflict, change that field back by hand first: kubectl edit)\n"
        "In all: 1 to change, 0 unchanged\n");
  CHECK_FALSE(support::contains(text + diff_json({component}), "canary"));
}

TEST_CASE("kinds are read with and without short names", "[cli][diff]") {
  const auto kinds = parse_kinds("bindings                    v1        true    Binding\n"
                                 "deployments   deploy   apps/v1   true   Deployment\nnodes no v1 false Node\n");
  CHECK(kinds.at("v1 Binding"));
  CHECK(kinds.at("apps/v1 Deployment"));
  CHECK_FALSE(kinds.at("v1 Node"));
}

TEST_CASE("diff takes any number of components", "[cli][diff]") {
  using Names = std::vector<std::string>;
  CHECK(testing::options_of("diff -f ds").components.empty());
  const auto options = testing::options_of("diff -f ds mlflow components/lakefs/ --detailed-exitcode");
  CHECK(options.components == Names{"mlflow", "lakefs"});
  CHECK(options.arguments.empty());
  CHECK(options.detailed_exitcode);
  CHECK(testing::options_of("diff").needs_flavour);
  // Commands in a pod keep their words.
  CHECK(testing::options_of("exec notebook -- ls -l").arguments == Names{"ls", "-l"});
  CHECK(testing::options_of("install -f ds --preflight warn").preflight == Preflight::warn);
  CHECK(testing::options_of("run -lif ds --preflight off").preflight == Preflight::off);
  CHECK(testing::options_of("install -f ds", {{"DATAMILL_PREFLIGHT", "refuse"}}).preflight == Preflight::refuse);
  CHECK(testing::problems_of("install -f ds --preflight maybe").find("DM004") == 0);
}

}  // namespace datamill::cli
