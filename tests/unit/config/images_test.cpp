// The graph of images: what Dockerfiles say of each other, tags, problems.
#include "config/dockerfile.hpp"
#include "config/images_reader.hpp"
#include "datamill/domain/image_place.hpp"
#include "datamill/support/text.hpp"
#include "fixture.hpp"
#include "support/catch.hpp"

using datamill::tests::ConfigFixture;
using namespace datamill;

namespace {

constexpr auto kTools = "tools:\n  versitygw: {version: 1.8.0}\n";

struct ImagesFixture : ConfigFixture {
  ImagesFixture() {
    files.set("/r/tools.yaml", kTools);
    image("base", "FROM debian:bookworm-slim\nRUN true\n", "version: 1.2.0\nbootstrap: {suite: bookworm}\n");
    image("python", "FROM base\n");
    image("notebook", "FROM python AS start\nCOPY a.txt /\nFROM start\n");
    files.set("/r/images/notebook/a.txt", "a");
    request.images = true;
  }
  void image(const std::string& name, const std::string& dockerfile, const std::string& description = {}) {
    files.set("/r/images/" + name + "/Dockerfile", dockerfile);
    if (!description.empty()) files.set("/r/images/" + name + "/image.yaml", description);
  }
  domain::ImageGraph graph() {
    auto workspace = load();
    INFO(fmt::format("{}", fmt::join(problems(), "\n")));
    REQUIRE(workspace);
    return workspace->images;
  }
};

std::vector<std::string> references(const config::Dockerfile& dockerfile) {
  std::vector<std::string> names;
  for (const auto& base : dockerfile.bases)
    names.push_back(base.reference);
  return names;
}

std::optional<config::Dockerfile> parse(const std::string& text, support::Diagnostics& diagnostics,
                                        const std::map<std::string, std::string>& args = {}) {
  return config::parse_dockerfile(text, "Dockerfile", args, diagnostics);
}

}  // namespace

TEST_CASE("bases are read out of FROM, COPY --from and mounts", "[images]") {
  support::Diagnostics diagnostics;
  const auto dockerfile = parse("# syntax=docker/dockerfile:1\n"
                                "ARG VERSION=1.2\n"
                                "ARG OTHER\n"
                                "FROM --platform=linux/amd64 golang:${VERSION}-alpine AS build\n"
                                "RUN <<EOF\nFROM no-image\nEOF\n"
                                "RUN echo FROM nothing \\\n  # a comment in between\n  && true\n"
                                "FROM \"base\"\n"
                                "COPY --from=build --chmod=0755 /x /y\n"
                                "COPY --from=0 /x /z\n"
                                "COPY --from=busybox:1.36 /bin/sh /bin/\n"
                                "RUN --mount=type=bind,from=tools,target=/t --mount=type=cache,target=/c true\n"
                                "FROM ${OTHER:-python}\n",
                                diagnostics);
  REQUIRE(dockerfile);
  CHECK(references(*dockerfile) ==
        std::vector<std::string>{"golang:1.2-alpine", "base", "busybox:1.36", "tools", "python"});
  CHECK(dockerfile->bases[0].at.line == 4);
  CHECK(dockerfile->bases[3].at.line == 15);
}

TEST_CASE("bases are found however a Dockerfile is written", "[images]") {
  struct Case {
    std::string text;
    std::vector<std::string> bases;
  };
  const auto c = GENERATE(values<Case>({
      {"from base as Build\r\n\tcopy --from=build a b\r\nFROM BUILD\r\n", {"base"}},
      {"\xEF\xBB\xBF# Escape=`\nFROM base\nRUN a `\n  FROM\nRUN dir C:\\\nCOPY --from=x:1 a b\n", {"base", "x:1"}},
      {"FROM base\nRUN echo C:\\\\\nCOPY --from=x:1 a b\n", {"base", "x:1"}},
      {"FROM base\nCOPY --chown=1:1 --from=\"x:1\" a b\nRUN a \\", {"base", "x:1"}},
      {"FROM base\nRUN <<\"A\" cat && 3<<-'B' cat\nFROM a\nA\nFROM b\n\tB\nCOPY --from=x:1 a b\n", {"base", "x:1"}},
      {"FROM base\nONBUILD RUN <<E\nFROM a\nE\nRUN echo \"<<EOF\" <<< EOF\n", {"base"}},
      {"FROM base\nRUN --mount=\"type=bind,from=x:1,target=/t\" true\n", {"base", "x:1"}},
      {"ARG A=12\nARG B=debian:${A}${NONE}\nFROM ${B}\nFROM ${C:-${B}-slim}\n", {"debian:12", "debian:12-slim"}},
      {"ARG A=1\nFROM base${A:+:1}${NONE:+:2}\n", {"base:1"}},
      {"FROM base\nCOPY --from= a b\nCOPY\n", {"base"}},
  }));
  INFO(c.text);
  support::Diagnostics diagnostics;
  const auto dockerfile = parse(c.text, diagnostics);
  REQUIRE(dockerfile);
  CHECK(references(*dockerfile) == c.bases);
}

TEST_CASE("a reference that is replaced leaves every other byte", "[images]") {
  ImagesFixture f;
  const std::string text = "# escape=`\r\nfrom\t\"base\"  as One\r\n"
                           "RUN --mount=\"type=bind,from=base,target=/b\" `\r\n  # FROM base\r\n  echo 'FROM base'\r\n"
                           "COPY --chown=1:1 --from=\"base\" [\"/a b\", \"/c\"]\r\nFROM one";
  f.image("python", text);
  const auto graph = f.graph();
  const auto full = "datamill.local/base:" + graph.images.at("base").tag();
  auto expected = support::replace_all(text, "\"base\"  as", full + "  as");
  expected = support::replace_all(expected, "from=base,", "from=" + full + ",");
  expected = support::replace_all(expected, "--from=\"base\"", "--from=\"" + full + "\"");
  CHECK(dockerfile_with_references(graph, graph.images.at("python")) == expected);
}

TEST_CASE("sources in a list are looked for too", "[images]") {
  support::Diagnostics diagnostics;
  const auto dockerfile = parse("FROM base\nCOPY [\"a b\",\"c\", \\\n  \"/to\"]\nADD git@x.example:a /\n", diagnostics);
  REQUIRE(dockerfile);
  REQUIRE(dockerfile->copied.size() == 2);
  CHECK(dockerfile->copied[0].path == "a b");
  CHECK(dockerfile->copied[1].path == "c");
}

TEST_CASE("arguments of image.yaml win over ARG", "[images]") {
  support::Diagnostics diagnostics;
  const auto dockerfile = parse("ARG VERSION=1\nFROM debian:$VERSION\n", diagnostics, {{"VERSION", "2"}});
  REQUIRE(dockerfile);
  CHECK(references(*dockerfile) == std::vector<std::string>{"debian:2"});
}

TEST_CASE("a Dockerfile that cannot be is refused at its line", "[images]") {
  struct Case {
    std::string text;
    std::string code;
    int line;
    std::string says;
  };
  const auto c = GENERATE(values<Case>({
      {"RUN true\nFROM base\n", "DM701", 1, "RUN stands before the first FROM"},
      {"# nothing\n", "DM701", 0, "has no FROM"},
      {"FROM base\nRUM true\n", "DM702", 2, "\"RUM\" is no instruction"},
      {"FROM base\nRUN a \\\n\n&& b\nfoo bar\n", "DM702", 5, "\"FOO\""},
      {"FROM\n", "DM703", 1, "names no image"},
      {"FROM base as\n", "DM703", 1, "\"as\" behind the image"},
      {"FROM base \"\" b\n", "DM703", 1, "behind the image"},
      {"FROM debian:${VERSION}\n", "DM703", 1, "\"VERSION\" has no value"},
      {"FROM base\nRUN <<END\ntrue\n", "DM704", 2, "<<END does not end"},
  }));
  INFO(c.text);
  support::Diagnostics diagnostics;
  CHECK_FALSE(parse(c.text, diagnostics));
  REQUIRE(diagnostics.items().size() == 1);
  const auto& problem = diagnostics.items().front();
  CHECK(problem.code == c.code);
  CHECK(problem.at.line == c.line);
  CHECK(support::contains(problem.message, c.says));
  CHECK_FALSE(problem.hint.empty());
}

TEST_CASE("images are ordered after their bases", "[images]") {
  ImagesFixture f;
  const auto graph = f.graph();
  CHECK(graph.order == std::vector<std::string>{"base", "python", "notebook"});
  CHECK(graph.images.at("notebook").own_bases() == std::vector<std::string>{"python"});
  CHECK(graph.images.at("base").outside_bases() == std::vector<std::string>{"debian:bookworm-slim"});
  CHECK(graph.with_bases({"python"}).size() == 2);
  CHECK(graph.with_dependents({"python"}).size() == 2);
  CHECK(graph.with_dependents({"base"}).size() == 3);
  CHECK(graph.images.at("base").tag().starts_with("1.2.0-"));
  CHECK(graph.images.at("python").tag().size() == std::string("0.1.0-").size() + 12);
}

TEST_CASE("a tag changes with what the image is made of, and with nothing else", "[images]") {
  ImagesFixture f;
  f.image("notebook", "FROM python\nCOPY a.txt b wheels tools /\n",
          "summary: one\nwheels: r.txt\ntools: [versitygw]\nfiles: {b: data/b}\nargs: {X: \"1\"}\n");
  f.files.set("/r/images/notebook/r.txt", "-c ../c.txt\nnumpy\n");
  f.files.set("/r/images/c.txt", "numpy==1\n");
  f.files.set("/r/data/b/x", "1");
  const auto before = f.graph();
  const auto tag = [](const domain::ImageGraph& graph) { return graph.images.at("notebook").tag(); };
  SECTION("its summary is none of it") {
    f.files.set("/r/images/notebook/image.yaml",
                "summary: two\nargs: {X: \"1\"}\nwheels: r.txt\ntools: [versitygw]\nfiles: {b: data/b}\n");
    CHECK(tag(f.graph()) == tag(before));
  }
  SECTION("a file of the context") {
    f.files.set("/r/images/notebook/a.txt", "b");
  }
  SECTION("the base's Dockerfile") {
    f.image("base", "FROM debian:bookworm-slim\nRUN false\n");
  }
  SECTION("the outside base") {
    f.image("base", "FROM debian:trixie-slim\nRUN true\n");
  }
  SECTION("an included constraint") {
    f.files.set("/r/images/c.txt", "numpy==2\n");
  }
  SECTION("a file from elsewhere") {
    f.files.set("/r/data/b/x", "2");
  }
  SECTION("a tool's version") {
    f.files.set("/r/tools.yaml", "tools:\n  versitygw: {version: 1.9.0}\n");
  }
  SECTION("an argument") {
    f.files.set("/r/images/notebook/image.yaml",
                "summary: one\nwheels: r.txt\ntools: [versitygw]\nfiles: {b: data/b}\nargs: {X: \"2\"}\n");
  }
  if (f.files.read("/r/images/notebook/image.yaml", 1000).text->find("two") == std::string::npos)
    CHECK(tag(f.graph()) != tag(before));
}

TEST_CASE("a tag changes with what a copy of the context keeps besides contents", "[images]") {
  ImagesFixture f;
  f.image("notebook", "FROM python\nCOPY a.txt b c.sh /\n", "files: {b: data/b, c.sh: data/c.sh}\n");
  f.files.set("/r/data/b/x", "1");
  f.files.set("/r/data/c.sh", "1");
  std::map<std::string, support::FileTraits> known;
  const auto tag = [&] {
    support::Diagnostics diagnostics;
    const auto graph = config::read_images("/r", f.files, diagnostics, [&](const auto& path) { return known[path]; });
    CHECK_FALSE(diagnostics.has_errors());
    return graph.images.at("notebook").tag();
  };
  const auto before = tag();
  SECTION("whether a file may be executed") {
    for (const auto* path : {"/r/images/notebook/a.txt", "/r/data/b/x", "/r/data/c.sh"}) {
      known = {{path, {.executable = true}}};
      CHECK(tag() != before);
    }
    known = {{"/r/images/notebook/image.yaml", {.executable = true}}};
    CHECK(tag() == before);
  }
  SECTION("where a symbolic link points, and not what lies there") {
    auto& link = known["/r/images/notebook/a.txt"].link;
    link = "b.txt";
    const auto linked = tag();
    CHECK(linked != before);
    f.files.set("/r/images/notebook/a.txt", "what lies there now");
    CHECK(tag() == linked);
    f.files.set_problem("/r/images/notebook/a.txt", "No such file or directory");  // it may point into the image
    CHECK(tag() == linked);
    link = "c.txt";
    CHECK(tag() != linked);
  }
  SECTION("but a linked Dockerfile comes into the context by its text") {
    known["/r/images/notebook/Dockerfile"].link = "../Dockerfile";
    const auto linked = tag();
    f.image("notebook", "FROM python\nRUN true\nCOPY a.txt b c.sh /\n");
    CHECK(tag() != linked);
  }
}

TEST_CASE("problems of images name their place and a way out", "[images]") {
  ImagesFixture f;
  std::string expected;
  std::string place;
  SECTION("unknown base") {
    f.image("python", "FROM bsae\n");
    expected = "DM705 there is no image \"bsae\" to build on";
    place = "/r/images/python/Dockerfile:1:6";
  }
  SECTION("cycle") {
    f.image("base", "FROM notebook\n");
    expected = "DM707 images are built on each other in a cycle: base→notebook→python→base";
    place = "/r/images/python/Dockerfile:1:6";
  }
  SECTION("no Dockerfile") {
    f.files.set("/r/images/empty/image.yaml", "version: 1.0.0\n");
    expected = "DM700 image \"empty\" has no Dockerfile";
    place = "/r/images/empty";
  }
  SECTION("missing file of the context") {
    f.image("python", "FROM base\nCOPY a.txt missing.txt /\n");
    f.files.set("/r/images/python/a.txt", "");
    expected = "DM709 \"missing.txt\" is not in the build context of image \"python\"";
    place = "/r/images/python/Dockerfile:2:12";
  }
  SECTION("missing file from elsewhere") {
    f.image("python", "FROM base\n", "files: {x: data/nothing}\n");
    expected = "DM709 \"/r/data/nothing\" is not there";
    place = "/r/images/python/image.yaml:1:12";
  }
  SECTION("a file that would leave the context") {
    f.files.set("/r/data/b", "1");
    f.image("python", "FROM base\n", "files: {a/../../x: data/b}\n");
    expected = "DM724 \"a/../../x\" is no place in the build context";
    place = "/r/images/python/image.yaml:1:20";
  }
  SECTION("unknown tool") {
    f.image("python", "FROM base\n", "tools: [versitygv]\n");
    expected = "DM708 tools.yaml has no tool \"versitygv\"";
    place = "/r/images/python/image.yaml:1:8";
  }
  SECTION("a version that moves") {
    f.image("python", "FROM base\n", "version: latest\n");
    expected = "DM123 \"latest\" cannot be the version of an image";
    place = "/r/images/python/image.yaml:1:10";
  }
  SECTION("unknown key") {
    f.image("python", "FROM base\n", "weels: r.txt\n");
    expected = "DM120 unknown key \"weels\" in image \"python\"";
    place = "/r/images/python/image.yaml:1:1";
  }
  const auto problems = f.problems_of_load();
  REQUIRE_FALSE(problems.empty());
  CHECK(problems.front() == expected);
  CHECK(f.first_place() == place);
  CHECK(problems.back() != "(loaded)");
}

TEST_CASE("a moving outside base is a warning", "[images]") {
  ImagesFixture f;
  f.image("base", "FROM debian:latest\n");
  (void)f.graph();
  CHECK(f.problems() == std::vector<std::string>{"wDM706 \"debian:latest\" is another image every time it moves"});
}

TEST_CASE("bases are named in full where an image is built", "[images]") {
  ImagesFixture f;
  const auto graph = f.graph();
  const auto text = dockerfile_with_references(graph, graph.images.at("notebook"));
  CHECK(text == fmt::format("FROM datamill.local/python:{} AS start\nCOPY a.txt /\nFROM start\n",
                            graph.images.at("python").tag()));
  CHECK(domain::outside_reference("debian:12") == "datamill.local/outside/debian:12");
  CHECK(domain::outside_reference("x:5000/a/b@sha256:ab") == "datamill.local/outside/x-5000/a/b:sha256-ab");
  CHECK(domain::outside_reference("b:1@sha256:ab") == "datamill.local/outside/b:1-sha256-ab");
}

TEST_CASE("images are read only where they are needed", "[images]") {
  ImagesFixture f;
  f.image("python", "FROM nothing-at-all\n");
  f.request.images = false;
  f.flavour("project: {flavour: [mlflow]}\n");
  CHECK(f.load());
  f.component("mlflow", "summary: Tracking\nimages: [notebook]\n");
  CHECK_FALSE(f.load());
}

TEST_CASE("places for images are hosts and paths", "[images]") {
  for (const auto* good : {"ghcr.io/acme", "127.0.0.1:5000", "localhost/x", "Registry.example:5000/a_b/c-d", "acme"})
    CHECK(domain::is_image_place(good));
  for (const auto* bad : {"", "https://ghcr.io/acme", "ghcr.io/acme/", "ghcr.io/Acme", "UPPER/x", "a b", "x@y",
                          "ghcr.io:", "ghcr.io/acme:1", "/x"})
    CHECK_FALSE(domain::is_image_place(bad));
}

TEST_CASE("a flavour may name a registry", "[images]") {
  ImagesFixture f;
  f.flavour("project: {flavour: [mlflow]}\nimages: {registry: ghcr.io/acme}\n");
  const auto workspace = f.load();
  REQUIRE(workspace);
  CHECK(workspace->image_registry == "ghcr.io/acme");
  f.flavour("project: {flavour: [mlflow]}\nimages: {registry: \"https://ghcr.io/acme\"}\n");
  CHECK(f.problems_of_load().front() == "DM123 \"https://ghcr.io/acme\" is no place for images");
}
