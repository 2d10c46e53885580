#include "datamill/ui/ui.hpp"
#include "support/catch.hpp"

namespace datamill::ui {

TEST_CASE("tables are padded, but for the last column", "[ui][table]") {
  CHECK(render_table({{"NAME", "STATUS", "NOTE"}, {"lake", "deployed", "ok"}, {"a-long-name", "x", ""}}, 0) ==
        "NAME         STATUS    NOTE\n"
        "lake         deployed  ok\n"
        "a-long-name  x\n");
  CHECK(render_table({}, 80).empty());
}

TEST_CASE("tables are cut to the width, and not where it is 0", "[ui][table]") {
  const std::string text(100, 'x');
  CHECK(render_table({{"A", text}}, 20) == "A  xxxxxxxxxxxxxx...\n");
  CHECK(render_table({{"A", text}}, 0) == "A  " + text + "\n");
}

TEST_CASE("tables count columns, not bytes, and clean their cells", "[ui][table]") {
  CHECK(render_table({{"gr\xC3\xBC\xC3\x9F", "b"}, {"abcde", "c"}}, 0) == "gr\xC3\xBC\xC3\x9F   b\nabcde  c\n");
  CHECK(render_table({{"a\x1b[31m", "b"}}, 0) == "a  b\n");
}

}  // namespace datamill::ui
