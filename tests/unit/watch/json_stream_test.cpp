#include "watch/json_stream.hpp"

#include "support/catch.hpp"

#include <array>
#include <vector>

using datamill::watch::ListReader;
using datamill::watch::without_keys;

namespace {

constexpr std::array<std::string_view, 2> kDropped{"managedFields", "env"};

std::string without(std::string_view json) {
  return without_keys(json, kDropped);
}

struct Read {
  std::vector<std::string> items{};
  std::string head{};
};

/// A list in pieces of so many bytes.
Read read(std::string_view text, std::size_t piece) {
  ListReader reader;
  Read read;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
    reader.feed(text.substr(0, piece), [&](std::string_view item) { read.items.emplace_back(item); });
  read.head = std::string(reader.head());
  return read;
}

}  // namespace

TEST_CASE("members go by their key and nothing else does", "[watch][json]") {
  CHECK(without(R"({"a":1,"env":[{"name":"x"}],"b":2})") == R"({"a":1,"b":2})");
  CHECK(without(R"({"env":{"a":"}"},"b":2})") == R"({"b":2})");
  CHECK(without(R"({"b":2,"env":null})") == R"({"b":2})");
  CHECK(without(R"({"env":"x"})") == R"({})");
  CHECK(without(R"({"env":1,"managedFields":[]})") == R"({})");
  CHECK(without(R"({"a":{"managedFields":[{"f:env":{}}],"name":"n"},"c":[{"env":1},{"d":[1,2]}]})") ==
        R"({"a":{"name":"n"},"c":[{},{"d":[1,2]}]})");
  CHECK(without(R"({"key":"env","list":["env","managedFields"],"x\"env":3})") ==
        R"({"key":"env","list":["env","managedFields"],"x\"env":3})");
  CHECK(without("{ \"a\" : \"b c\" ,\n \"env\" : true }") == R"({"a":"b c"})");
  CHECK(without("no json \"") == "nojson\"");
}

TEST_CASE("a list gives its items one by one, whatever the pieces", "[watch][json]") {
  constexpr std::string_view kList = R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7",
    "items":[1]},"items":[{"metadata":{"name":"a]}\""},"items":[{"x":1}]},
    {"metadata":{"name":"b"}}]})";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
    const auto list = read(kList, piece);
    REQUIRE(list.items.size() == 2);
    CHECK(list.items[0] == R"({"metadata":{"name":"a]}\""},"items":[{"x":1}]})");
    CHECK(list.items[1] == R"({"metadata":{"name":"b"}})");
    CHECK(without(list.head) ==
          R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","items":[1]},"items":[]})");
  }
}

TEST_CASE("a list that broke off has no head", "[watch][json]") {
  CHECK(read(R"({"metadata":{"resourceVersion":"7"},"items":[{"a":1},{"b")", 5).items.size() == 1);
  CHECK(read(R"({"metadata":{"resourceVersion":"7"},"items":[{"a":1},{"b")", 5).head.empty());
  CHECK(read(R"({"metadata":{},"items":null})", 5).head == R"({"metadata":{},"items":null})");
  CHECK(read("", 5).head.empty());
}
