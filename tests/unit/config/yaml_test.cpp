#include "datamill/config/yaml.hpp"

#include "support/catch.hpp"

#include <fmt/format.h>

using namespace datamill;
using config::Documents;
using support::Node;

namespace {

struct ValueCase {
  std::string why{};
  std::string yaml{};
  std::string json{};
};

struct ProblemCase {
  std::string why{};
  std::string yaml{};
  std::vector<std::string> problems{};  ///< "line:column code message"
};

std::vector<std::string> problems_of(const support::Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const auto& d : diagnostics.items())
    out.push_back(fmt::format("{}:{} {} {}", d.at.line, d.at.column, d.code, d.message));
  return out;
}

std::string json_of(const std::string& yaml, Documents documents) {
  support::Diagnostics diagnostics;
  const auto parsed = config::parse_yaml(yaml, "t.yaml", documents, diagnostics);
  if (!parsed) return problems_of(diagnostics).front();
  std::string out;
  for (const auto& document : *parsed)
    out += support::write_json(document) + ";";
  return out;
}

}  // namespace

TEST_CASE("parse_yaml reads the core schema", "[config][yaml]") {
  const auto c = GENERATE(values<ValueCase>({
      {"types", "a: 1\nb: 1.30\nc: true\nd: yes\ne: 010\nf: '1'\ng: text\n",
       R"({"a":1,"b":1.30,"c":true,"d":"yes","e":"010","f":"1","g":"text"};)"},
      {"nulls", "a:\nb: null\nc: ~\nd: ''\ne: [ , ]\n", "5:6 DM101"},
      {"nulls without an empty item", "a:\nb: null\nc: ~\nd: ''\n", R"({"a":null,"b":null,"c":null,"d":""};)"},
      {"nesting", "a:\n- b: [1, {c: d}]\n  e: {}\n- []\n", R"({"a":[{"b":[1,{"c":"d"}],"e":{}},[]]};)"},
      {"block text", "a: |\n  x\n   y\n\nb: >-\n  x\n  y\n", R"({"a":"x\n y\n","b":"x y"};)"},
      {"a number in block text is text", "a: |-\n  5\n", R"({"a":"5"};)"},
      {"shell text stays text", "a: $(rm -rf /) `x` ${y}\nb: \"q'\\\"\\n\\u00e4\"\n",
       "{\"a\":\"$(rm -rf /) `x` ${y}\",\"b\":\"q'\\\"\\n\xC3\xA4\"};"},
      {"comments", "# c\na: 1 # c\nb: x#y\n", R"({"a":1,"b":"x#y"};)"},
      {"byte order mark and CRLF",
       "\xEF\xBB\xBF"
       "a: 1\r\nb: |\r\n  x\r\n",
       R"({"a":1,"b":"x\n"};)"},
      {"directive and document marks", "%YAML 1.2\n---\na: 1\n...\n", R"({"a":1};)"},
      {"an empty document after the mark", "a: 1\n---\n", R"({"a":1};)"},
      {"tabs inside lines", "a:\t1\t# c\nb: x\ty\nc: {\n\td: 1}\n", R"({"a":1,"b":"x\ty","c":{"d":1}};)"},
      {"no content", "", ""},
      {"only comments", "# nothing\n---\n", ""},
      {"a scalar", "text\n", R"("text";)"},
      {"keys are text", "1: a\ntrue: b\n'': c\n", R"({"1":"a","true":"b","":"c"};)"},
  }));
  INFO(c.why);
  const std::string actual = json_of(c.yaml, Documents::one);
  if (c.json.find("DM") == std::string::npos)
    CHECK(actual == c.json);
  else
    CHECK(actual.find(c.json) == 0);
}

TEST_CASE("parse_yaml gives every key and value its place", "[config][yaml]") {
  support::Diagnostics diagnostics;
  const auto parsed =
      config::parse_yaml("# x\n\xC3\xA4: \xC3\xB6\nb:\n  - c: {d: e}\nf:\n", "t.yaml", Documents::one, diagnostics);
  REQUIRE(parsed);
  const Node& root = parsed->front();
  const auto place = [](const support::SourceRef& at) { return support::to_text(at); };
  CHECK(place(root.at) == "t.yaml:2:1");
  CHECK(place(root.entries[0].key_at) == "t.yaml:2:1");
  CHECK(place(root.entries[0].value.at) == "t.yaml:2:4");
  CHECK(place(root.entries[1].value.at) == "t.yaml:4:3");
  const Node& item = root.entries[1].value.items[0];
  CHECK(place(item.at) == "t.yaml:4:5");
  CHECK(place(item.entries[0].value.at) == "t.yaml:4:8");
  CHECK(place(item.entries[0].value.entries[0].value.at) == "t.yaml:4:12");
  CHECK(root.entries[2].value.is_null());
  CHECK(place(root.entries[2].key_at) == "t.yaml:5:1");
}

TEST_CASE("parse_yaml refuses what reads differently than it looks", "[config][yaml]") {
  const auto c = GENERATE(values<ProblemCase>({
      {"duplicate keys, all of them",
       "a: 1\nb:\n  c: 1\n  \"c\": 2\na: 3\n",
       {"4:3 DM102 key \"c\" is given twice", "5:1 DM102 key \"a\" is given twice"}},
      {"second document", "a: 1\n---\nb: 2\n---\nc: 3\n", {"3:1 DM103 a second document starts here, one is wanted"}},
      {"merge key", "a: {b: 1}\nc:\n  <<: {b: 1}\n", {"3:3 DM104 merge keys are not read: \"<<\""}},
      {"anchor and alias",
       "a: &x 1\nb: *x\n",
       {"1:4 DM105 anchors are not read: \"&x\"", "2:4 DM105 aliases are not read: \"*x\""}},
      {"tag",
       "a: !!str 1\nb: !x {}\n",
       {"1:4 DM106 tags are not read: \"tag:yaml.org,2002:str\"", "2:4 DM106 tags are not read: \"!x\""}},
      {"map as key",
       "{a: 1}: 2\nb: 1\nb: 2\n",
       {"1:1 DM101 a key must be text, not a list or a map", "3:1 DM102 key \"b\" is given twice"}},
      {"missing key", "a:\n  ?\n  : 1\n", {"2:4 DM101 a key is missing before \":\""}},
  }));
  INFO(c.why);
  support::Diagnostics diagnostics;
  CHECK_FALSE(config::parse_yaml(c.yaml, "t.yaml", Documents::one, diagnostics));
  CHECK(problems_of(diagnostics) == c.problems);
}

TEST_CASE("parse_yaml names both places of a duplicate key", "[config][yaml]") {
  support::Diagnostics diagnostics;
  (void)config::parse_yaml("a: 1\nb: 2\n\na: 3\n", "f.yaml", Documents::one, diagnostics);
  REQUIRE(diagnostics.items().size() == 1);
  CHECK(support::render(diagnostics.items()[0]) == "f.yaml:4:1: error[DM102]: key \"a\" is given twice\n"
                                                   "  hint: remove one of the two; the first is at f.yaml:1:1\n");
}

TEST_CASE("parse_yaml explains syntax errors at the place to mend", "[config][yaml]") {
  const auto c = GENERATE(values<ProblemCase>({
      {"unterminated quote", "a: 1\nb: 'x\nc: 2\n", {"2:4 DM101 this quote is never closed"}},
      {"unterminated double quote", "b: \"x\n", {"1:4 DM101 this quote is never closed"}},
      {"tab as indentation", "a:\n\tb: 1\n", {"2:1 DM101 a tab cannot indent YAML"}},
      {"tab after blanks", "a:\n  \tb: 1\n", {"2:3 DM101 a tab cannot indent YAML"}},
      {"two colons", "a: b: c\n", {"1:5 DM101 a second \": \" stands in one line"}},
      {"no colon", "a: 1\nb\nc: 2\n", {"2:1 DM101 this line is neither \"key: value\" nor part of the text above"}},
      {"open bracket", "a: [1, 2\nb: 3\n", {"1:4 DM101 this \"[\" is never closed, or an item in it ends too early"}},
      {"open brace", "a: {b: 1\n", {"1:4 DM101 this \"{\" is never closed, or a value in it ends too early"}},
      {"reference without quotes in a brace",
       "a: {b: x${y}z}\n",
       {"1:4 DM101 this \"{\" is never closed, or a value in it ends too early"}},
      {"indentation", "a:\n    b: 1\n  c: 2\n", {"3:3 DM101 this does not fit the lines above"}},
      {"text after a quote", "a: 'x' y\n", {"1:8 DM101 this does not fit the lines above"}},
      {"list in a map", "a: 1\n- b\n", {"2:1 DM101 this does not fit the lines above"}},
      {"at sign", "a: @x\n", {"1:4 DM101 text cannot start with \"@\""}},
      {"backquote", "a: `x`\n", {"1:4 DM101 text cannot start with \"`\""}},
      {"escape", "a: \"\\q\"\n", {"1:5 DM101 this escape is not known"}},
      {"value missing in a list", "a: [1, , 2]\n", {"1:8 DM101 a key or value is missing here"}},
      {"list after a key", "a: - b\n", {"1:4 DM101 a list cannot start here"}},
  }));
  INFO(c.why);
  support::Diagnostics diagnostics;
  CHECK_FALSE(config::parse_yaml(c.yaml, "t.yaml", Documents::one, diagnostics));
  CHECK(problems_of(diagnostics) == c.problems);
}

TEST_CASE("parse_yaml refuses what is no text", "[config][yaml]") {
  const auto c = GENERATE(values<ProblemCase>({
      {"Latin-1", "a: 1\nb: \xE4x\n", {"2:4 DM100 byte 0xE4 is not UTF-8 text"}},
      {"UTF-16",
       std::string("\xFF\xFE"
                   "a\0",
                   4),
       {"1:1 DM100 byte 0xFF is not UTF-8 text"}},
      {"overlong", "\xC0\x80", {"1:1 DM100 byte 0xC0 is not UTF-8 text"}},
      {"surrogate", "\xED\xA0\x80", {"1:1 DM100 byte 0xED is not UTF-8 text"}},
      {"cut off", "a\xE2\x82", {"1:2 DM100 byte 0xE2 is not UTF-8 text"}},
      {"NUL", std::string("\xC3\xA4: \0", 5), {"1:4 DM100 the file holds a NUL byte, so it is no text"}},
      {"escape sequence", "a: \x1B[31m\n", {"1:4 DM100 character U+001B is not allowed in YAML"}},
      {"line separator", "a: x\xE2\x80\xA8y\n", {"1:5 DM100 character U+2028 is not allowed in YAML"}},
  }));
  INFO(c.why);
  support::Diagnostics diagnostics;
  CHECK_FALSE(config::parse_yaml(c.yaml, "t.yaml", Documents::many, diagnostics));
  CHECK(problems_of(diagnostics) == c.problems);
}

TEST_CASE("parse_yaml limits nesting", "[config][yaml]") {
  support::Diagnostics diagnostics;
  CHECK(config::parse_yaml(std::string(64, '[') + std::string(64, ']'), "t", Documents::one, diagnostics));
  CHECK_FALSE(config::parse_yaml(std::string(65, '[') + std::string(65, ']'), "t", Documents::one, diagnostics));
  CHECK(problems_of(diagnostics) == std::vector<std::string>{"1:65 DM107 nested deeper than 64 levels"});
  CHECK_FALSE(config::parse_yaml(std::string(1'000'000, '{'), "t", Documents::many, diagnostics));
}

TEST_CASE("manifest files may hold documents, anchors, merges and tags", "[config][yaml]") {
  const auto c = GENERATE(values<ValueCase>({
      {"documents", "a: 1\n---\n# nothing\n---\nb: 2\n", R"({"a":1};{"b":2};)"},
      {"anchor", "a: &x {k: 1}\nb: *x\n", R"({"a":{"k":1},"b":{"k":1}};)"},
      {"merge", "a: &x {k: 1, l: 2}\nb: {l: 3, <<: *x}\n", R"({"a":{"k":1,"l":2},"b":{"l":3,"k":1}};)"},
      {"merge of a list", "b:\n  <<: [{k: 1}, {k: 2, m: 3}]\n", R"({"b":{"k":1,"m":3}};)"},
      {"a quoted merge key is a key", "b:\n  '<<': 1\n", R"({"b":{"<<":1}};)"},
      {"tags", "a: !!str 1\nb: !!int '2'\nc: !x 3\nd: ! 4\ne: !!null ''\n",
       R"({"a":"1","b":2,"c":"3","d":"4","e":null};)"},
      {"anchors end with their document", "a: &x 1\n---\nb: *x\n",
       "3:4 DM105 no anchor \"&x\" stands before this alias"},
      {"an anchor in itself", "a: &x [*x]\n", "1:8 DM105 no anchor \"&x\" stands before this alias"},
      {"merge of text", "a: {<<: x}\n", "1:5 DM104 a merge key needs a map, or a list of maps"},
  }));
  INFO(c.why);
  CHECK(json_of(c.yaml, Documents::many) == c.json);
}

TEST_CASE("aliases cannot grow without bounds", "[config][yaml]") {
  std::string yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i)
    yaml += fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  support::Diagnostics diagnostics;
  CHECK_FALSE(config::parse_yaml(yaml, "t", Documents::many, diagnostics));
  CHECK(problems_of(diagnostics).front().find("DM105 aliases expand to more than 100000 values") != std::string::npos);
}

TEST_CASE("many keys are compared fast", "[config][yaml]") {
  std::string yaml;
  for (int i = 0; i < 50'000; ++i)
    yaml += fmt::format("key{}: 1\n", i);
  support::Diagnostics diagnostics;
  CHECK(config::parse_yaml(yaml, "t", Documents::one, diagnostics));
  CHECK_FALSE(config::parse_yaml(yaml + "key7: 1\n", "t", Documents::one, diagnostics));
  CHECK(problems_of(diagnostics) == std::vector<std::string>{"50001:1 DM102 key \"key7\" is given twice"});
}
