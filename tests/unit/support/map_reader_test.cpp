#include "datamill/support/map_reader.hpp"

#include "support/catch.hpp"

using namespace datamill::support;

namespace {

/// One entry per problem: "DM121 message | hint".
std::vector<std::string> problems(const Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const auto& d : diagnostics.items())
    out.push_back(d.code + " " + d.message + (d.hint.empty() ? "" : " | " + d.hint));
  return out;
}

Node map_of(std::string key, Node value) {
  return Node::map({{std::move(key), {}, std::move(value)}});
}

}  // namespace

TEST_CASE("MapReader reads every type", "[support][map_reader]") {
  Node node = Node::map();
  node.set("text", Node::plain("1.30"));
  node.set("yes", Node::plain("True"));
  node.set("port", Node::plain("80"));
  node.set("wait", Node::plain("10m"));
  node.set("memory", Node::plain("16Gi"));
  node.set("one", Node::plain("a"));
  node.set("many", Node::sequence({Node::text("a"), Node::plain("2")}));
  node.set("map", map_of("k", Node::text("v")));
  node.set("nothing", Node{});
  Diagnostics diagnostics;
  MapReader reader(node, "x", diagnostics);
  CHECK(reader.text("text") == "1.30");
  CHECK(reader.boolean("yes") == true);
  CHECK(reader.integer("port", 1, 65535) == 80);
  CHECK(reader.duration("wait") == std::chrono::seconds(600));
  CHECK(reader.mebibytes("memory") == Mebibytes{16384});
  CHECK(reader.text_list("one") == std::vector<std::string>{"a"});
  CHECK(reader.text_list("many") == std::vector<std::string>{"a", "2"});
  CHECK(reader.entries("map").size() == 1);
  CHECK(reader.node("nothing") == nullptr);
  CHECK_FALSE(reader.has("nothing"));
  CHECK_FALSE(reader.text("absent").has_value());
  CHECK(reader.text_or("absent", "y") == "y");
  CHECK(reader.items("absent").empty());
  reader.finish();
  CHECK(problems(diagnostics).empty());
}

TEST_CASE("MapReader reports a wrong type once, with what to write", "[support][map_reader]") {
  Diagnostics diagnostics;
  const auto read_bool = [&](Node value) {
    const Node node = map_of("k", std::move(value));
    (void)MapReader(node, "x", diagnostics).boolean("k");
  };
  const auto read_integer = [&](Node value) {
    const Node node = map_of("k", std::move(value));
    (void)MapReader(node, "x", diagnostics).integer("k", 1, 9);
  };
  read_bool(Node::plain("yes"));
  read_bool(Node::plain("OFF"));
  read_bool(Node::text("true"));
  read_integer(Node::plain("010"));
  read_integer(Node::text("5"));
  read_integer(Node::plain("10"));
  read_integer(Node::plain("1.5"));
  CHECK(problems(diagnostics) ==
        std::vector<std::string>{
            "DM121 \"k\" of x must be true or false, not text \"yes\" | write true",
            "DM121 \"k\" of x must be true or false, not text \"OFF\" | write false",
            "DM121 \"k\" of x must be true or false, not text \"true\" | remove the quotes",
            "DM121 \"k\" of x must be a whole number, not text \"010\" | write 10, without leading zeros",
            "DM121 \"k\" of x must be a whole number, not text \"5\" | remove the quotes",
            "DM123 \"k\" of x must be between 1 and 9, not 10",
            "DM121 \"k\" of x must be a whole number, not a number \"1.5\"",
        });
}

TEST_CASE("MapReader reports bad units, lists, maps and missing keys", "[support][map_reader]") {
  Node node = Node::map();
  node.set("wait", Node::plain("600"));
  node.set("memory", Node::plain("lots"));
  node.set("list", Node::sequence({Node::map()}));
  node.set("map", Node::sequence());
  Diagnostics diagnostics;
  MapReader reader(node, "x", diagnostics);
  CHECK_FALSE(reader.duration("wait").has_value());
  CHECK_FALSE(reader.mebibytes("memory").has_value());
  CHECK(reader.text_list("list").empty());
  CHECK(reader.entries("map").empty());
  CHECK_FALSE(reader.text("map").has_value());
  CHECK(reader.required_text("name").empty());
  CHECK(problems(diagnostics) ==
        std::vector<std::string>{
            "DM123 \"wait\" of x is no duration: \"600\" | write the unit: 600s",
            "DM123 \"memory\" of x is no size: \"lots\" | write for example 16Gi, 60G or 512Mi; a plain number is MiB",
            "DM121 an item of \"list\" of x must be text, not a map",
            "DM121 \"map\" of x must be a map, not a list",
            "DM121 \"map\" of x must be text, not a list",
            "DM122 x needs \"name\"",
        });
}

TEST_CASE("MapReader::finish reports every key that was not asked for", "[support][map_reader]") {
  Node node = Node::map();
  node.set("memroy", Node::plain("1"));
  node.set("zzz", Node::plain("1"));
  node.set("old", Node::plain("1"));
  Diagnostics diagnostics;
  MapReader reader(node, "\"local\"", diagnostics);
  (void)reader.mebibytes("memory");
  reader.ignore("old");
  reader.finish();
  CHECK(problems(diagnostics) == std::vector<std::string>{
                                     "DM120 unknown key \"memroy\" in \"local\" | did you mean \"memory\"?",
                                     "DM120 unknown key \"zzz\" in \"local\" | known keys: memory, old",
                                 });
}

TEST_CASE("MapReader takes a null as an empty map and refuses other things", "[support][map_reader]") {
  Diagnostics diagnostics;
  const Node nothing;
  MapReader empty(nothing, "x", diagnostics);
  empty.finish();
  CHECK(diagnostics.items().empty());
  const Node list = Node::sequence();
  MapReader reader(list, "component \"x\"", diagnostics);
  CHECK(reader.required_text("name").empty());
  reader.finish();
  CHECK(problems(diagnostics) == std::vector<std::string>{"DM121 component \"x\" must be a map, not a list"});
}
