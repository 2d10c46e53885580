#include "datamill/support/diagnostic.hpp"

#include "support/catch.hpp"

using namespace datamill::support;

namespace {

Diagnostic sample(std::string excerpt, int column) {
  return {.code = "DM201",
          .message = "unknown component \"x\"",
          .at = {.file = FileName("a.yaml"), .line = 4, .column = column},
          .excerpt = std::move(excerpt)};
}

}  // namespace

TEST_CASE("render prints place, message, excerpt, caret, notes and hint", "[support][diagnostic]") {
  Diagnostic d = sample("  flavour: x", 12);
  d.notes = {"while reading"};
  d.hint = "write y";
  CHECK(render(d) == "a.yaml:4:12: error[DM201]: unknown component \"x\"\n"
                     "    4 |   flavour: x\n"
                     "      |            ^\n"
                     "  note: while reading\n"
                     "  hint: write y\n");
}

TEST_CASE("render leaves out what there is not", "[support][diagnostic]") {
  CHECK(render({.code = "DM1", .severity = Severity::warning, .message = "m"}) == "warning[DM1]: m\n");
  const Diagnostic whole_file{.code = "DM1", .message = "m", .at = {.file = FileName("a.yaml")}};
  CHECK(render(whole_file) == "a.yaml: error[DM1]: m\n");
}

TEST_CASE("the caret counts characters and keeps tabs", "[support][diagnostic]") {
  CHECK(render(sample("\xC3\xA4\xC3\xB6: x", 5)).find("      |     ^\n") != std::string::npos);
  CHECK(render(sample("\ta: x", 5)).find("      | \t   ^\n") != std::string::npos);
  CHECK(render(sample("ab", 9)).find("      |   ^\n") != std::string::npos);
}

TEST_CASE("a long line is cut around the mark", "[support][diagnostic]") {
  const std::string text = render(sample(std::string(5000, 'a') + "b" + std::string(5000, 'c'), 5001));
  CHECK(text.size() < 500);
  CHECK(text.find("...aaa") != std::string::npos);
  const auto line = text.find(" | ...");
  const auto mark = text.find('b', line) - line;
  const auto caret_line = text.find("\n      | ") + 1;
  CHECK(text.find('^') - caret_line - 5 == mark);
}

TEST_CASE("control characters of user text do not reach the terminal", "[support][diagnostic]") {
  Diagnostic d = sample("\x1B[31m", 1);
  d.message = "bad \"\x1B]0;title\x07\"";
  CHECK(render(d).find('\x1B') == std::string::npos);
}

TEST_CASE("diagnostics count errors only", "[support][diagnostic]") {
  Diagnostics diagnostics;
  diagnostics.warning("DM1", {}, "w");
  CHECK_FALSE(diagnostics.has_errors());
  diagnostics.error("DM2", {}, "first");
  CHECK(diagnostics.has_errors());
  CHECK(Failure(ExitCode::usage, diagnostics).what() == std::string("first"));
  CHECK(Failure(ExitCode::tool, "DM401", "no helm").diagnostics().items().front().code == "DM401");
}

TEST_CASE("places are printed for editors", "[support][diagnostic]") {
  CHECK(to_text({}).empty());
  CHECK(to_text({.file = FileName("x")}) == "x");
  CHECK(to_text({.file = FileName("x"), .line = 2, .column = 3}) == "x:2:3");
}
