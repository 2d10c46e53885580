#include "datamill/support/node.hpp"

#include "datamill/support/diagnostic.hpp"
#include "support/catch.hpp"

using namespace datamill::support;

namespace {

struct TypeCase {
  std::string in{};
  ScalarType type = ScalarType::string;
  std::string json{};
};

struct RefusedCase {
  std::string why{};
  std::string in{};
};

}  // namespace

TEST_CASE("plain scalars get their core-schema type and keep their number text", "[support][node]") {
  const auto c = GENERATE(values<TypeCase>({
      {"", ScalarType::null, "null"},
      {"~", ScalarType::null, "null"},
      {"NULL", ScalarType::null, "null"},
      {"true", ScalarType::boolean, "true"},
      {"False", ScalarType::boolean, "false"},
      {"yes", ScalarType::string, "\"yes\""},
      {"0", ScalarType::integer, "0"},
      {"-12", ScalarType::integer, "-12"},
      {"+12", ScalarType::integer, "12"},
      {"12345678901234567890123", ScalarType::integer, "12345678901234567890123"},
      {"010", ScalarType::string, "\"010\""},
      {"0x1F", ScalarType::integer, "31"},
      {"0o17", ScalarType::integer, "15"},
      {"0xFFFFFFFFFFFFFFFFF", ScalarType::integer, "\"0xFFFFFFFFFFFFFFFFF\""},
      {"1.30", ScalarType::floating, "1.30"},
      {"1e3", ScalarType::floating, "1e3"},
      {".5", ScalarType::floating, "0.5"},
      {"+.5", ScalarType::floating, "0.5"},
      {"-5.", ScalarType::floating, "-5.0"},
      {"5.e3", ScalarType::floating, "5.0e3"},
      {".inf", ScalarType::floating, "\".inf\""},
      {"-.inf", ScalarType::floating, "\"-.inf\""},
      {".nan", ScalarType::floating, "\".nan\""},
      {"00.5", ScalarType::string, "\"00.5\""},
      {"1.2.3", ScalarType::string, "\"1.2.3\""},
      {"1e", ScalarType::string, "\"1e\""},
      {".", ScalarType::string, "\".\""},
      {"-", ScalarType::string, "\"-\""},
      {"0x", ScalarType::string, "\"0x\""},
  }));
  INFO(c.in);
  CHECK(scalar_type(Node::plain(c.in)) == c.type);
  CHECK(write_json(Node::plain(c.in)) == c.json);
  CHECK(scalar_type(Node::text(c.in)) == ScalarType::string);
}

TEST_CASE("write_json escapes what JSON or YAML readers would change", "[support][json]") {
  const auto c = GENERATE(values<std::pair<std::string, std::string>>({
      {"a \"b\" \\ c", R"("a \"b\" \\ c")"},
      {"line\nnext\ttab\r", R"("line\nnext\ttab\u000d")"},
      {std::string("\0\x1B\x7F", 3), R"("\u0000\u001b\u007f")"},
      {"$(rm -rf /) `x` ${y}", R"("$(rm -rf /) `x` ${y}")"},
      {"\xC3\xA4\xF0\x9F\x98\x80", "\"\xC3\xA4\xF0\x9F\x98\x80\""},
      {"\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF", R"("\u0085\u2028\ufeff")"},
      {"\xFF"
       "a\xC3",
       "\"\xEF\xBF\xBD"
       "a\xEF\xBF\xBD\""},
      {"\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
  }));
  CHECK(write_json(Node::text(c.first)) == c.second);
}

TEST_CASE("read_json keeps order, numbers and text", "[support][json]") {
  const std::string text = R"({"b":[1,-2.50,1e300,12345678901234567890,true,null],"a":{"x":"3","":{}},"c":[]})";
  const Node node = read_json(text, "test");
  CHECK(write_json(node) == R"({"b":[1,-2.50,1e300,12345678901234567890,true,null],"a":{"x":"3","":{}},"c":[]})");
  CHECK(node.find_path({"a", "x"})->quoted);
  CHECK(node.text_at("b").empty());
}

TEST_CASE("read_json keeps the last of repeated keys, as kubectl does", "[support][json]") {
  CHECK(write_json(read_json(R"({"a":1,"b":2,"a":3,"a":4})", "test")) == R"({"b":2,"a":4})");
}

TEST_CASE("read_json refuses what is no JSON without quoting it", "[support][json]") {
  const auto c = GENERATE(values<RefusedCase>({{"empty", ""},
                                               {"text", "secret"},
                                               {"cut", R"({"secret":)"},
                                               {"two values", "{} {}"},
                                               {"bare key", "{secret: 1}"},
                                               {"number beyond any", "1e4000x"},
                                               {"too deep", std::string(600, '[') + std::string(600, ']')},
                                               {"bad UTF-8", "\"\xFF\""}}));
  INFO(c.why);
  try {
    (void)read_json(c.in, "the release list");
    FAIL("accepted");
  } catch (const Failure& failure) {
    CHECK(failure.diagnostics().items().front().code == "DM110");
    CHECK(std::string(failure.what()).find("the release list is not JSON") == 0);
    CHECK(std::string(failure.what()).find("secret") == std::string::npos);
  }
}

TEST_CASE("nodes are found, set and compared", "[support][node]") {
  Node node;
  node.set("a", Node::integer(1));
  node.set("b", Node::map({{"c", {}, Node::text("x")}}));
  node.set("a", Node::boolean(true));
  CHECK(write_json(node) == R"({"a":true,"b":{"c":"x"}})");
  CHECK(node.find_path({"b", "c"})->scalar == "x");
  CHECK(node.find_path({"b", "z"}) == nullptr);
  CHECK(node.find_path({"a", "z"}) == nullptr);
  CHECK(node.text_at("b").empty());
}

TEST_CASE("same_data ignores places, key order and number spelling, not types", "[support][node]") {
  const auto same = [](const char* a, const char* b) { return same_data(read_json(a, "a"), read_json(b, "b")); };
  CHECK(same(R"({"a":1,"b":[2]})", R"({"b":[2],"a":1})"));
  CHECK_FALSE(same(R"({"a":1})", R"({"a":"1"})"));
  CHECK_FALSE(same("[1,2]", "[2,1]"));
  CHECK_FALSE(same("[1]", "[1,2]"));
  CHECK_FALSE(same(R"({"a":1})", R"({"a":1,"b":null})"));
  CHECK_FALSE(same("{}", "[]"));
  CHECK_FALSE(same("null", "{}"));
  CHECK(same_data(Node::plain("True"), Node::boolean(true)));
  CHECK(same_data(Node::plain("0x10"), Node::integer(16)));
  CHECK(same_data(Node::text("abc"), Node::plain("abc")));
  CHECK(same_data(Node{}, Node::plain("~")));
}
