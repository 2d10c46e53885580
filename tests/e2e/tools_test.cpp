// Tools that are missing, too old or broken: exit code 3, and nothing is changed.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <tuple>

namespace datamill::tests {

namespace {

using support::contains;

}  // namespace

TEST_CASE("helm 3 gets no flag that only helm 4 has", "[e2e][tools]") {
  Workbench bench;
  const auto [version, has] =
      GENERATE(table<std::string, bool>({{"v3.22.1+gabcdef", false}, {"v4.3.1+gabcdef", true}}));
  bench.rules({fmt::format(R"({{"has":["helm version"],"stdout":"{}"}})", version)});
  bench("install -f quickstart");
  const auto upgrades = bench.calls([](const ToolCall& call) { return contains(call.line(), "helm upgrade"); });
  REQUIRE_FALSE(upgrades.empty());
  for (const auto& call : upgrades)
    CHECK(contains(call.line(), "--server-side=true --force-conflicts") == has);
}

TEST_CASE("a tool that cannot be used ends with 3", "[e2e][tools]") {
  Workbench bench;
  // Named in the environment: then nothing else is tried, no download and no build.
  std::vector<std::string> says{"helm"};
  SECTION("missing") {
    bench.environment["DATAMILL_HELM"] = "/nonexistent/helm";
    says = {"error[DM401]", "/nonexistent/helm", "DATAMILL_HELM"};
  }
  SECTION("too old") {
    bench.environment["DATAMILL_HELM"] = DATAMILL_FAKES "/bin/helm";
    bench.rules({R"({"has":["helm version"],"stdout":"v3.1.0+gabcdef"})"});
    says = {"error[DM402]", "3.1.0", "3.22.0"};
  }
  SECTION("not executable") {
    bench.environment["DATAMILL_HELM"] = bench.folder().write("helm", "#!/bin/sh\n");
    says = {"error[DM403]", "not executable"};
  }
  SECTION("a folder") {
    bench.environment["DATAMILL_HELM"] = bench.home();
    says = {"error[DM403]", "folder"};
  }
  SECTION("not a program") {
    bench.environment["DATAMILL_HELM"] = bench.folder().write("helm", "this is no program\n");
    std::filesystem::permissions(bench.folder().path("helm"), std::filesystem::perms::owner_all);
    says = {"error[DM40", "helm"};
  }
  SECTION("prints garbage") {
    bench.environment["DATAMILL_HELM"] = DATAMILL_FAKES "/bin/helm";
    bench.rules({R"({"has":["helm version"],"garbage":true})"});
    says = {"error[DM404]"};
  }
  SECTION("prints nothing") {
    bench.environment["DATAMILL_HELM"] = DATAMILL_FAKES "/bin/helm";
    bench.rules({R"({"has":["helm version"],"exit":0})"});
    says = {"error[DM404]"};
  }
  SECTION("fails") {
    bench.environment["DATAMILL_HELM"] = DATAMILL_FAKES "/bin/helm";
    bench.rules({R"({"has":["helm version"],"exit":7,"stderr":"Segmentation fault"})"});
    says = {"error[DM404]", "exit code 7", "Segmentation fault"};
  }
  SECTION("not on PATH and not to be built") {
    std::filesystem::create_directories(bench.folder().path("bin"));
    for (const auto& entry : std::filesystem::directory_iterator(DATAMILL_FAKES "/bin")) {
      const auto name = entry.path().filename().string();
      if (name != "helm") std::filesystem::create_symlink(entry.path(), bench.folder().path("bin/" + name));
    }
    // helm's download has no checksum, and what would build it is not there.
    bench.environment["PATH"] = bench.folder().path("bin");
    bench.environment["DATAMILL_GO"] = "/nonexistent/go";
    says = {"helm", "PATH: no helm", "/nonexistent/go", "https://helm.sh/docs/intro/install/"};
  }
  const auto result = bench("install -f quickstart");
  CHECK(result.exit_code == 3);
  for (const auto& text : says) {
    INFO(text);
    CHECK(contains(result.err, text));
  }
  CHECK(bench.changes().empty());
  CHECK(bench("doctor").exit_code == 3);
  CHECK(bench("plan -f quickstart").exit_code == 0);
}

TEST_CASE("every broken tool is named at once", "[e2e][tools]") {
  Workbench bench;
  bench.environment["DATAMILL_HELM"] = "/nonexistent/helm";
  bench.environment["DATAMILL_KUBECTL"] = "/nonexistent/kubectl";
  bench.environment["DATAMILL_ETCD"] = "/nonexistent/etcd";
  const auto result = bench("install -f quickstart");
  CHECK(result.exit_code == 3);
  for (const auto* tool : {"helm", "kubectl", "etcd"})
    CHECK(contains(result.err, std::string("/nonexistent/") + tool));
}

TEST_CASE("a tool named in the environment wins over PATH", "[e2e][tools]") {
  Workbench bench;
  std::filesystem::create_directories(bench.folder().path("mine"));
  std::filesystem::create_symlink(DATAMILL_FAKES "/bin/helm", bench.folder().path("mine/helm"));
  bench.environment["DATAMILL_HELM"] = bench.folder().path("mine/helm");
  REQUIRE(bench("install -f quickstart").exit_code == 0);
  CHECK(contains(bench("plan -f quickstart -o shell --reinstall").out, bench.folder().path("mine/helm") + " upgrade"));
}

TEST_CASE("doctor and tools list say what is there", "[e2e][tools]") {
  Workbench bench;
  const auto doctor = bench("doctor");
  CHECK(doctor.exit_code == 0);
  CHECK(contains(doctor.out, "kwok"));
  CHECK(contains(doctor.out, "Everything is there"));
  const auto list = bench("tools list -o json");
  CHECK(list.exit_code == 0);
  CHECK(json_document(list.out).find("tools") != nullptr);
  CHECK(bench.changes().empty());
}

TEST_CASE("versions are asked once", "[e2e][tools]") {
  Workbench bench;
  REQUIRE(bench("doctor").exit_code == 0);
  CHECK(bench.calls().size() == 8);
  bench.forget_calls();
  REQUIRE(bench("doctor").exit_code == 0);
  CHECK(bench.calls().empty());
}

}  // namespace datamill::tests
