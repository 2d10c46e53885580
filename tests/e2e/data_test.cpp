// data push, ls, cat, rm against a pretended S3 service behind the pretended kubectl's port.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>

namespace datamill::tests {

namespace {

namespace fs = std::filesystem;
using support::contains;
using namespace std::chrono_literals;

/// quickstart on an existing cluster whose pods "run"; its bucket is seeded by the installation.
struct DataBench : Workbench {
  std::string file = folder().write("theirs.yaml", "apiVersion: v1\nkind: Config\ncurrent-context: theirs\ncontexts: "
                                                   "[{name: theirs, context: {cluster: c, user: u}}]\n");

  DataBench() {
    environment["DATAMILL_LOCATION"] = "hybrid";
    environment["DATAMILL_KUBECONFIG"] = file;
    environment["DATAMILL_FLAVOUR"] = "quickstart";
    REQUIRE(run({"install", "--location", "hybrid"}).exit_code == 0);
    forget_calls();
  }
};

}  // namespace

TEST_CASE("an installation seeds its bucket once", "[e2e][data]") {
  DataBench bench;
  const auto listed = bench.run({"data", "ls", "datalake/", "-r"});
  CHECK(listed.exit_code == 0);
  CHECK(contains(listed.out, "examples/measurements.csv"));
  CHECK(contains(listed.out, "examples/first-steps.ipynb"));
  bench.forget_calls();
  CHECK(bench.run({"install", "--location", "hybrid"}).exit_code == 0);
  CHECK(bench.count("port-forward") == 0);
}

TEST_CASE("a bucket's seed is data of the flavour", "[e2e][data]") {
  DataBench bench;
  SECTION("none at all") {
    const auto none = bench.folder().write("none.yaml", "project: {flavour: [object-store, notebook]}\n"
                                                        "notebook: {seed: \"\"}\n");
    const auto plan = bench.run({"plan", "-f", none, "--location", "hybrid"});
    CHECK(plan.exit_code == 0);
    CHECK_FALSE(contains(plan.out, "Seed bucket"));
  }
  SECTION("one that is not there is refused before anything is changed") {
    const auto bad = bench.folder().write("bad.yaml", "project: {flavour: [object-store, notebook]}\n"
                                                      "notebook: {seed: data/nothing}\n");
    const auto plan = bench.run({"plan", "-f", bad, "--location", "hybrid"});
    CHECK(plan.exit_code == 2);
    CHECK(contains(plan.err, "DM620"));
  }
}

TEST_CASE("data push sends what is new or changed, and only that", "[e2e][data]") {
  DataBench bench;
  const auto folder = bench.folder().path("in");
  (void)bench.folder().write("in/a b+c.csv", "1\n");
  (void)bench.folder().write("in/ü/empty", "");
  auto result = bench.run({"data", "push", folder, "datalake/raw"});
  CHECK(result.exit_code == 0);
  CHECK(result.out == "s3://datalake/raw: 2 sent (2 B), 0 unchanged\n");
  CHECK(bench.run({"data", "push", folder, "datalake/raw"}).out == "s3://datalake/raw: 0 sent (0 B), 2 unchanged\n");
  (void)bench.folder().write("in/a b+c.csv", "2\n");
  CHECK(bench.run({"data", "push", folder, "datalake/raw", "--only-missing"}).out ==
        "s3://datalake/raw: 0 sent (0 B), 2 unchanged\n");
  result = bench.run({"data", "push", folder, "datalake/raw", "-o", "json"});
  const auto document = json_document(result.out);
  CHECK(document.text_at("type") == "pushed");
  CHECK(document.text_at("sent") == "1");
  CHECK(bench.run({"data", "cat", "datalake/raw/a b+c.csv"}).out == "2\n");
  CHECK(bench.run({"data", "push", folder, "datalake/raw", "--force"}).out ==
        "s3://datalake/raw: 2 sent (2 B), 0 unchanged\n");
}

TEST_CASE("one file may be given a name", "[e2e][data]") {
  DataBench bench;
  const auto file = bench.folder().write("a.csv", "1\n");
  CHECK(bench.run({"data", "push", file}).exit_code == 0);
  CHECK(bench.run({"data", "push", file, "datalake/x/b.csv"}).exit_code == 0);
  CHECK(bench.run({"data", "push", file, "s3://datalake/x/y"}).exit_code == 0);
  const auto listed = bench.run({"data", "ls", "datalake", "-r", "-o", "json"});
  const auto document = json_document(listed.out);
  std::vector<std::string> keys;
  for (const auto& object : document.find("objects")->items)
    keys.emplace_back(object.text_at("key"));
  for (const auto* key : {"a.csv", "x/b.csv", "x/y/a.csv"})
    CHECK(std::find(keys.begin(), keys.end(), key) != keys.end());
}

TEST_CASE("data ls shows one level, or with -r everything", "[e2e][data]") {
  DataBench bench;
  CHECK(bench.run({"data", "ls"}).out == "datalake/\n");
  const auto level = bench.run({"data", "ls", "datalake"});
  CHECK(contains(level.out, "  examples/\n"));
  CHECK_FALSE(contains(level.out, "measurements.csv"));
  const auto result = bench.run({"data", "ls", "datalake/nothing"});
  CHECK(result.exit_code == 1);
  CHECK(contains(result.err, "DM054"));
}

TEST_CASE("data rm asks, and takes folders only with -r", "[e2e][data]") {
  DataBench bench;
  auto result = bench.run({"data", "rm", "datalake/examples", "-y"});
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "add -r"));
  result = bench.run({"data", "rm", "datalake/examples", "-r"});
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "DM009"));
  CHECK(contains(bench.run({"data", "ls", "datalake", "-r"}).out, "README.md"));
  CHECK(bench.run({"data", "rm", "datalake/examples/README.md", "--yes"}).out == "1 objects removed\n");
  CHECK(bench.run({"data", "rm", "datalake/examples", "-r", "--yes"}).out == "3 objects removed\n");
  CHECK(bench.run({"data", "rm", "datalake", "--yes"}).exit_code == 2);
}

TEST_CASE("what goes wrong is said with what to do", "[e2e][data]") {
  DataBench bench;
  (void)bench.folder().write("a.csv", "1\n");
  struct Case {
    std::vector<std::string> words{};
    int exit_code = 0;
    std::string code{};
    std::string mood{};
  };
  const auto c = GENERATE(values<Case>({
      {{"data", "push", "nothing.csv"}, 2, "DM051"},
      {{"data", "push", "a.csv", "datalak/x"}, 1, "DM053"},
      {{"data", "cat", "datalake/nothing"}, 1, "DM054"},
      {{"data", "cat", "datalake"}, 2, "DM052"},
      {{"data", "ls", "datalake"}, 1, "DM055", "deny"},
      {{"data", "ls", "datalake"}, 4, "DM056", "drop"},
  }));
  INFO(c.code);
  if (!c.mood.empty()) bench.environment["FAKE_S3"] = c.mood;
  const auto result = bench.run(c.words);
  CHECK(result.exit_code == c.exit_code);
  CHECK(contains(result.err, c.code));
  CHECK(contains(result.err, "hint: "));
  CHECK_FALSE(contains(result.err, bench.cluster(bench.file)
                                       .find("Secret", "data-mill", "object-store-s3")
                                       ->body.find_path({"data", "secret_key"})
                                       ->scalar));
}

TEST_CASE("a bucket's name that is also a folder's has to be said clearly", "[e2e][data]") {
  DataBench bench;
  const auto file = bench.folder().write("a.csv", "1\n");
  fs::create_directories(bench.folder().path("datalake"));
  auto result = bench.run({"data", "push", file, "datalake"});
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "write s3://datalake for the bucket"));
  CHECK(bench.run({"data", "push", file, "s3://datalake"}).exit_code == 0);
}

TEST_CASE("Ctrl-C ends a transfer and leaves no tunnel", "[e2e][data]") {
  DataBench bench;
  bench.environment["FAKE_S3"] = "slow";
  auto program = bench.start({"data", "ls", "datalake"});
  REQUIRE(bench.wait_for_call("kubectl port-forward"));
  program->signal(SIGINT);
  const auto result = program->wait(20s);
  CHECK(result.exit_code == 130);
  for (const auto& call : bench.calls([](const ToolCall& one) { return one.has("port-forward"); }))
    CHECK(kill(call.pid, 0) != 0);
}

TEST_CASE("flags of another data command are refused", "[e2e][data]") {
  Workbench bench;
  for (const auto* line :
       {"data ls --force", "data rm x/y --only-missing", "data cat x/y -r", "data cat x/y -o json"}) {
    const auto result = bench(line);
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err + result.out, "DM003"));
  }
}

TEST_CASE("data refuses simulated pods, and a flavour without S3", "[e2e][data]") {
  Workbench bench;
  REQUIRE(bench("start -t kwok").exit_code == 0);
  auto result = bench("data ls -f quickstart -t kwok");
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "DM021"));
  result = bench("data ls -t kwok");
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "DM050"));
}

}  // namespace datamill::tests
