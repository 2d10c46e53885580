#include "ui/diagnostics_text.hpp"

#include "datamill/support/text.hpp"
#include "datamill/ui/ui.hpp"
#include "support/catch.hpp"

namespace datamill::ui {

support::Diagnostics three() {
  support::Diagnostics diagnostics;
  const support::SourceRef at{support::FileName("f.yaml"), 4, 3};
  diagnostics.error("DM201", at, "unknown component \"jhub\"", "did you mean \"jupyterhub\"?");
  diagnostics.items().back().excerpt = "  jhub";
  diagnostics.warning("DM210", {}, "old key");
  diagnostics.error("DM122", {}, "missing key");
  return diagnostics;
}

TEST_CASE("diagnostics: warnings first, errors last, then the count", "[ui][diagnostics]") {
  CHECK(diagnostics_text(three(), Painter{}) == "warning[DM210]: old key\n"
                                                "f.yaml:4:3: error[DM201]: unknown component \"jhub\"\n"
                                                "    4 |   jhub\n"
                                                "      |   ^\n"
                                                "  hint: did you mean \"jupyterhub\"?\n"
                                                "error[DM122]: missing key\n"
                                                "2 errors, 1 warning\n");
}

TEST_CASE("diagnostics: a single one needs no count", "[ui][diagnostics]") {
  support::Diagnostics diagnostics;
  CHECK(diagnostics_text(diagnostics, Painter{}).empty());
  diagnostics.error("DM1", {}, "one");
  CHECK(diagnostics_text(diagnostics, Painter{}) == "error[DM1]: one\n");
  diagnostics.error("DM1", {}, "two");
  CHECK(support::contains(diagnostics_text(diagnostics, Painter{}), "\n2 errors\n"));
}

TEST_CASE("diagnostics: only warnings", "[ui][diagnostics]") {
  support::Diagnostics diagnostics;
  diagnostics.warning("DM1", {}, "one");
  diagnostics.warning("DM1", {}, "two");
  CHECK(diagnostics_text(diagnostics, Painter{}) == "warning[DM1]: one\nwarning[DM1]: two\n2 warnings\n");
}

TEST_CASE("diagnostics: severities have their colours", "[ui][diagnostics]") {
  const auto text = diagnostics_text(three(), Painter{.color = true});
  CHECK(support::contains(text, "\x1b[1;31merror[DM201]\x1b[0m"));
  CHECK(support::contains(text, "\x1b[33mwarning[DM210]\x1b[0m"));
  CHECK(support::contains(text, "\x1b[36m  hint: "));
}

TEST_CASE("diagnostics: user text cannot reach the terminal as control", "[ui][diagnostics]") {
  support::Diagnostics diagnostics;
  diagnostics.error("DM1", {support::FileName("\x1b[2Jf"), 1, 1}, "bad \x1b[31m \xC2\x9B", "\xFF");
  diagnostics.items().back().excerpt = "\x1b[2J";
  const auto text = diagnostics_text(diagnostics, Painter{});
  CHECK_FALSE(support::contains(text, "\x1b"));
  CHECK_FALSE(support::contains(text, "\xC2\x9B"));
  CHECK_FALSE(support::contains(text, "\xFF"));
}

TEST_CASE("diagnostics as JSON", "[ui][diagnostics][json]") {
  support::Diagnostics diagnostics;
  diagnostics.error("DM201", {support::FileName("f.yaml"), 4, 3}, "unknown \"x\"", "hint");
  diagnostics.items().back().excerpt = "x\xFF";
  diagnostics.items().back().notes = {"while planning"};
  CHECK(diagnostics_json(diagnostics, 2) ==
        "{\"v\":1,\"type\":\"diagnostics\",\"exit_code\":2,\"diagnostics\":[{\"severity\":\"error\",\"code\":\"DM201\","
        "\"message\":\"unknown \\\"x\\\"\",\"file\":\"f.yaml\",\"line\":4,\"column\":3,\"excerpt\":\"x\xEF\xBF\xBD\","
        "\"hint\":\"hint\",\"notes\":[\"while planning\"]}]}\n");
  CHECK(diagnostics_json({}, 0) == "{\"v\":1,\"type\":\"diagnostics\",\"exit_code\":0,\"diagnostics\":[]}\n");
}

}  // namespace datamill::ui
