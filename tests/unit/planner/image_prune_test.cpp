// What of a builder's store can go.
#include "datamill/planner/image_prune.hpp"
#include "datamill/planner/images.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

using namespace datamill;

namespace {

using Names = std::vector<std::string>;

struct Store {
  Store() {
    domain::Image lab{.name = "lab", .version = "1.0.0", .wheels_digest = std::string(64, 'a')};
    lab.bases = {{.reference = "debian:12"}};
    lab.digest = std::string(64, 'b');
    workspace.images.images = {{"lab", lab}};
    workspace.images.order = {"lab"};
    request.builder = tools::private_builder("/usr/bin/buildah", "/cache/images", "overlay");
  }
  void has(const Names& references) {
    std::string text;
    for (const auto& reference : references)
      text += fmt::format("{0}|id of {0}|2026-01-01 00:00:{1:02} +0000 UTC|1 MB\n", reference, seconds--);
    for (auto& image : planner::parse_described_images(text))
      request.stored.push_back(std::move(image));
  }
  [[nodiscard]] Names unused() const {
    Names names;
    for (const auto& image : unused_images(workspace.images, request))
      names.push_back(image.reference);
    return names;
  }
  [[nodiscard]] plan::Plan plan() const {
    const planner::Context context{.workspace = workspace,
                                   .target = target,
                                   .snapshot = snapshot,
                                   .places = {.state = "/s", .cluster = "/s/c", .cache = "/cache", .root = "/r"}};
    auto plan = planner::plan_image_prune(context, request);
    CHECK(invariant_problem(plan).empty());
    return plan;
  }
  domain::Workspace workspace{};
  domain::Target target{};
  domain::ClusterSnapshot snapshot{};
  planner::ImagePruneRequest request{};
  int seconds = 50;
};

const std::string kTag = "1.0.0-bbbbbbbbbbbb";

}  // namespace

TEST_CASE("the oldest image goes first", "[planner][images]") {
  Store store;
  store.has({"datamill.local/lab:new", "datamill.local/lab:" + kTag, "datamill.local/lab:old"});
  CHECK(store.unused() == Names{"datamill.local/lab:old", "datamill.local/lab:new"});
}

TEST_CASE("what is referred to stays under every name", "[planner][images]") {
  Store store;
  store.has({"datamill.local/lab:" + kTag, "ghcr.io/acme/lab:" + kTag, "datamill.local/outside/debian:12",
             "datamill.local/outside/debian:11", "datamill.local/gone:1"});
  CHECK(store.unused() == Names{"datamill.local/gone:1", "datamill.local/outside/debian:11"});
  store.request.mentions = {"image: datamill.local/gone:1\n"};
  CHECK(store.unused() == Names{"datamill.local/outside/debian:11"});
  // The base as it was pulled.
  store.request.stored.push_back({.reference = "docker.io/library/debian:12", .id = store.request.stored[2].id});
  CHECK(store.unused() == Names{"datamill.local/outside/debian:11"});
}

TEST_CASE("a docker daemon's other images are none of ours", "[planner][images]") {
  Store store;
  store.request.builder = {};
  store.has({"datamill.local/lab:old", "ghcr.io/acme/lab:old", "postgres:17"});
  CHECK(store.unused() == Names{"datamill.local/lab:old"});
  store.request.labelled = {"ghcr.io/acme/lab:old"};
  CHECK(store.unused() == Names{"ghcr.io/acme/lab:old", "datamill.local/lab:old"});
}

TEST_CASE("descriptions that are none are passed over", "[planner][images]") {
  CHECK(planner::parse_described_images("<none>:<none>|1|2026|1 MB\nwhatever\n\n").empty());
}

TEST_CASE("each removal stands for itself", "[planner][images]") {
  Store store;
  store.has({"datamill.local/lab:2", "datamill.local/lab:1"});
  store.request.has_nameless = true;
  store.request.wheels = {std::string(16, 'a'), "0123456789abcdef"};
  const auto plan = store.plan();
  REQUIRE(plan.steps.size() == 4);
  const auto shell = [&](std::size_t i) { return to_shell(*command_of(plan.steps[i])); };
  CHECK(support::contains(shell(0), "/usr/bin/buildah --root /cache/images/store "));
  CHECK(shell(0).ends_with(" rmi datamill.local/lab:1"));
  CHECK(shell(2).ends_with(" rmi --prune"));
  const auto* wheels = std::get_if<plan::RemovePath>(&plan.steps[3].action);
  REQUIRE(wheels != nullptr);
  CHECK(wheels->path == "/cache/images/wheels/0123456789abcdef");
  for (const auto& step : plan.steps) {
    CHECK(step.needs.empty());
    CHECK(step.effect == plan::Effect::destroy);
  }
  store.request = {.builder = store.request.builder};
  CHECK(store.plan().steps.empty());
}
