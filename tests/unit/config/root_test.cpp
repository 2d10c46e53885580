#include "fixture.hpp"
#include "support/catch.hpp"

using datamill::tests::MemoryFileSource;
using namespace datamill;

namespace {

struct RootCase {
  std::string why{};
  std::string flag{};
  std::string variable{};
  std::string working_directory{};
  std::string executable{};
  std::string root{};  ///< "" for an error
};

}  // namespace

TEST_CASE("the data root is the flag's, the environment's, above here, or ours", "[config][root]") {
  const auto c = GENERATE(values<RootCase>({
      {"flag", "/a", "/b", "/c/deep", "/d/build/datamill", "/a"},
      {"flag from the working directory", "../a", "", "/c", "", "/a"},
      {"flag that is none", "/none", "/b", "/c", "", ""},
      {"environment", "", "/b", "/c", "", "/b"},
      {"environment that is none", "", "/none", "/c", "", ""},
      {"here", "", "", "/c", "/d/build/datamill", "/c"},
      {"above", "", "", "/c/deep/er", "/d/build/datamill", "/c"},
      {"the executable's repository", "", "", "/tmp", "/d/build/x/datamill", "/d"},
      {"installed", "", "", "/tmp", "/usr/bin/datamill", "/usr/share/datamill"},
      {"nowhere", "", "", "/tmp", "/opt/bin/datamill", ""},
      {"components alone are no root", "", "", "/half", "/opt/bin/datamill", ""},
  }));
  INFO(c.why);
  MemoryFileSource files;
  for (const auto* root : {"/a", "/b", "/c", "/d", "/usr/share/datamill"}) {
    files.set(std::string(root) + "/components/", "");
    files.set(std::string(root) + "/flavours/", "");
  }
  files.set("/half/components/", "");
  files.set("/c/deep/er/x", "");
  support::Diagnostics diagnostics;
  const support::Environment environment(std::map<std::string, std::string>{{"DATAMILL_ROOT", c.variable}});
  const auto root =
      config::locate_root({.flag = c.flag, .working_directory = c.working_directory, .executable = c.executable}, files,
                          environment, diagnostics);
  CHECK(root.value_or("") == c.root);
  CHECK(diagnostics.has_errors() == c.root.empty());
}

TEST_CASE("the error without a root lists what was tried", "[config][root]") {
  const MemoryFileSource files;
  support::Diagnostics diagnostics;
  (void)config::locate_root({.working_directory = "/w", .executable = "/usr/bin/datamill"}, files, {}, diagnostics);
  REQUIRE(diagnostics.items().size() == 1);
  CHECK(diagnostics.items()[0].code == "DM200");
  CHECK(diagnostics.items()[0].message ==
        "no folder with components/ and flavours/ was found; tried /w and the folders "
        "above, /usr/bin and the folders above, /usr/share/datamill");
}

TEST_CASE("excerpts are the lines that problems stand on", "[config][excerpts]") {
  MemoryFileSource files;
  files.set("/a.yaml", "\xEF\xBB\xBF"
                       "first\r\nsecond\n");
  support::Diagnostics diagnostics;
  const auto at = [](const std::string& file, int line) {
    return support::SourceRef{.file = support::FileName(file), .line = line, .column = 1};
  };
  diagnostics.error("DM1", at("/a.yaml", 1), "x");
  diagnostics.error("DM1", at("/a.yaml", 2), "x");
  diagnostics.error("DM1", at("/a.yaml", 9), "x");
  diagnostics.error("DM1", at("/a.yaml", 0), "x");
  diagnostics.error("DM1", at("/gone.yaml", 1), "x");
  diagnostics.error("DM1", {}, "x");
  config::attach_excerpts(diagnostics, files);
  CHECK(diagnostics.items()[0].excerpt == "first");
  CHECK(diagnostics.items()[1].excerpt == "second");
  for (std::size_t i = 2; i < diagnostics.items().size(); ++i)
    CHECK(diagnostics.items()[i].excerpt.empty());
}

TEST_CASE("the repository's own files load", "[config][repository]") {
  const support::DiskFileSource disk;
  const std::string root = DATAMILL_SOURCE_DIR;
  if (disk.kind(root + "/components") != support::FileSource::Kind::directory) return;
  const auto load = [&](const std::string& flavour) {
    support::Diagnostics diagnostics;
    const config::LoadRequest request{.root = root, .flavour = flavour, .everything = true};
    (void)config::load_workspace(request, disk, {}, diagnostics);
    config::attach_excerpts(diagnostics, disk);
    std::string out;
    for (const auto& d : diagnostics.items())
      out += support::render(d);
    return out;
  };
  CHECK(load("").empty());
  for (const auto& name : disk.list(root + "/flavours")) {
    if (name.find(".yaml") != std::string::npos) CHECK(load("flavours/" + name).empty());
  }
}
