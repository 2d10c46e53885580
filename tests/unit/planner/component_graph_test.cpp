#include "datamill/planner/component_graph.hpp"
#include "sample.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

#include <set>

namespace datamill::planner {

using sample::Sample;

namespace {

ComponentGraph graph_of(Sample& sample) {
  const auto context = sample.context();
  const auto selection = select_components(context, {}, sample.diagnostics);
  REQUIRE(selection);
  auto graph = component_graph(*selection, context);
  // The edges are those that the plan is laid over.
  for (std::size_t i = 0; i < selection->components.size(); ++i) {
    std::set<std::size_t> before;
    for (const auto& edge : graph.edges) {
      if (edge.then == i) before.insert(edge.first);
    }
    const auto& needs = selection->components[i].needs;
    CHECK(before == std::set<std::size_t>(needs.begin(), needs.end()));
  }
  return graph;
}

/// "app needs lake: s3"
std::vector<std::string> words(const ComponentGraph& graph) {
  std::vector<std::string> lines;
  for (const auto& edge : graph.edges) {
    lines.push_back(fmt::format("{} {} {}{}{}", graph.components[edge.then].name, to_name(edge.kind),
                                graph.components[edge.first].name, edge.capability.empty() ? "" : ": ",
                                edge.capability));
  }
  return lines;
}

std::vector<std::string> path(const ComponentGraph& graph) {
  std::vector<std::string> names;
  for (const auto index : graph.critical_path)
    names.push_back(graph.components[index].name);
  return names;
}

}  // namespace

TEST_CASE("a graph says why a component comes after another", "[planner][graph]") {
  Sample sample;
  sample.workspace.catalogue.at("app").uses = {{.name = "notes"}, {.name = "nowhere"}};
  sample.workspace.catalogue.at("app").after = {{.name = "db"}};
  sample.list({"app", "notes"});
  const auto graph = graph_of(sample);
  CHECK(words(graph) ==
        std::vector<std::string>{"app needs lake: s3", "app needs db", "app uses notes", "app after db"});
  CHECK(graph.components.back().name == "app");
  CHECK(graph.components.back().level == 1);
  CHECK(graph.components.front().level == 0);
  CHECK(graph.outside.empty());
}

TEST_CASE("conditions and services outside take edges away", "[planner][graph]") {
  Sample sample;
  domain::OutsideService service;
  service.capability = "s3";
  sample.workspace.services.push_back(service);
  sample.workspace.catalogue.at("app").needs[1].when = domain::Condition{.name = "simulated", .is = "true"};
  const auto graph = graph_of(sample);
  CHECK(words(graph).empty());
  REQUIRE(graph.outside.size() == 1);
  CHECK(graph.outside[0].capability == "s3");
}

TEST_CASE("the expected critical path is the longest by estimates", "[planner][graph]") {
  using namespace std::chrono_literals;
  Sample sample;
  auto& catalogue = sample.workspace.catalogue;
  catalogue.at("db").estimate = 100s;
  catalogue.at("lake").estimate = 30s;
  catalogue.at("app").estimate = 5s;
  catalogue.at("notes").estimate = 104s;
  sample.list({"app", "notes"});
  auto graph = graph_of(sample);
  CHECK(path(graph) == std::vector<std::string>{"db", "app"});
  CHECK(graph.expected == 105s);
  catalogue.at("notes").estimate = 106s;
  graph = graph_of(sample);
  CHECK(path(graph) == std::vector<std::string>{"notes"});
  CHECK(graph.components[graph.critical_path[0]].critical);
  sample.list({});
  CHECK(graph_of(sample).critical_path.empty());
}

}  // namespace datamill::planner
