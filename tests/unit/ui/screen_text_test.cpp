#include "ui/screen_text.hpp"

#include "support/catch.hpp"

namespace datamill::ui {

struct Cleaning {
  std::string why{};
  std::string in{};
  std::string expected{};
};

TEST_CASE("harmless makes foreign output safe for a terminal", "[ui][text]") {
  const std::string bad = "\xEF\xBF\xBD";
  const auto c = GENERATE_COPY(values<Cleaning>({
      {"plain text stays", "deployment \"lake\" 0/1 ready", "deployment \"lake\" 0/1 ready"},
      {"UTF-8 stays", "gr\xC3\xBC\xC3\x9F \xE6\x97\xA5 \xF0\x9F\x9A\x80",
       "gr\xC3\xBC\xC3\x9F \xE6\x97\xA5 \xF0\x9F\x9A\x80"},
      {"colours go", "\x1b[1;31mred\x1b[0m", "red"},
      {"clear screen goes", "a\x1b[2J\x1b[Hb", "ab"},
      {"window title goes", "a\x1b]0;owned\ab", "ab"},
      {"window title with ST goes", "a\x1b]0;owned\x1b\\b", "ab"},
      {"unfinished sequence goes", "a\x1b[31", "a"},
      {"lone escape goes", "a\x1b", "a"},
      {"two-byte escape goes",
       "a\x1b"
       "cb",
       "ab"},
      {"progress bar", "10%\r20%\r30%", "30%"},
      {"carriage return at the end", "done\r", "done"},
      {"tab", "a\tb", "a    b"},
      {"bell, backspace, delete", "a\a\b\x7f", "a" + bad + bad + bad},
      {"NUL", std::string("a\0b", 3), "a" + bad + "b"},
      {"C1 control sequence introducer",
       "a\xC2\x9B"
       "31mb",
       "a" + bad + "31mb"},
      {"right-to-left override",
       "a\xE2\x80\xAE"
       "b",
       "a" + bad + "b"},
      {"line separator",
       "a\xE2\x80\xA8"
       "b",
       "a" + bad + "b"},
      {"lone continuation byte",
       "a\x80"
       "b",
       "a" + bad + "b"},
      {"truncated character", "a\xE6\x97", "a" + bad + bad},
      {"overlong slash", "\xC0\xAF", bad + bad},
      {"overlong three bytes", "\xE0\x80\xAF", bad + bad + bad},
      {"surrogate", "\xED\xA0\x80", bad + bad + bad},
      {"beyond Unicode", "\xF4\x90\x80\x80", bad + bad + bad + bad},
      {"Latin-1", "gr\xFC\xDF", "gr" + bad + bad},
  }));
  INFO(c.why);
  CHECK(harmless(c.in) == c.expected);
}

TEST_CASE("harmless_lines keeps what commands are made of", "[ui][text]") {
  CHECK(harmless_lines("a\n\tb\r\n") == "a\n\tb\n");
  CHECK(harmless_lines("x\ry") == "x\xEF\xBF\xBDy");
  CHECK(harmless_lines("\x1b[31ma\nb") == "a\nb");
  CHECK(harmless_lines("").empty());
}

TEST_CASE("in_ascii puts ASCII in the place of everything else", "[ui][text]") {
  const auto c = GENERATE(values<Cleaning>({
      {"ASCII stays, colours too", "\x1b[31mred\x1b[0m\r\n\ta  b", "\x1b[31mred\x1b[0m\r\n\ta  b"},
      {"arrows and dots", "a \u2192 b \u2190 c\u2026", "a -> b <- c..."},
      {"dashes and quotes", "1\u20132 \u2014 \u201cx\u201d \u2018y\u2019", "1-2 - 'x' 'y'"},
      {"marks of secrets", "\u00abredacted\u00bb", "<redacted>"},
      {"lines and blocks", "\u250c\u2500\u2510\u2502\u2588\u2591\u2514", "+-+|##+"},
      {"a spinner", "\u280b\u2819", "**"},
      {"other letters", "gr\u00fc\u00df", "gr??"},
      {"one for each column", "\u65e5\u672c\U0001f680", "??????"},
      {"none for a combining mark", "e\u0301", "e"},
      {"what harmless() puts in", "a\ufffd", "a?"},
      {"lone bytes, C1 among them", "a\x80\x9b\xff\xe6\x97", "a?????"},
      {"padding gives way", "a\u2192b    c  d\nx      y  z", "a->b   c  d\nx      y  z"},
      {"but no more than it has", "a\u2026b c  d", "a...b c  d"},
  }));
  INFO(c.why);
  CHECK(in_ascii(c.in) == c.expected);
}

TEST_CASE("display_width counts columns", "[ui][text]") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("gr\xC3\xBC\xC3\x9F") == 4);
  CHECK(display_width("\xE6\x97\xA5\xE6\x9C\xAC") == 4);  // two CJK characters
  CHECK(display_width("e\xCC\x81") == 1);                 // e and a combining acute accent
  CHECK(display_width("\xF0\x9F\x9A\x80") == 2);          // rocket
}

TEST_CASE("fit never exceeds the width and never splits a character", "[ui][text]") {
  CHECK(fit("abcdef", 6) == "abcdef");
  CHECK(fit("abcdefg", 6) == "abc...");
  CHECK(fit("abcdefg", 3) == "abc");
  CHECK(fit("abc", 0).empty());
  CHECK(fit("\xE6\x97\xA5\xE6\x9C\xAC\xE6\x97\xA5", 5) == "\xE6\x97\xA5...");
  CHECK(fit("\xE6\x97\xA5\xE6\x9C\xAC", 3) == "\xE6\x97\xA5");
}

}  // namespace datamill::ui
