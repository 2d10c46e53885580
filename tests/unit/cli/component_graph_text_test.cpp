#include "cli/component_graph_text.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"

namespace datamill::cli {

namespace {

using namespace std::chrono_literals;
using planner::ComponentGraph;
using planner::EdgeKind;
using support::contains;

ComponentGraph sample() {
  ComponentGraph graph;
  graph.components = {{.name = "lake", .reason = "needed by app: s3", .estimate = 60s, .critical = true},
                      {.name = "db \"x\\", .reason = "listed", .estimate = 5s},
                      {.name = "app", .reason = "listed", .estimate = 90s, .level = 1, .critical = true}};
  graph.edges = {{.first = 0, .then = 2, .capability = "s3"},
                 {.first = 0, .then = 2, .kind = EdgeKind::uses, .capability = "cache"},
                 {.first = 1, .then = 2, .kind = EdgeKind::after}};
  graph.outside = {{.component = 2, .capability = "postgres"}};
  graph.critical_path = {0, 2};
  graph.expected = 150s;
  return graph;
}

}  // namespace

TEST_CASE("a graph of components as text", "[cli][graph]") {
  CHECK(component_graph_text(sample(), "flavour f") == R"(flavour f: 3 components in 2 levels
level 1
  * lake         1m  needed by app: s3
    db "x\       5s  listed
level 2
  * app       1m30s  listed
      needs lake: s3, cache
      after db "x\
      needs a service outside: postgres
* expected critical path, 2m30s by the components' estimates: lake > app
)");
  CHECK(component_graph_text({}, "flavour f") == "flavour f: 0 components in 0 levels\n");
}

TEST_CASE("names in dot and mermaid cannot break out", "[cli][graph]") {
  CHECK(component_graph_dot(sample()) == R"(digraph components {
  rankdir=LR;
  node [shape=box];
  "lake" [label="lake\n1m", color="#c0392b", penwidth=2];
  "db \"x\\" [label="db \"x\\\n5s"];
  "app" [label="app\n1m30s", color="#c0392b", penwidth=2];
  "lake" -> "app" [label="s3, cache", color="#c0392b", penwidth=2];
  "db \"x\\" -> "app" [label="after", style=dashed];
}
)");
  const auto mermaid = component_graph_mermaid(sample());
  CHECK(contains(mermaid, "  n1[\"db #quot;x\\, 5s\"]\n"));
  CHECK(contains(mermaid, "  n0 -->|\"s3, cache\"| n2\n"));
  CHECK(contains(mermaid, "  n1 -.->|\"after\"| n2\n"));
  CHECK(contains(mermaid, "  class n0,n2 critical\n"));
}

TEST_CASE("a graph of components as JSON", "[cli][graph]") {
  const auto node = component_graph_node(sample(), "flavour f");
  CHECK(node.text_at("expected_s") == "150");
  const auto& app = node.find("components")->items[2];
  CHECK(app.text_at("critical") == "true");
  CHECK(app.find("comes_after")->items[1].text_at("kind") == "uses");
  CHECK(app.find("outside")->items[0].scalar == "postgres");
  CHECK(node.find("critical_path")->items[1].scalar == "app");
}

}  // namespace datamill::cli
