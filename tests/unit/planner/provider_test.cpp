// What `provider: auto` chooses, and what it says of it.
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
