// Everything that can be wrong in files and flags: nothing is started, exit code 2, and the message says where.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace datamill::tests {

namespace {

namespace fs = std::filesystem;
using support::contains;

struct FileCase {
  std::string name{};
  std::string text{};
  std::vector<std::string> says{};
};

void check_refused(const Workbench& bench, const ProgramResult& result, const std::vector<std::string>& says) {
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  for (const auto& text : says) {
    INFO(text);
    CHECK(contains(result.err, text));
  }
  CHECK(bench.calls().empty());
  CHECK_FALSE(fs::exists(bench.cluster_folder()));
}

/// A file system of a few pages. Only root can mount one; without it a test warns and ends.
class SmallDisk {
public:
  SmallDisk(std::string path, const std::string& size) : path_(std::move(path)) {
    fs::create_directories(path_);
    mounted_ = mount("none", path_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
    if (!mounted_) WARN("skipped: a small file system cannot be mounted here: " << std::strerror(errno));
  }
  ~SmallDisk() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  [[nodiscard]] bool mounted() const { return mounted_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  void fill() const {
    std::ofstream fill(path_ + "/fill", std::ios::binary);
    const std::string block(4096, 'x');
    while (fill.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }

private:
  std::string path_{};
  bool mounted_ = false;
};

/// A component with these lines under its name and summary.
std::string component(const std::string& lines) {
  return "summary: For a test\ncategory: ml\noptional: true\n" + lines;
}

}  // namespace

TEST_CASE("a flavour that cannot be right is refused with its place", "[e2e][bad_input]") {
  const auto c = GENERATE(values<FileCase>({
      {"empty", "", {"bad.yaml"}},
      {"only a comment", "# nothing\n", {"bad.yaml"}},
      {"not a map", "- notebook\n", {"bad.yaml:1:1"}},
      {"syntax error", "project:\n  flavour: [notebook\n", {"bad.yaml:", "error[DM101]"}},
      {"tab", "project:\n\tflavour: [notebook]\n", {"bad.yaml:2:1"}},
      {"unterminated quote", "project:\n  name: \"x\n  flavour: [notebook]\n", {"bad.yaml:", "error[DM101]"}},
      {"duplicate key",
       "project:\n  flavour: [notebook]\n  name: a\n  name: b\n",
       {"bad.yaml:4:3: error[DM102]", "name"}},
      {"second document", "project:\n  flavour: [notebook]\n---\nproject: {}\n", {"bad.yaml:", "error[DM103]"}},
      {"unknown key", "projekt:\n  flavour: [notebook]\n", {"bad.yaml:1:1: error[DM120]", "did you mean \"project\""}},
      {"unknown project key",
       "project:\n  flavour: [notebook]\n  k8s_namespac: x\n",
       {"bad.yaml:3:3: error[DM120]", "did you mean \"k8s_namespace\""}},
      {"unknown component",
       "project:\n  flavour: [object-store, notebok]\n",
       {"bad.yaml:2:27: error[DM2", "did you mean \"notebook\"", "^"}},
      {"unknown setting",
       "project:\n  flavour: [notebook]\nnotebook:\n  storge: 5Gi\n",
       {"bad.yaml:4:3: error[DM", "did you mean \"storage\""}},
      {"wrong type", "project:\n  flavour: [postgres]\npostgres:\n  instances: many\n", {"bad.yaml:4:14: error[DM"}},
      {"number with a leading zero",
       "project:\n  flavour: [postgres]\npostgres:\n  instances: 010\n",
       {"bad.yaml:4:14: error[DM"}},
      {"two providers of one capability",
       "project:\n  flavour: [object-store, seaweedfs, notebook]\n",
       {"bad.yaml:2:", "error[DM303]", "object-store", "seaweedfs"}},
      {"bad name for Kubernetes",
       "project:\n  flavour: [notebook]\n  k8s_namespace: Data_Mill\n",
       {"bad.yaml:3:18: error[DM", "data-mill"}},
      {"bad name of a release",
       "project:\n  flavour: [notebook]\nnotebook:\n  release: Not_a_Name\n",
       {"bad.yaml:4:12: error[DM"}},
      {"location that is not defined",
       "project:\n  flavour: [notebook]\nhybrid: {config: /nowhere}\n",
       {"error[DM211]", "\"local\"", "bad.yaml"}},
      {"several at once",
       "project:\n  flavour: [notebok]\n  k8s_namespac: x\n",
       {"bad.yaml:2:13", "bad.yaml:3:3", "2 errors"}},
      {"control character", std::string("project:\n  name: a\x01b\n"), {"bad.yaml:2:10: error[DM100]"}},
      {"not UTF-8", "project:\n  name: caf\xe9\n", {"bad.yaml:2:12: error[DM100]"}},
      {"UTF-16", std::string("\xff\xfep\0r\0o\0", 8), {"bad.yaml:1:1: error[DM100]"}},
  }));
  INFO(c.name);
  Workbench bench;
  const auto path = bench.folder().write("bad.yaml", c.text);
  // The flavour's own blocks decide about the location, so no -t here.
  check_refused(bench, bench.run({"install", "-f", path, "--location", "local"}), c.says);
}

TEST_CASE("a flavour that cannot be read is refused", "[e2e][bad_input]") {
  Workbench bench;
  const auto path = bench.folder().path("bad.yaml");
  std::vector<std::string> says{"bad.yaml"};
  SECTION("missing") {
    says.emplace_back("available flavours: datalake, ds, quickstart");
  }
  SECTION("a folder") {
    fs::create_directories(path);
    says.emplace_back("directory");
  }
  SECTION("100 MB") {
    (void)bench.folder().write("bad.yaml", "project: {}\n");
    fs::resize_file(path, 100'000'000);
    says.emplace_back("larger than 4 MiB");
  }
  SECTION("not to be read by us") {
    // Root may read everything but what the kernel itself refuses.
    if (geteuid() == 0) {
      fs::create_symlink("/proc/self/mem", path);
    } else {
      (void)bench.folder().write("bad.yaml", "project: {}\n");
      fs::permissions(path, fs::perms::none);
    }
    says.emplace_back("cannot be read");
  }
  SECTION("a device") {
    fs::create_symlink("/dev/zero", path);
    says.emplace_back("cannot be read");
  }
  SECTION("a pipe that nobody writes to") {
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    says.emplace_back("cannot be read");
  }
  SECTION("a link to itself") {
    fs::create_symlink(path, path);
  }
  const auto result = bench.run({"install", "-f", path});
  CHECK(result.elapsed < std::chrono::seconds(10));
  check_refused(bench, result, says);
}

TEST_CASE("a component that cannot be right is refused with its place", "[e2e][bad_input]") {
  const auto c = GENERATE(values<FileCase>({
      {"missing values file",
       component("releases:\n  - name: x\n    chart: {path: charts/notebook}\n    values: [nowhere.yaml]\n"),
       {"components/bad/component.yaml:7:14: error[DM2", "/mine/nowhere.yaml", "components/bad/nowhere.yaml"}},
      {"cycle", component("needs: [bad]\n"), {"components/bad/component.yaml", "bad→bad"}},
      {"unknown need", component("needs: [s4]\n"), {"components/bad/component.yaml:4:9: error[DM142]"}},
      {"unknown reference",
       component("releases:\n  - name: ${settings.relase}\n    chart: {path: charts/notebook}\n"),
       {"components/bad/component.yaml:5:11: error[DM310]"}},
      {"unknown key", component("needz: [s3]\n"), {"components/bad/component.yaml:4:1: error[DM120]", "\"needs\""}},
  }));
  INFO(c.name);
  Workbench bench;
  bench.environment["DATAMILL_ROOT"] = bench.make_root({{"components/bad/component.yaml", c.text}});
  const auto flavour = bench.folder().write("mine/bad.yaml", "project:\n  flavour: [bad]\n");
  check_refused(bench, bench.run({"install", "-f", flavour}), c.says);
}

TEST_CASE("a cycle of three components is shown as one", "[e2e][bad_input]") {
  Workbench bench;
  bench.environment["DATAMILL_ROOT"] = bench.make_root({{"components/aa/component.yaml", component("needs: [bb]\n")},
                                                        {"components/bb/component.yaml", component("needs: [cc]\n")},
                                                        {"components/cc/component.yaml", component("needs: [aa]\n")}});
  check_refused(bench, bench("install -c bb"), {"error[DM301]", "bb→cc→aa→bb"});
}

TEST_CASE("values of flags are checked before anything is started", "[e2e][bad_input]") {
  struct Case {
    std::string line{};
    std::string says{};
  };
  const auto c = GENERATE(values<Case>({
      {"install -f quickstart -n Data_Mill", "data-mill"},
      {"install -f quickstart -t nowhere", "available targets: default, embedded, existing, kwok, minikube"},
      {"install -f quickstart --timeout soon", "duration"},
      {"install -f quickstart -j 0", "1 to 64"},
      {"install -f quickstart -o xml", "-o"},
      {"install -f", "needs a value"},
      {"install -f quickstart -f ds", "2 times"},
      {"install -f quickstart -q -v", "contradict"},
      {"status -c no-such-thing", "no-such-thing"},
      {"config explain project.nonsense -f quickstart", "project.nonsense"},
      {"tools install nonsense", "nonsense"},
  }));
  INFO(c.line);
  Workbench bench;
  const auto result = bench(c.line);
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, c.says));
  CHECK(bench.calls().empty());
}

TEST_CASE("a data root that is none is refused", "[e2e][bad_input]") {
  Workbench bench;
  bench.environment["DATAMILL_ROOT"] = bench.home();
  check_refused(bench, bench("install -f quickstart"), {bench.home(), "--root"});
}

TEST_CASE("a state folder that cannot be used is refused", "[e2e][bad_input]") {
  Workbench bench;
  SECTION("a file stands in its way") {
    const auto file = bench.folder().write("file", "x");
    const auto result = bench.run({"install", "-f", "quickstart", "--state-dir", file + "/state"});
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, file + "/state"));
    CHECK(contains(result.err, "--state-dir"));
  }
  SECTION("it is a file itself") {
    const auto file = bench.folder().write("file", "x");
    CHECK(bench.run({"install", "-f", "quickstart", "--state-dir", file}).exit_code == 2);
  }
  SECTION("nothing can be made there") {
    const auto result = bench("install -f quickstart --state-dir /proc/datamill");
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "/proc/datamill"));
  }
  SECTION("there is no space") {
    const SmallDisk disk(bench.folder().path("full"), "64k");
    if (!disk.mounted()) return;
    disk.fill();
    const auto result = bench.run({"install", "-f", "quickstart", "--state-dir", disk.path() + "/state"});
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "no space"));
  }
  CHECK(bench.changes().empty());
}

TEST_CASE("datamill works without HOME", "[e2e][bad_input]") {
  Workbench bench;
  bench.environment.erase("HOME");
  CHECK(bench("plan -f quickstart").exit_code == 0);
  bench.environment["DATAMILL_CACHE_DIR"] = bench.folder().path("cache");
  bench.environment["DATAMILL_STATE_DIR"] = bench.folder().path("state");
  CHECK(bench("install -f quickstart").exit_code == 0);
  CHECK(fs::exists(bench.folder().path("state/clusters/local-datamill/kubeconfig")));
  CHECK(bench("status").exit_code == 0);
}

TEST_CASE("a disk that becomes full stops no run", "[e2e][bad_input]") {
  Workbench bench;
  const SmallDisk disk(bench.folder().path("small"), "512k");
  if (!disk.mounted()) return;
  bench.environment["DATAMILL_STATE_DIR"] = disk.path() + "/state";
  bench.rules({R"({"has":["helm upgrade object-store"],"sleep_ms":1500})"});
  auto program = bench.start({"install", "-f", "quickstart"});
  REQUIRE(bench.wait_for_call("helm upgrade object-store"));
  disk.fill();
  const auto result = program->wait();
  CHECK(result.exit_code == 0);
  CHECK(contains(result.err, "No space left on device"));
  CHECK(bench.cluster(disk.path() + "/state/clusters/local-datamill/kubeconfig")
            .find("Secret", "data-mill", "sh.helm.release.v1.notebook.v1"));
}

TEST_CASE("standard output that takes nothing ends no run halfway", "[e2e][bad_input]") {
  Workbench bench;
  Program program({.argv = {DATAMILL_PROGRAM, "install", "-f", "quickstart", "-t", "kwok"},
                   .environment = bench.environment,
                   .working_directory = bench.working_directory,
                   .folder = bench.folder().path(),
                   .out_file = "/dev/full"});
  CHECK(program.wait().signal == 0);
  CHECK(bench.revision("notebook") == 1);
}

}  // namespace datamill::tests
