#include "datamill/planner/rendering.hpp"

#include "datamill/support/text.hpp"
#include "sample.hpp"
#include "support/catch.hpp"

namespace datamill::planner {

namespace {

using sample::Sample;
using support::Node;

std::vector<ComponentRendering> renderings(Sample& sample, const InstallRequest& request = {}) {
  auto made = plan_renderings(sample.context(), request, {.kube_version = "v1.36.3", .api_versions = {"example.io/v1"}},
                              sample.diagnostics);
  REQUIRE(made);
  return std::move(*made);
}

const ComponentRendering& find(const std::vector<ComponentRendering>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.component == name; });
  if (found == all.end()) throw std::logic_error("no component " + name);
  return *found;
}

std::string input_of(const command::Command& command) {
  return std::get<command::SymbolicText>(command.stdin_text).display();
}

}  // namespace

TEST_CASE("charts are rendered with the values of the upgrade and placeholders for secrets", "[planner][rendering]") {
  Sample sample;
  auto set = Node::map();
  set.set("url", Node::text("${secret.app-url.url}"));
  set.set("plain", Node::text("${s3.endpoint}"));
  sample.workspace.catalogue.at("app").releases[0].set = set;
  const auto all = renderings(sample);
  const auto& release = find(all, "app").releases.at(0);
  const auto input = input_of(release.command);
  CHECK(input == "{\"url\":\"" + std::string(kPlaceholder) + "\",\"plain\":\"http://lake.data-mill.svc:1\"}");
  const auto line = command::to_shell(release.command);
  CHECK(support::contains(line, "helm template app /cache/charts/"));
  CHECK(support::contains(line, "--kube-version v1.36.3 --api-versions example.io/v1 --skip-tests"));
  CHECK_FALSE(support::contains(line, "--is-upgrade"));
  // The same values as the step has, but for the secrets.
  const auto plan = sample.install();
  REQUIRE(plan);
  const auto& upgrade = *plan::command_of(sample::step(*plan, "Install release app"));
  CHECK(support::replace_all(input_of(upgrade), "«secret data-mill/app-url.url»", kPlaceholder) == input);
}

TEST_CASE("renderings say what changes and what was there", "[planner][rendering]") {
  Sample sample;
  const auto first = renderings(sample);
  CHECK(find(first, "app").changes);
  CHECK(find(first, "app").releases.front().changes);
  CHECK_FALSE(find(first, "app").recorded);
  CHECK(find(first, "app").secrets == std::vector<std::string>{"data-mill/app-url"});
  CHECK(find(first, "app").manifests.size() == 1);  // its bucket
  sample.pretend_installed();
  const auto again = renderings(sample);
  for (const auto& component : again) {
    INFO(component.component);
    CHECK_FALSE(component.changes);
    CHECK(component.recorded);
    for (const auto& release : component.releases) {
      CHECK_FALSE(release.changes);
      CHECK(support::contains(command::to_shell(release.command), "--is-upgrade"));
    }
  }
  CHECK(find(renderings(sample, {.reinstall = true}), "app").releases.front().changes);
}

}  // namespace datamill::planner
