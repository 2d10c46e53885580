#include "toolbox/version.hpp"

#include "support/catch.hpp"

#include <string>

using datamill::toolbox::expand_version;
using datamill::toolbox::find_version;
using datamill::toolbox::parse_version;
using datamill::toolbox::to_text;

namespace {

struct Printed {
  std::string by{};
  std::string text{};
  std::string expected{};  ///< "" = no version
};

struct Order {
  std::string older{};
  std::string newer{};
};

std::string found(const std::string& text) {
  const auto version = find_version(text);
  return version ? to_text(*version) : "";
}

}  // namespace

TEST_CASE("find_version reads what tools print", "[toolbox][version]") {
  const auto c = GENERATE(values<Printed>({
      {"helm 4", "v4.3.1+gabcdef0\n", "4.3.1"},
      {"helm, built without its version", "v4.3\n", "4.3.0"},
      {"kubectl", "Client Version: v1.36.3\nKustomize Version: v5.8.1\n", "1.36.3"},
      {"an old kubectl", R"(Client Version: version.Info{Major:"1", Minor:"20", GitVersion:"v1.20.15"})", "1.20.15"},
      {"etcd", "etcd Version: 3.6.16\nGit SHA: Not provided\nGo Version: go1.26.8\n", "3.6.16"},
      {"kube-apiserver", "Kubernetes v1.36.3\n", "1.36.3"},
      {"kwokctl", "kwokctl version v0.8.0 go1.26.8 (linux/amd64)\n", "0.8.0"},
      {"go", "go version go1.26.8 linux/amd64\n", "1.26.8"},
      {"the first go of a line", "go version go1.26 linux/amd64\n", "1.26.0"},
      {"docker", "Docker version 20.10.24+dfsg1, build 297e128\n", "20.10.24"},
      {"k3s", "k3s version v1.36.3+k3s1 (abc)\n", "1.36.3"},
      {"eks", "v1.36.3-eks-1234", "1.36.3"},
      {"a release candidate", "v4.0.0-rc.1", "4.0.0 (pre-release)"},
      {"a go candidate", "go version go1.27rc1 linux/amd64", "1.27.0 (pre-release)"},
      {"an address before it", "warning: 10.0.0.1 is slow", "10.0.0"},
      {"garbage", "Segmentation fault", ""},
      {"a lone number", "version 4", ""},
      {"an unmarked pair", "took 1.5 seconds", ""},
      {"numbers beyond int", "v99999999999.1.2", ""},
      {"nothing", "", ""},
  }));
  INFO(c.by);
  CHECK(found(c.text) == c.expected);
}

TEST_CASE("versions compare by number, and a candidate is older than its release", "[toolbox][version]") {
  const auto c = GENERATE(values<Order>({
      {"3.9.0", "3.22.0"},
      {"3.22.0", "4.0.0"},
      {"1.26.9", "1.26.10"},
      {"v4.0.0-rc.1", "v4.0.0"},
      {"v4.0.0-beta.2", "v4.0.1-alpha.1"},
  }));
  INFO(c.older << " < " << c.newer);
  CHECK(find_version(c.older) < find_version(c.newer));
}

TEST_CASE("parse_version takes three numbers and nothing else", "[toolbox][version]") {
  CHECK(parse_version("1.36.3").has_value());
  for (const std::string bad : {"", "1.36", "v1.36.3", "1.36.3-rc.1", "1.36.3 ", "latest", "1.36.x", "-1.2.3"}) {
    INFO(bad);
    CHECK_FALSE(parse_version(bad).has_value());
  }
}

TEST_CASE("expand_version replaces its placeholders only", "[toolbox][version]") {
  const auto version = parse_version("1.36.3");
  REQUIRE(version);
  CHECK(expand_version("v{version} v0.{minor}.{patch} {major} {other}", *version) == "v1.36.3 v0.36.3 1 {other}");
}
