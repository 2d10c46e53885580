#include "datamill/toolbox/toolbox.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"
#include "scripted_runner.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "toolbox/lock.hpp"
#include "toolbox/place.hpp"

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

using datamill::support::Diagnostic;
using datamill::support::Environment;
using datamill::support::Failure;
using datamill::tests::Answer;
using datamill::tests::ScriptedRunner;
using datamill::tests::TempFolder;
using datamill::toolbox::FileLock;
using datamill::toolbox::Toolbox;
using datamill::toolbox::ToolOrigin;
using datamill::toolbox::ToolStatus;
namespace fs = std::filesystem;
namespace net = datamill::net;
namespace proc = datamill::proc;
namespace exec = datamill::exec;

namespace {

/// Keeps the titles of what was started and the lines that were said.
class RecordingSink final : public exec::EventSink {
public:
  void on(const exec::Event& event) override {
    if (const auto* run = std::get_if<exec::RunStarted>(&event)) plan_ = run->plan;
    if (const auto* step = std::get_if<exec::StepStarted>(&event)) started.push_back(plan_->steps[step->step].title);
  }
  std::vector<std::string> started{};

private:
  const datamill::plan::Plan* plan_ = nullptr;
};

struct FakeNetwork {
  std::map<std::string, std::string> files{};  ///< by URL
  std::vector<std::string> asked{};
  std::mutex mutex{};
};

/// The factory is a plain function, so the network of the running test is found here.
FakeNetwork* network = nullptr;

class FakeDownloader final : public net::Downloader {
public:
  [[nodiscard]] net::DownloadResult fetch(const net::DownloadRequest& request) override {
    const std::lock_guard lock(network->mutex);
    network->asked.push_back(request.url);
    const auto file = network->files.find(request.url);
    if (file == network->files.end()) return {.problem = "Could not resolve host"};
    std::ofstream(request.destination) << file->second;
    return {.ok = true};
  }
};

std::unique_ptr<net::Downloader> make_fake(const Environment&) {
  return std::make_unique<FakeDownloader>();
}

/// A "binary" of these tests is a file that holds what its version probe prints; "hang" never ends, "exit 3" fails.
Answer run_file(const std::string& path) {
  const std::string text = TempFolder::read(path);
  if (text == "hang") return {.hangs = true};
  if (text == "exit 3") return {.err = {"boom"}, .outcome = proc::Exited{3}};
  if (text == "bad format") return {.outcome = proc::NotStarted{ENOEXEC}};
  return {.out = {text}};
}

const std::string kTools = R"(
tools:
  helm:
    version: 4.3.1
    minimum: 3.22.0
    probe: [version, --short]
    build: helm
    hint: install helm by hand
  kubectl:
    version: 1.36.3
    minimum: 1.35.0
    probe: [version]
    downloads:
      - {platform: PLATFORM, url: "https://dl.test/kubectl", sha256: 0123456789012345678901234567890123456789012345678901234567890123}
    hint: install kubectl by hand
  kwok:
    version: 0.8.0
    probe: [--version]
    downloads:
      - {platform: PLATFORM, url: "https://dl.test/kwok", sha256: 0123456789012345678901234567890123456789012345678901234567890124}
      - {platform: other, url: "https://dl.test/other", sha256: 0123456789012345678901234567890123456789012345678901234567890125}
    hint: install kwok by hand
  etcd:
    version: 3.6.16
    probe: [--version]
    downloads:
      - {platform: PLATFORM, url: "https://dl.test/etcd"}
    build: etcd
    hint: install etcd by hand
  docker:
    minimum: 20.10.0
    probe: [--version]
    hint: install docker by hand
  go:
    version: 1.26.6
    minimum: 1.26.0
    probe: [version]
    binary: go/bin/go
    hint: install Go
builds:
  helm: {kind: go-install, module: m, packages: [m/cmd/helm], cost: 90s}
  etcd: {kind: go-module, module: n, main: "package main", cost: 25s}
)";

struct Fixture {
  TempFolder folder{};
  FakeNetwork net{};
  std::map<std::string, std::string> variables{{"PATH", folder.path("bin") + ":relative:"}, {"HOME", folder.path()}};
  std::string built_text = "v4.3.1";  ///< what a build gives; "" = the build fails
  ScriptedRunner runner{[this](const datamill::command::ResolvedCommand& c) { return answer(c); }};
  RecordingSink sink{};
  std::optional<Environment> environment{};
  datamill::support::DiskFileSource files{};
  std::optional<Toolbox> toolbox{};

  Fixture() { network = &net; }

  Answer answer(const datamill::command::ResolvedCommand& command) const {
    const auto& args = command.command().args;
    const bool go = command.executable() == folder.path("bin/go");
    if (!go || args.front() == "version") return run_file(command.executable());
    if (built_text.empty()) return {.err = {"no such module"}, .outcome = proc::Exited{1}};
    const std::string name = args.front() == "install" ? "helm" : "etcd";
    (void)folder.write("cache/tools/work/build-" + name + "-" + (name == "helm" ? "4.3.1" : "3.6.16") + "/out/" + name,
                       built_text);
    return {};
  }

  std::string executable(const std::string& inside, const std::string& text) const {
    std::string path = folder.write(inside, text);
    fs::permissions(path, fs::perms::owner_all);
    return path;
  }

  Toolbox& box() {
    if (toolbox) return *toolbox;
    const std::string text = datamill::support::replace_all(kTools, "PLATFORM", datamill::toolbox::this_platform());
    const std::string file = folder.write("tools.yaml", text);
    environment.emplace(variables);
    toolbox.emplace(datamill::toolbox::ToolboxPaths{.tools_file = file,
                                                    .cache = folder.path("cache"),
                                                    .locks = folder.path("locks")},
                    *environment, files, runner, &make_fake);
    return *toolbox;
  }

  ToolStatus look(const std::string& name) { return box().look({name}).front(); }

  /// The one diagnostic that ensure() fails with.
  Diagnostic failure(const std::string& name) {
    try {
      (void)box().ensure({name}, sink);
    } catch (const Failure& failure) {
      CHECK(failure.exit_code() == datamill::support::ExitCode::tool);
      REQUIRE(failure.diagnostics().items().size() == 1);
      return failure.diagnostics().items().front();
    }
    FAIL("ensure() did not fail");
    return {};
  }
};

bool has_line(const std::vector<std::string>& lines, const std::string& part) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return datamill::support::contains(line, part); });
}

}  // namespace

TEST_CASE("a tool comes from the environment, else PATH, else the cache", "[toolbox][order]") {
  Fixture f;
  const std::string cached = f.executable("cache/tools/helm/4.3.1/helm", "v4.3.1");
  SECTION("cache") {
    const auto status = f.look("helm");
    CHECK(status.origin == ToolOrigin::cache);
    CHECK(status.path == cached);
    CHECK(status.version == "4.3.1");
    CHECK(status.ok());
  }
  SECTION("PATH is preferred to the cache") {
    const std::string on_path = f.executable("bin/helm", "v3.22.0");
    CHECK(f.look("helm").origin == ToolOrigin::path);
    CHECK(f.look("helm").path == on_path);
  }
  SECTION("the environment is preferred to PATH") {
    f.executable("bin/helm", "v4.3.1");
    f.variables["DATAMILL_HELM"] = f.executable("mine/helm", "v3.22.1");
    CHECK(f.look("helm").origin == ToolOrigin::environment);
    CHECK(f.look("helm").version == "3.22.1");
  }
  SECTION("the environment may hold a name that is on PATH") {
    f.variables["DATAMILL_HELM"] = "helm3";
    const std::string path = f.executable("bin/helm3", "v3.22.1");
    CHECK(f.look("helm").path == path);
  }
  CHECK(f.sink.started.empty());
}

TEST_CASE("what the environment names and cannot be used is an error, whatever else there is", "[toolbox][bad]") {
  Fixture f;
  f.executable("bin/helm", "v4.3.1");
  f.executable("cache/tools/helm/4.3.1/helm", "v4.3.1");
  const std::string path = f.folder.path("mine/helm");
  f.variables["DATAMILL_HELM"] = path;
  std::string code = "DM404";
  std::string problem;
  SECTION("missing") {
    code = "DM401";
    problem = "does not exist";
  }
  SECTION("a folder") {
    (void)f.folder.write("mine/helm/x", "");
    code = "DM403";
    problem = "is a folder";
  }
  SECTION("not executable") {
    (void)f.folder.write("mine/helm", "v4.3.1");
    fs::permissions(path, fs::perms::owner_read);
    code = "DM403";
    problem = "is not executable";
  }
  SECTION("not a program") {
    f.executable("mine/helm", "bad format");
    code = "DM403";
    problem = "could not start: Exec format error";
  }
  SECTION("garbage") {
    f.executable("mine/helm", "lorem ipsum");
    problem = "prints no version: \"lorem ipsum\"";
  }
  SECTION("silence") {
    f.executable("mine/helm", " ");
    problem = "prints no version, but nothing at all";
  }
  SECTION("failing") {
    f.executable("mine/helm", "exit 3");
    problem = "ends with exit code 3: \"boom\"";
  }
  SECTION("hanging") {
    f.executable("mine/helm", "hang");
    code = "DM405";
    problem = "gives no answer within 30 s";
  }
  SECTION("too old") {
    f.executable("mine/helm", "v3.9.0");
    code = "DM402";
    problem = "is 3.9.0, older than 3.22.0";
  }
  const auto status = f.look("helm");
  CHECK(status.origin == ToolOrigin::missing);
  CHECK(status.path.empty());
  const std::string message = "DATAMILL_HELM names \"" + path + "\", which " + problem;
  CHECK(status.problem == message);
  const auto diagnostic = f.failure("helm");
  CHECK(diagnostic.code == code);
  CHECK(diagnostic.message == message);
  CHECK(diagnostic.hint == "correct DATAMILL_HELM or remove it (unset DATAMILL_HELM)");
  CHECK(f.net.asked.empty());
}

TEST_CASE("a copy on PATH that cannot be used is skipped with a line", "[toolbox][order]") {
  Fixture f;
  const std::string old = f.executable("bin/helm", "v3.9.0");
  f.executable("cache/tools/helm/4.3.1/helm", "v4.3.1");
  const auto status = f.look("helm");
  CHECK(status.origin == ToolOrigin::cache);
  CHECK(has_line(status.tried, "PATH: " + old + " is 3.9.0, older than 3.22.0"));
}

TEST_CASE("without a minimum only the pinned version will do", "[toolbox][order]") {
  Fixture f;
  f.executable("bin/kwok", "v0.9.0");
  const auto status = f.look("kwok");
  CHECK(status.code == "DM402");
  CHECK(has_line(status.tried, "is 0.9.0, not 0.8.0"));
}

TEST_CASE("relative folders of PATH and files that are not executable are passed over", "[toolbox][order]") {
  Fixture f;
  (void)f.folder.write("first/helm", "v4.3.1");
  f.variables["PATH"] = ".:" + f.folder.path("first") + ":" + f.folder.path("bin");
  const std::string good = f.executable("bin/helm", "v4.3.1");
  CHECK(f.look("helm").path == good);
}

TEST_CASE("a version is asked for once, until the file changes", "[toolbox][probes]") {
  Fixture f;
  f.executable("bin/helm", "v4.3.1");
  CHECK(f.look("helm").version == "4.3.1");
  CHECK(f.look("helm").version == "4.3.1");
  CHECK(f.runner.started.size() == 1);
  f.toolbox.reset();
  CHECK(f.look("helm").version == "4.3.1");
  CHECK(f.runner.started.size() == 1);
  f.executable("bin/helm", "v4.3.10");
  CHECK(f.look("helm").version == "4.3.10");
  CHECK(f.runner.started.size() == 2);
}

TEST_CASE("a broken cache of probes is no problem", "[toolbox][probes]") {
  Fixture f;
  const std::string text = GENERATE("", "{", "[]", R"({"v":1,"probes":[]})", R"({"v":1,"probes":{"/x":{"size":"y"}}})");
  (void)f.folder.write("cache/tools/probes.json", text);
  f.executable("bin/helm", "v4.3.1");
  CHECK(f.look("helm").ok());
}

TEST_CASE("an unknown tool is a usage error with a suggestion", "[toolbox][bad]") {
  Fixture f;
  try {
    (void)f.box().look({"kubctl", "helm"});
    FAIL("no failure");
  } catch (const Failure& failure) {
    CHECK(failure.exit_code() == datamill::support::ExitCode::usage);
    REQUIRE(failure.diagnostics().items().size() == 1);
    CHECK(failure.diagnostics().items().front().code == "DM411");
    CHECK(failure.diagnostics().items().front().hint == "did you mean \"kubectl\"?");
  }
}

TEST_CASE("a download with a pinned checksum is placed in the cache", "[toolbox][download]") {
  Fixture f;
  f.net.files["https://dl.test/kubectl"] = "v1.36.3";
  const auto status = f.box().ensure({"kubectl"}, f.sink).front();
  CHECK(status.origin == ToolOrigin::downloaded);
  CHECK(status.path == f.folder.path("cache/tools/kubectl/1.36.3/kubectl"));
  CHECK(status.version == "1.36.3");
  CHECK((fs::status(status.path).permissions() & fs::perms::others_exec) == fs::perms::others_exec);
  CHECK(f.sink.started == std::vector<std::string>{"Download kubectl 1.36.3"});
  CHECK_FALSE(fs::exists(f.folder.path("cache/tools/work/download-kubectl-1.36.3")));
  CHECK(f.look("kubectl").origin == ToolOrigin::cache);
}

TEST_CASE("a download that is another version is not taken", "[toolbox][download]") {
  Fixture f;
  f.net.files["https://dl.test/kubectl"] = "v1.35.0";
  const auto diagnostic = f.failure("kubectl");
  CHECK(diagnostic.code == "DM401");
  CHECK(has_line(diagnostic.notes, "https://dl.test/kubectl: not usable: it is 1.35.0, not 1.36.3"));
  CHECK_FALSE(fs::exists(f.folder.path("cache/tools/kubectl")));
}

TEST_CASE("without a network everything falls through silently to the build", "[toolbox][build]") {
  Fixture f;
  f.executable("bin/go", "go version go1.26.8 linux/amd64");
  f.built_text = "etcd Version: 3.6.16";
  const auto status = f.box().ensure({"etcd"}, f.sink).front();
  CHECK(status.origin == ToolOrigin::built);
  CHECK(status.path == f.folder.path("cache/tools/etcd/3.6.16/etcd"));
  CHECK(f.net.asked.empty());
  CHECK(has_line(status.tried, "download: no checksum is pinned for https://dl.test/etcd"));
  CHECK(f.sink.started ==
        std::vector<std::string>{"Write go.mod for etcd", "Write main.go for etcd", "Build etcd 3.6.16"});
  CHECK_FALSE(fs::exists(f.folder.path("cache/tools/work/build-etcd-3.6.16")));
}

TEST_CASE("downloads that fail show nothing and fall through", "[toolbox][download]") {
  Fixture f;
  CHECK_THROWS_AS(f.box().ensure({"kubectl", "kwok"}, f.sink), Failure);
  CHECK(f.net.asked.size() == 2);
  CHECK(f.sink.started.empty());
}

TEST_CASE("when no way is left, one error lists what was tried and how to install it", "[toolbox][bad]") {
  Fixture f;
  f.executable("bin/go", "go version go1.26.8 linux/amd64");
  f.built_text.clear();
  const auto diagnostic = f.failure("helm");
  CHECK(diagnostic.code == "DM401");
  CHECK(diagnostic.message == "the tool \"helm\" is missing");
  CHECK(diagnostic.hint == "install helm by hand");
  CHECK(has_line(diagnostic.notes, "PATH: no helm"));
  CHECK(has_line(diagnostic.notes, "cache: no " + f.folder.path("cache/tools/helm/4.3.1/helm")));
  CHECK(has_line(diagnostic.notes, "download: none is known for "));
  CHECK(has_line(diagnostic.notes, "build: Build helm 4.3.1 failed: exit code 1: no such module"));
}

TEST_CASE("a tool that is only found says what is wrong with the copy on PATH", "[toolbox][bad]") {
  Fixture f;
  SECTION("missing") {
    const auto diagnostic = f.failure("docker");
    CHECK(diagnostic.code == "DM401");
    CHECK(diagnostic.hint == "install docker by hand");
    CHECK(diagnostic.notes == std::vector<std::string>{"PATH: no docker"});
  }
  SECTION("too old") {
    const std::string path = f.executable("bin/docker", "Docker version 19.3.1, build 1");
    const auto diagnostic = f.failure("docker");
    CHECK(diagnostic.code == "DM402");
    CHECK(diagnostic.message == "the tool \"docker\" cannot be used: \"" + path + "\" is 19.3.1, older than 20.10.0");
  }
}

TEST_CASE("without Go a build says what Go lacks", "[toolbox][build]") {
  Fixture f;
  f.executable("bin/go", "go version go1.19.8 linux/amd64");
  const auto diagnostic = f.failure("helm");
  CHECK(has_line(diagnostic.notes, "build: needs Go: "));
  CHECK(has_line(diagnostic.notes, "is 1.19.8, older than 1.26.0"));
}

TEST_CASE("a build that gives another version, or no tool, is not taken", "[toolbox][build]") {
  Fixture f;
  f.executable("bin/go", "go version go1.26.8 linux/amd64");
  SECTION("another version") {
    f.built_text = "v4.3.0";
    CHECK(has_line(f.failure("helm").notes, "build: what helm gave is not usable: it is 4.3.0, not 4.3.1"));
  }
  SECTION("garbage") {
    f.built_text = "lorem ipsum";
    CHECK(has_line(f.failure("helm").notes, "build: what helm gave is not usable: it prints no version"));
  }
  CHECK_FALSE(fs::exists(f.folder.path("cache/tools/helm")));
}

TEST_CASE("a tool that another process gets is waited for and then used", "[toolbox][lock]") {
  Fixture f;
  auto theirs = FileLock::try_take(f.folder.path("locks/tool-helm.lock"));
  REQUIRE(theirs);
  int waits = 0;
  f.runner.on_wait = [&] {
    if (++waits != 3) return;
    f.executable("cache/tools/helm/4.3.1/helm", "v4.3.1");
    theirs.reset();
  };
  const auto status = f.box().ensure({"helm"}, f.sink).front();
  CHECK(status.origin == ToolOrigin::cache);
  CHECK(f.sink.started == std::vector<std::string>{"Wait for another datamill that gets helm"});
  CHECK(FileLock::try_take(f.folder.path("locks/tool-helm.lock")).has_value());
}

TEST_CASE("Ctrl-C ends the wait with exit code 130", "[toolbox][lock]") {
  Fixture f;
  const auto theirs = FileLock::try_take(f.folder.path("locks/tool-helm.lock"));
  int waits = 0;
  f.runner.on_wait = [&] {
    if (++waits == 2) f.runner.interrupt();
  };
  try {
    (void)f.box().ensure({"helm"}, f.sink);
    FAIL("no failure");
  } catch (const Failure& failure) {
    CHECK(failure.exit_code() == datamill::support::ExitCode::interrupted);
    CHECK(failure.diagnostics().items().front().code == "DM601");
  }
}

TEST_CASE("a tools.yaml that cannot be read or is wrong is refused", "[toolbox][bad]") {
  const TempFolder folder;
  const Environment environment;
  const datamill::support::DiskFileSource files;
  ScriptedRunner runner;
  const auto code_of = [&](const std::string& file) {
    try {
      const Toolbox box({.tools_file = file}, environment, files, runner, &make_fake);
    } catch (const Failure& failure) {
      CHECK(failure.exit_code() == datamill::support::ExitCode::usage);
      return failure.diagnostics().items().front().code;
    }
    return std::string("none");
  };
  CHECK(code_of(folder.path("missing.yaml")) == "DM108");
  CHECK(code_of(folder.write("tools.yaml", "tools: {x: {nope: 1}}")) == "DM120");
}
