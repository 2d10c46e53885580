#include "datamill/ui/log_text.hpp"
#include "support/catch.hpp"

namespace datamill::ui {

namespace {

LogLine line_of(const std::string& pod, const std::string& text) {
  return {.ns = "n", .pod = pod, .container = "c", .text = text};
}

}  // namespace

TEST_CASE("log lines are told apart by a colour for each pod", "[ui][logs]") {
  LogText plain({.fd = 1});
  CHECK(plain.render(line_of("a", "one\x1b[31m")) == "a/c one\x1b[31m\n");
  LogText colour({.fd = 1, .is_terminal = true, .color = true});
  CHECK(colour.render(line_of("a", "one")) == "\x1b[36ma/c\x1b[0m one\n");
  CHECK(colour.render(line_of("b", "two")) == "\x1b[33mb/c\x1b[0m two\n");
  CHECK(colour.render(line_of("a", "x\x1b[31my")) == "\x1b[36ma/c\x1b[0m xy\n");
}

TEST_CASE("log lines as JSON", "[ui][logs]") {
  CHECK(log_json({.ns = "n", .pod = "p", .container = "c", .time = "t", .text = "say \"x\""}) ==
        R"({"v":1,"type":"log","namespace":"n","pod":"p","container":"c","time":"t","text":"say \"x\""})"
        "\n");
}

}  // namespace datamill::ui
