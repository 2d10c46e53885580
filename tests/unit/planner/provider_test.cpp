// What `provider: auto` chooses, and what it says of it.
#include "datamill/planner/lifecycle.hpp"
#include "datamill/planner/provider.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"

using namespace datamill;

namespace {

planner::Choice choose(const planner::Surroundings& surroundings, const std::string& provider = "auto") {
  support::Diagnostics diagnostics;
  const domain::Target target{.provider = provider};
  const auto choice = planner::choose_provider(target, surroundings, diagnostics);
  REQUIRE(choice);
  CHECK(diagnostics.items().empty());
  return *choice;
}

}  // namespace

TEST_CASE("a machine that can be a node becomes one", "[planner][provider]") {
  const auto choice = choose({});
  CHECK(choice.provider->name == "embedded");
  CHECK(support::contains(choice.why, "-t kwok"));
}

TEST_CASE("where it cannot, nodes are simulated, and it says why", "[planner][provider]") {
  const auto choice = choose({.node_obstacle = "a real node needs root"});
  CHECK(choice.provider->name == "kwok");
  CHECK(support::contains(choice.why, "no pod really runs"));
  CHECK(support::contains(choice.why, "a real node needs root"));
}

TEST_CASE("what is there already comes first", "[planner][provider]") {
  CHECK(choose({.docker_running = true, .minikube_on_path = true}).provider->name == "minikube");
  CHECK(choose({.docker_running = true}).provider->name == "embedded");
  const auto choice = choose({.existing_provider = "kwok", .docker_running = true, .minikube_on_path = true});
  CHECK(choice.provider->name == "kwok");
  CHECK(support::contains(choice.why, "exists already"));
}

TEST_CASE("a provider that is named is taken without a word", "[planner][provider]") {
  const auto choice = choose({.existing_provider = "kwok"}, "embedded");
  CHECK(choice.provider->name == "embedded");
  CHECK(choice.why.empty());
}

TEST_CASE("only providers that can load images promise them", "[planner][provider]") {
  for (const auto& provider : planner::providers()) {
    INFO(provider.name);
    CHECK((provider.load_image != nullptr) == (provider.name == "embedded" || provider.name == "minikube"));
  }
}

namespace {

/// An embedded cluster that is made, and stopped unless it is said otherwise.
struct MadeNode {
  [[nodiscard]] planner::Context context() const {
    return {.workspace = workspace,
            .target = target,
            .snapshot = snapshot,
            .places = {.state = "/s", .cluster = "/s/clusters/local-x", .cache = "/c", .root = "/r"},
            .cluster_state = state,
            .node = {.prefix = "10.91.7", .services = "10.112"}};
  }
  [[nodiscard]] plan::Plan start() const { return planner::plan_start(provider, context()); }
  const planner::Provider& provider = *planner::find_provider(domain::Location::local, "embedded");
  domain::Workspace workspace{};
  domain::Target target{.provider = "embedded", .cluster_name = "x"};
  domain::ClusterSnapshot snapshot{};
  planner::ClusterState state = planner::ClusterState::stopped;
};

}  // namespace

TEST_CASE("a stopped node takes up another registry mirror, or none", "[planner][provider]") {
  MadeNode node;
  plan::Plan plan;
  const auto about_mirror = [&]() -> const plan::Action* {
    plan = node.start();
    for (const auto& step : plan.steps) {
      if (support::contains(step.title, "mirror")) return &step.action;
    }
    return nullptr;
  };
  const auto* removal = about_mirror();
  REQUIRE(removal != nullptr);
  REQUIRE(std::holds_alternative<plan::RemovePath>(*removal));
  CHECK(std::get<plan::RemovePath>(*removal).path == "/s/clusters/local-x/node/registry/_default");
  node.target.registry_mirror = "https://mirror.example";
  const auto* file = about_mirror();
  REQUIRE(file != nullptr);
  REQUIRE(std::holds_alternative<plan::WriteFile>(*file));
  CHECK(std::get<plan::WriteFile>(*file).path == "/s/clusters/local-x/node/registry/_default/hosts.toml");
  node.state = planner::ClusterState::running;
  CHECK(about_mirror() == nullptr);
}

TEST_CASE("networks of this machine are reached past a proxy", "[planner][provider]") {
  const MadeNode node;
  CHECK(node.provider.own_networks(node.context()) == std::vector<std::string>{"10.91.7.0/24", "10.112.0.0/16"});
  CHECK(planner::find_provider(domain::Location::local, "kwok")->own_networks == nullptr);  // loopback
}
