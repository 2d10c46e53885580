// Images with the user's packages, and releases: pure texts.
#include "cli/image_environment.hpp"
#include "cli/image_graph_text.hpp"
#include "cli/image_release.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "support/memory_file_source.hpp"

#include <fmt/format.h>

using namespace datamill;

namespace {

std::vector<std::string> read(const std::string& name, const std::string& text, support::Diagnostics& diagnostics) {
  tests::MemoryFileSource files;
  files.set(name, text);
  return cli::read_environment(name, files, diagnostics);
}

domain::Image image(const std::string& name, const std::string& dockerfile, const std::string& base = {}) {
  domain::Image made{.name = name, .version = "1.0.0", .dockerfile = dockerfile};
  made.digest = support::sha256_hex(name);
  if (!base.empty()) made.bases = {{.reference = base, .own = true}};
  return made;
}

domain::ImageGraph graph() {
  domain::ImageGraph graph;
  graph.images.emplace("base", image("base", "FROM debian:12\nUSER 7\n"));
  graph.images.at("base").bases = {{.reference = "debian:12"}};
  graph.images.emplace("lab", image("lab", "FROM base\nUSER root\nRUN x\nUSER 1000:100\n", "base"));
  graph.images.emplace("plain", image("plain", "FROM base\n", "base"));
  graph.order = {"base", "lab", "plain"};
  return graph;
}

}  // namespace

TEST_CASE("a conda environment becomes requirements", "[cli][images]") {
  support::Diagnostics diagnostics;
  const auto lines = read("e.yml",
                          "name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip\n  - numpy=1.26\n"
                          "  - pandas==2.2.3\n  - conda-forge::xarray>=2024\n  - scipy=1.15.1=py311_0\n  - pytorch\n"
                          "  - dask\n  - pip: [s3fs, \"boto3<2\"]\n",
                          diagnostics);
  CHECK(diagnostics.items().empty());
  CHECK(lines == std::vector<std::string>{"numpy==1.26.*", "pandas==2.2.3", "xarray>=2024", "scipy==1.15.1", "torch",
                                          "dask", "s3fs", "boto3<2"});
}

TEST_CASE("another Python than the images' is said", "[cli][images]") {
  support::Diagnostics diagnostics;
  (void)read("e.yml", "dependencies: [python=3.9, numpy]\n", diagnostics);
  REQUIRE(diagnostics.items().size() == 1);
  CHECK(diagnostics.items().front().code == "DM716");
  CHECK_FALSE(diagnostics.has_errors());
}

TEST_CASE("requirements keep their order and lose comments", "[cli][images]") {
  support::Diagnostics diagnostics;
  CHECK(read("requirements.txt", "# mine\nnumpy==1  # pinned\n\nb\n", diagnostics) ==
        std::vector<std::string>{"numpy==1", "b"});
  CHECK(diagnostics.items().empty());
}

TEST_CASE("files that name no packages are refused", "[cli][images]") {
  struct Case {
    std::string name, text, place;
  };
  for (const auto& c :
       {Case{"r.txt", "a\n--index-url https://x\n", "r.txt:2:1"}, Case{"r.txt", "# only\n", "r.txt"},
        Case{"e.yml", "name: x\n", "e.yml:1:1"}, Case{"e.yml", "dependencies: [\"a[b]\"]\n", "e.yml:1:16"},
        Case{"e.yml", "dependencies: [{x: y}]\n", "e.yml:1:16"},
        Case{"e.yml", "dependencies: [{pip: [-r x]}]\n", "e.yml:1:23"}}) {
    INFO(c.text);
    support::Diagnostics diagnostics;
    (void)read(c.name, c.text, diagnostics);
    REQUIRE(diagnostics.has_errors());
    CHECK(diagnostics.items().front().code == "DM715");
    CHECK(to_text(diagnostics.items().front().at) == c.place);
  }
}

TEST_CASE("packages that the user pins are free of our constraints", "[cli][images]") {
  CHECK(cli::loosened("# versions\nnumpy==2.4\nPillow==13\ntyping_extensions==4\n",
                      {"pillow>=10", "numpy", "typing-extensions==3"}) == "numpy==2.4\n");
}

TEST_CASE("the new image runs as its base does", "[cli][images]") {
  const auto all = graph();
  const auto lab = cli::environment_image(all, all.images.at("lab"), "mine", {"a", "b==1"}, "c==1\n");
  CHECK(support::contains(lab.dockerfile, "FROM lab\n"));
  CHECK(lab.dockerfile.ends_with("USER 1000:100\n"));
  CHECK(lab.requirements == "-c constraints.txt\na\nb==1\n");
  const auto plain = cli::environment_image(all, all.images.at("plain"), "mine", {"a"}, "");
  CHECK(plain.dockerfile.ends_with("USER 7\n"));
}

TEST_CASE("a release rewrites whole references and nothing else", "[cli][images]") {
  const auto all = graph();
  const auto& lab = all.images.at("lab");
  const auto tag = lab.tag();
  const auto renewed = cli::with_new_tags("a: ghcr.io/acme/lab:1.0-old\n"
                                          "b: \"ghcr.io/acme/lab:1@sha256:abc\"\n"
                                          "c: ghcr.io/acme/labor:1\n"
                                          "d: other/ghcr.io/acme/lab:1\n"
                                          "e: ghcr.io/acme/base:1\n",
                                          "ghcr.io/acme", {&lab});
  CHECK(renewed == fmt::format("a: ghcr.io/acme/lab:{0}\nb: \"ghcr.io/acme/lab:{0}\"\nc: ghcr.io/acme/labor:1\n"
                               "d: other/ghcr.io/acme/lab:1\ne: ghcr.io/acme/base:1\n",
                               tag));
}

TEST_CASE("the record of releases keeps what is not released now", "[cli][images]") {
  const auto all = graph();
  const auto first = cli::release_record("", "r", "aaa", {&all.images.at("base"), &all.images.at("lab")});
  const auto second = cli::release_record(first, "r", "bbb", {&all.images.at("lab")});
  CHECK(support::contains(
      second, fmt::format("base: {{reference: \"r/base:{}\", revision: \"aaa\"}}", all.images.at("base").tag())));
  CHECK(support::contains(second, "revision: \"bbb\""));
  CHECK(support::split_lines(second).size() == support::split_lines(first).size());
}

TEST_CASE("the graph is shown as tree, dot and mermaid", "[cli][images]") {
  const auto all = graph();
  CHECK(cli::graph_tree(all) == fmt::format("debian:12\n  base  {}\n    lab  {}\n    plain  {}\n",
                                            all.images.at("base").tag(), all.images.at("lab").tag(),
                                            all.images.at("plain").tag()));
  CHECK(support::contains(cli::graph_dot(all), "\"base\" -> \"lab\";"));
  CHECK(support::contains(cli::graph_mermaid(all), "n0 --> n1"));
  CHECK(support::contains(support::write_json(cli::graph_node(all)), R"("bases":["base"])"));
}
