#include "datamill/planner/references.hpp"

#include "support/catch.hpp"

using namespace datamill;
using planner::Scope;
using support::Diagnostics;
using support::Node;

namespace {

Scope sample_scope() {
  Scope scope;
  scope.set_text("settings.release", "lake");
  scope.set("settings.size", Node::integer(3));
  scope.set("settings.list", Node::sequence({Node::text("a"), Node::text("b")}));
  scope.set_text("namespace", "data-mill");
  scope.set_absent("s3", "nothing provides it in this flavour");
  scope.set_secrets("data-mill", {{"keys", {"password"}}});
  return scope;
}

const planner::ConditionTest kNever = [](const Node&) { return false; };
const planner::ConditionTest kAlways = [](const Node&) { return true; };

std::string first_code(const Diagnostics& diagnostics) {
  return diagnostics.items().empty() ? "" : diagnostics.items().front().code;
}

}  // namespace

TEST_CASE("references in texts", "[planner][references]") {
  struct Case {
    std::string why{};
    std::string text{};
    std::string expected{};
  };
  const auto c = GENERATE(values<Case>({
      {"none", "plain", "plain"},
      {"one", "http://${settings.release}.x", "http://lake.x"},
      {"two side by side", "${settings.release}${namespace}", "lakedata-mill"},
      {"number inside a text", "n${settings.size}", "n3"},
      {"escaped", "$${settings.release}", "${settings.release}"},
      {"a lone dollar", "cost $5 and $(rm -rf /) `x`", "cost $5 and $(rm -rf /) `x`"},
  }));
  INFO(c.why);
  Diagnostics diagnostics;
  CHECK(planner::substitute_text(c.text, {}, sample_scope(), diagnostics) == c.expected);
  CHECK(diagnostics.items().empty());
}

TEST_CASE("references that mean nothing are errors at their place", "[planner][references]") {
  struct Case {
    std::string text{};
    std::string code{};
    std::string part{};
  };
  const auto c = GENERATE(values<Case>({
      {"${settings.relase}", "DM310", "settings.relase"},
      {"${s3.endpoint}", "DM311", "nothing provides it"},
      {"${settings.release", "DM312", "never closed"},
      {"x${settings.list}", "DM313", "list or a map"},
      {"${secret.keys.nosuch}", "DM310", "secret.keys.nosuch"},
  }));
  Diagnostics diagnostics;
  const support::SourceRef at{.file = support::FileName("c.yaml"), .line = 7, .column = 3};
  (void)planner::substitute_text(c.text, at, sample_scope(), diagnostics);
  REQUIRE(first_code(diagnostics) == c.code);
  CHECK(diagnostics.items().front().message.find(c.part) != std::string::npos);
  CHECK(diagnostics.items().front().at == at);
}

TEST_CASE("an unknown reference suggests the one that was meant", "[planner][references]") {
  Diagnostics diagnostics;
  (void)planner::substitute_text("${settings.relase}", {}, sample_scope(), diagnostics);
  CHECK(diagnostics.items().front().hint.find("settings.release") != std::string::npos);
}

TEST_CASE("a scalar that is one reference takes the value's type", "[planner][references]") {
  Diagnostics diagnostics;
  auto map = Node::map();
  map.set("replicas", Node::text("${settings.size}"));
  map.set("hosts", Node::text("${settings.list}"));
  map.set("mixed", Node::text("${settings.size}0"));
  const auto out = planner::substitute(map, sample_scope(), kNever, diagnostics);
  CHECK(support::write_json(out) == R"({"replicas":3,"hosts":["a","b"],"mixed":"30"})");
}

TEST_CASE("a map of when and value is there only where its condition holds", "[planner][references]") {
  auto conditional = Node::map();
  conditional.set("when", Node::map());
  conditional.set("value", Node::text("${namespace}"));
  auto map = Node::map();
  map.set("a", conditional);
  map.set("b", Node::sequence({conditional, Node::text("x")}));
  Diagnostics diagnostics;
  CHECK(support::write_json(planner::substitute(map, sample_scope(), kAlways, diagnostics)) ==
        R"({"a":"data-mill","b":["data-mill","x"]})");
  CHECK(support::write_json(planner::substitute(map, sample_scope(), kNever, diagnostics)) == R"({"b":["x"]})");
}

TEST_CASE("secrets stay symbols through JSON inside JSON", "[planner][references]") {
  Diagnostics diagnostics;
  auto inner = Node::map();
  inner.set("url", Node::text("pg://u:${secret.keys.password}@h"));
  const auto replaced = planner::substitute(inner, sample_scope(), kNever, diagnostics);
  auto outer = Node::map();
  outer.set("config", Node::text(support::write_json(replaced)));
  const auto text = planner::to_symbolic(support::write_json(outer));
  REQUIRE(text.parts.size() == 3);
  const auto* part = std::get_if<command::SecretPart>(&text.parts[1]);
  REQUIRE(part != nullptr);
  CHECK(part->ref == command::SecretRef{"data-mill", "keys", "password"});
  CHECK(text.display().find("«secret data-mill/keys.password»") != std::string::npos);
}

TEST_CASE("outputs of earlier steps are symbols too", "[planner][references]") {
  const auto text = planner::to_symbolic("a" + planner::mark(command::OutputRef{"revision:x/y"}) + "b");
  REQUIRE(text.parts.size() == 3);
  CHECK(std::get<command::OutputPart>(text.parts[1]).ref.name == "revision:x/y");
}

TEST_CASE("text without marks is one literal part", "[planner][references]") {
  CHECK_FALSE(planner::to_symbolic("$(whoami) `id` 'x' \"y\" \n ü").symbolic());
  CHECK(planner::to_symbolic("").display().empty());
}
