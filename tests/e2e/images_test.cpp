// Images with a pretended docker: what is built, what is not, what is said when it fails.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace datamill::tests {

namespace {

using support::contains;

/// A bench on which a pretended docker answers.
struct ImageBench : Workbench {
  ImageBench() { environment["PATH"] = std::string(DATAMILL_FAKES "/minikube:") + environment["PATH"]; }
  [[nodiscard]] std::string reference(const std::string& name) {
    const auto result = (*this)("images list -o json");
    REQUIRE(result.exit_code == 0);
    const auto document = support::read_json(result.out, "list");
    for (const auto& image : document.find("images")->items) {
      if (image.text_at("name") == name) return std::string(image.text_at("reference"));
    }
    FAIL("no image " + name);
    return {};
  }
};

}  // namespace

TEST_CASE("images are built after their bases, each once", "[e2e][images]") {
  ImageBench bench;
  const auto result = bench("images build debug-net");
  INFO(result.err);
  CHECK(result.exit_code == 0);
  CHECK(contains(result.err, "built " + bench.reference("debug-net")));
  const auto builds = bench.calls([](const auto& call) { return call.has("docker build"); });
  REQUIRE(builds.size() == 2);
  CHECK(builds[0].has(bench.reference("base")));
  CHECK(builds[1].has(bench.reference("debug-net")));
  CHECK(*builds[0].ended < builds[1].started);
  CHECK(bench.count("docker pull") == 1);
  CHECK(std::filesystem::is_empty(bench.cache() + "/images/contexts"));
}

TEST_CASE("an unchanged image starts nothing", "[e2e][images]") {
  ImageBench bench;
  REQUIRE(bench("images build debug-net").exit_code == 0);
  bench.forget_calls();
  const auto result = bench("images build debug-net");
  CHECK(result.exit_code == 0);
  CHECK(contains(result.err, "Nothing to do"));
  CHECK(bench.count("docker build") == 0);
  CHECK(bench.count("docker pull") == 0);
}

TEST_CASE("what builds left behind that were killed is cleared", "[e2e][images]") {
  ImageBench bench;
  const auto contexts = bench.cache() + "/images/contexts";
  std::filesystem::create_directories(contexts + "/gone");
  REQUIRE(bench("images build base").exit_code == 0);
  CHECK(std::filesystem::is_empty(contexts));
}

TEST_CASE("a second build waits for the first, then has nothing to do", "[e2e][images]") {
  ImageBench bench;
  bench.rules({R"({"has":["docker build"],"sleep_ms":1500})"});
  const auto first = bench.start({"images", "build", "base"});
  REQUIRE(bench.wait_for_call("docker build"));
  const auto second = bench("images build base");
  INFO(second.err);
  CHECK(second.exit_code == 0);
  CHECK(contains(second.err, "waiting for another build of images: process "));
  CHECK(contains(second.err, "Nothing to do"));
  CHECK(first->wait().exit_code == 0);
  CHECK(bench.count("docker build") == 1);
}

TEST_CASE("what a tethered program started ends with whoever asked for it", "[e2e][images]") {
  ImageBench bench;
  CHECK(bench.run({"node", "tether", "--", "/bin/sh", "-c", "exit 7"}).exit_code == 7);
  // As a RUN step: it outlives its builder, which ends when it is asked to.
  const auto file = bench.folder().path("pid");
  const auto script = "/bin/sh -c 'trap \"\" TERM; while :; do /bin/sleep 1; done' & echo $! > " + file +
                      ".part; /bin/mv " + file + ".part " + file + "; trap 'exit 1' TERM; wait";
  const auto program = bench.start({"node", "tether", "--", "/bin/sh", "-c", script});
  for (int i = 0; i < 1000 && !std::filesystem::exists(file); ++i)
    usleep(10'000);
  const pid_t step = std::stoi(TempFolder::read(file));
  CHECK(kill(step, 0) == 0);
  program->signal(SIGTERM);  // what the kernel sends when the parent is killed
  (void)program->wait();
  bool gone = false;
  for (int i = 0; i < 1000 && !gone; ++i, usleep(10'000))
    gone = kill(step, 0) != 0;
  CHECK(gone);
}

TEST_CASE("prune removes what no flavour refers to, oldest first", "[e2e][images]") {
  ImageBench bench;
  REQUIRE(bench("images build debug-net").exit_code == 0);
  const auto store = bench.environment["FAKE_STATE"] + "/images";
  const auto built = bench.environment["FAKE_STATE"] + "/built-images";
  const auto released = "ghcr.io/acme/" + bench.reference("base").substr(std::string("datamill.local/").size());
  const std::string theirs = "debian:bookworm-slim\nghcr.io/acme/base:theirs\n";
  const std::string old = "datamill.local/base:1.0.0-000000000000\nghcr.io/acme/base:1.0.0-000000000000\n"
                          "datamill.local/outside/debian:bullseye-slim\n";
  const auto kept = TempFolder::read(store) + theirs + released + "\n";
  std::ofstream(store) << old << kept;
  std::ofstream(built, std::ios::app) << "ghcr.io/acme/base:1.0.0-000000000000\n" << released << "\n";
  bench.forget_calls();

  const auto listed = bench("images prune --dry-run");
  INFO(listed.err);
  CHECK(listed.exit_code == 0);
  const auto rows = support::split_lines(listed.out);
  REQUIRE(rows.size() == 4);
  CHECK(support::split_list(rows[1], " ") ==
        std::vector<std::string>{"datamill.local/base:1.0.0-000000000000", "2026-01-02", "03:04:11", "10MB"});
  CHECK_FALSE(contains(listed.out, bench.reference("base")));
  CHECK(bench.count("image rm") == 0);

  const auto unasked = bench("images prune");
  CHECK(unasked.exit_code == 2);
  CHECK(contains(unasked.err, "DM009"));
  CHECK(TempFolder::read(store) == old + kept);

  const auto pruned = bench("images prune --yes");
  INFO(pruned.err);
  CHECK(pruned.exit_code == 0);
  CHECK(contains(pruned.out, "28.6 MiB came free\n"));  // 30 MB, as docker counts
  CHECK(TempFolder::read(store) == kept);
  const auto removals = bench.calls([](const auto& call) { return call.has("docker image rm"); });
  REQUIRE(removals.size() == 3);
  CHECK(removals[0].has("datamill.local/base:1.0.0-000000000000"));
  CHECK(*removals[0].ended < removals[1].started);
  CHECK(contains(bench("images prune --yes").err, "Nothing to do"));
  CHECK(json_document(bench("images prune --dry-run -o json").out).find("images")->items.empty());
}

TEST_CASE("an image that is in use does not keep the others", "[e2e][images]") {
  ImageBench bench;
  REQUIRE(bench("images build base").exit_code == 0);
  const auto store = bench.environment["FAKE_STATE"] + "/images";
  const auto kept = TempFolder::read(store);
  std::ofstream(store) << "datamill.local/a:1\ndatamill.local/b:1\n" << kept;
  bench.rules(
      {R"({"has":["docker image rm datamill.local/a:1"],"exit":1,"stderr":"conflict: container 7 uses it\n"})"});
  const auto result = bench("images prune --yes");
  CHECK(result.exit_code == 1);
  CHECK(contains(result.err, "conflict: container 7 uses it"));
  CHECK(TempFolder::read(store) == "datamill.local/a:1\n" + kept);
}

TEST_CASE("an archive has its name only when it is whole", "[e2e][images]") {
  ImageBench bench;
  REQUIRE(bench("images build base").exit_code == 0);
  const auto file = bench.folder().path("a b/base.tar");
  REQUIRE(bench.run({"images", "save", "base", file}).exit_code == 0);
  CHECK(std::filesystem::exists(file));
  CHECK(bench.calls([&](const auto& call) { return call.has("docker save --output " + file + ".part"); }).size() == 1);
  std::filesystem::remove(file);
  bench.rules({R"({"has":["docker save"],"exit":1,"stderr":"no space left on device\n"})"});
  const auto failed = bench.run({"images", "save", "base", file});
  CHECK(failed.exit_code == 1);
  CHECK(contains(failed.err, "df -h"));
  CHECK(std::filesystem::is_empty(bench.folder().path("a b")));
}

TEST_CASE("a failing step of a Dockerfile is shown with its output", "[e2e][images]") {
  ImageBench bench;
  bench.rules({R"({"has":["docker build","/base:"],"exit":100,"stderr":"E: Unable to locate package tni\n"})"});
  const auto result = bench("images build debug-net");
  CHECK(result.exit_code == 1);
  CHECK(contains(result.err, "E: Unable to locate package tni"));
  CHECK(contains(result.err, "Build image debug-net"));  // named as skipped
  CHECK(contains(result.err, "the distribution has no package of this name"));
  CHECK(contains(result.err, "images build debug-net`"));  // to go on with
  CHECK(bench.count("docker build") == 1);
  bench.rules({});
  CHECK(bench("images build debug-net").exit_code == 0);
}

TEST_CASE("a base that cannot be had says what was tried", "[e2e][images]") {
  ImageBench bench;
  bench.rules({R"({"has":["docker pull"],"exit":1,"stderr":"Error: no such host\n"})"});
  // Nobody can make a Debian that does not exist.
  const auto result = bench("images base debian:nothing");
  CHECK(result.exit_code == 3);
  CHECK(contains(result.err, "error[DM711]"));
  CHECK(contains(result.err, "pull docker.io/library/debian:nothing: Error: no such host"));
}

TEST_CASE("commands about images refuse what they cannot do", "[e2e][images]") {
  ImageBench bench;
  struct Case {
    std::string line;
    int exit_code;
    std::string says;
  };
  for (const auto& c :
       {Case{"images build notbook", 2, "did you mean \"notebook\"?"}, Case{"images push base", 2, "error[DM717]"},
        Case{"images load base -t kwok", 2, "error[DM714]"},  // kwok has no nodes to load into
        Case{"images build --env r.txt", 2, "--name"},
        Case{"images build --env /nonexistent.txt --name mine", 2, "error[DM715]"},
        Case{"images push base --registry https://x.example", 2, "error[DM721]"},
        Case{"images build base --base python", 2, "--env FILE"},
        Case{"images build base --env r.txt --name x", 2, "not \"base\""},
        Case{"images release nothing", 2, "error[DM712]"},
        Case{"images save base /nonexistent/x.tar", 1, "error[DM713]"}}) {
    INFO(c.line);
    const auto result = bench(c.line);
    INFO(result.err);
    CHECK(result.exit_code == c.exit_code);
    CHECK(contains(result.err, c.says));
  }
  CHECK_FALSE(std::filesystem::exists(std::string(DATAMILL_SOURCE_DIR) + "/images/mine"));
}

TEST_CASE("without a builder it says what to install", "[e2e][images]") {
  ImageBench bench;
  bench.rules({R"({"has":["docker version"],"exit":1,"stderr":"Cannot connect to the Docker daemon\n"})"});
  const auto result = bench("images build base");
  CHECK(result.exit_code == 3);
  CHECK(contains(result.err, "error[DM710]"));
}

TEST_CASE("the graph is printed without a builder", "[e2e][images]") {
  ImageBench bench;
  const auto tree = bench("images graph");
  CHECK(tree.exit_code == 0);
  CHECK(contains(tree.out, "debian:bookworm-slim\n  base  1.0.0-"));
  CHECK(contains(bench("images graph -o dot").out, "\"python\" -> \"notebook\";"));
  CHECK(contains(bench("images graph -o mermaid").out, "flowchart LR"));
  CHECK(bench.calls().empty());
}

TEST_CASE("a flavour's images are built, saved and loaded before its releases", "[e2e][images]") {
  ImageBench bench;
  REQUIRE(bench("install -f quickstart -t minikube").exit_code == 0);
  CHECK(bench.count("minikube image load") == 3);
  CHECK(bench.count("docker save") == 3);
  const auto loads = bench.calls([](const auto& call) { return call.has("image load") && call.has("notebook.tar"); });
  const auto releases = bench.calls([](const auto& call) { return call.has("helm upgrade notebook"); });
  REQUIRE(loads.size() == 1);
  REQUIRE(releases.size() == 1);
  CHECK(*loads[0].ended < releases[0].started);
  REQUIRE(releases[0].input);
  CHECK(contains(*releases[0].input, R"("image":{"repository":"datamill.local/notebook","tag":"1.0.0-)"));
  CHECK_FALSE(std::filesystem::exists(bench.cluster_folder() + "/images/notebook.tar"));
  // Once more, and nothing of it is done again, even where the release is.
  bench.forget_calls();
  CHECK(bench("install -f quickstart -t minikube --reinstall").exit_code == 0);
  CHECK(bench.count("docker") == 0);
  CHECK(bench.count("image load") == 0);
}

TEST_CASE("a load that was interrupted is done again", "[e2e][images]") {
  ImageBench bench;
  bench.rules({R"({"has":["minikube image load"],"exit":1,"stderr":"no space left on device\n"})"});
  CHECK(bench("install -f quickstart -t minikube").exit_code == 1);
  bench.rules({});
  bench.forget_calls();
  CHECK(bench("install -f quickstart -t minikube").exit_code == 0);
  CHECK(bench.count("minikube image load") == 3);
  CHECK(bench.count("docker build") == 0);
}

}  // namespace datamill::tests
