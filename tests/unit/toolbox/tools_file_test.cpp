#include "toolbox/tools_file.hpp"

#include "datamill/support/file_source.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using datamill::support::Diagnostics;
using datamill::support::to_text;
using datamill::toolbox::read_tools_file;
using datamill::toolbox::RecipeKind;

namespace {

/// "line:column code message", without the file.
std::vector<std::string> problems_of(const std::string& text) {
  Diagnostics diagnostics;
  const auto file = read_tools_file(text, "t", diagnostics);
  CHECK(file.has_value() == !diagnostics.has_errors());
  std::vector<std::string> lines;
  for (const auto& d : diagnostics.items())
    lines.push_back(to_text(d.at).substr(2) + " " + d.code + " " + d.message);
  return lines;
}

struct BadFile {
  std::string why{};
  std::string text{};
  std::string expected{};
};

const std::string kGoodTool = "tools:\n  helm: {version: 4.3.1, probe: [version], build: helm}\n";

}  // namespace

TEST_CASE("tools.yaml of the project reads without a problem", "[toolbox][tools-file]") {
  const std::string path = DATAMILL_SOURCE_DIR "/tools.yaml";
  const auto read = datamill::support::DiskFileSource().read(path, 1U << 20U);
  REQUIRE(read.text);
  Diagnostics diagnostics;
  const auto file = read_tools_file(*read.text, "tools.yaml", diagnostics);
  for (const auto& d : diagnostics.items())
    UNSCOPED_INFO(render(d));
  REQUIRE(file);
  const auto* kubectl = file->tool("kubectl");
  REQUIRE(kubectl != nullptr);
  CHECK(kubectl->downloads.front().url == "https://dl.k8s.io/release/v1.36.3/bin/linux/amd64/kubectl");
  const auto* kubernetes = file->recipe("kubernetes");
  REQUIRE(kubernetes != nullptr);
  CHECK(kubernetes->version == "1.36.3");
  CHECK(kubernetes->replace_version == "v0.36.3");
  CHECK(kubernetes->kind == RecipeKind::go_module);
}

TEST_CASE("every tool of tools.yaml can be probed, says how to install it, and is not listed twice",
          "[toolbox][tools-file]") {
  const auto read = datamill::support::DiskFileSource().read(DATAMILL_SOURCE_DIR "/tools.yaml", 1U << 20U);
  Diagnostics diagnostics;
  const auto file = read_tools_file(read.text.value_or(""), "tools.yaml", diagnostics);
  REQUIRE(file);
  std::set<std::string> sums;
  for (const auto& tool : file->tools) {
    INFO(tool.name);
    CHECK_FALSE(tool.probe.empty());
    CHECK_FALSE(tool.hint.empty());
    for (const auto& download : tool.downloads) {
      const std::string place = tool.version.empty() ? "" : download.url;
      CHECK(place.find(tool.version) != std::string::npos);
      if (!download.sha256.empty()) CHECK(sums.insert(download.sha256).second);
    }
  }
}

TEST_CASE("a mistake in tools.yaml is reported at its place", "[toolbox][tools-file]") {
  const auto c = GENERATE(values<BadFile>({
      {"unknown key", "tools:\n  helm: {verison: 4.3.1}\n", "2:10 DM120"},
      {"not a version", "tools:\n  helm: {version: latest}\n", "2:19 DM412 \"latest\" is not a version"},
      {"fetched without a version", "tools:\n  helm: {downloads: [{platform: p, url: \"https://x/y\"}]}\n",
       "2:3 DM412 tool \"helm\" can be fetched but pins no version"},
      {"plain http", "tools:\n  helm: {version: 1.2.3, downloads: [{platform: p, url: \"http://x/y\"}]}\n",
       "2:57 DM413 \"http://x/y\" is not an https URL"},
      {"bad checksum",
       "tools:\n  helm: {version: 1.2.3, downloads: [{platform: p, url: \"https://x\", sha256: ABC}]}\n",
       "2:78 DM413 \"ABC\" is not a sha256"},
      {"unknown placeholder", "tools:\n  helm: {version: 1.2.3, hint: \"get {verson}\"}\n",
       "2:32 DM413 unknown placeholder in \"get {verson}\""},
      {"build that is not there", kGoodTool + "builds: {}\n",
       "2:51 DM410 tool \"helm\" names the build \"helm\", which is not there"},
      {"build that nobody uses", "tools: {}\nbuilds:\n  helm: {kind: go-install, module: m}\n",
       "3:3 DM410 no tool uses the build \"helm\""},
      {"unknown kind", kGoodTool + "builds:\n  helm: {kind: make, module: m}\n",
       "4:16 DM123 unknown kind of build \"make\""},
      {"build of something else", kGoodTool + "builds:\n  helm: {kind: go-install, module: m, packages: [a/b]}\n",
       "2:51 DM410 build \"helm\" has no package that makes \"helm\""},
      {"versions that differ",
       "tools:\n  a: {version: 1.2.3, build: x}\n  b: {version: 1.2.4, build: x}\n"
       "builds:\n  x: {kind: go-install, module: m, packages: [m/a, m/b]}\n",
       "5:3 DM412 the tools of build \"x\" pin different versions: 1.2.3 and 1.2.4"},
      {"a list", "- helm\n", "1:1 DM121"},
      {"syntax", "tools: [\n", ""},
  }));
  INFO(c.why);
  const auto problems = problems_of(c.text);
  REQUIRE_FALSE(problems.empty());
  INFO(problems.front());
  CHECK(problems.front().find(c.expected) == 0);
}

TEST_CASE("all problems of tools.yaml come at once", "[toolbox][tools-file]") {
  const auto problems = problems_of("tools:\n  a: {version: x}\n  b: {version: y, nope: 1}\n");
  CHECK(problems.size() == 3);
}
