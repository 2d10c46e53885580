#include "support/catch.hpp"

#include "datamill/support/csv.hpp"

#include <string>

namespace datamill::support {

namespace {

/// "line: field|field*;" for every record, * after a quoted field; "open N" where quotes do not end.
std::string records(const std::string& text, std::size_t piece, char delimiter = ',') {
  std::string out;
  CsvReader reader(delimiter, [&](const CsvReader::Fields& fields, std::int64_t line) {
    out += std::to_string(line) + ":";
    for (const auto& field : fields)
      out += " " + field.text + (field.quoted ? "*" : "") + "|";
    out += ";";
  });
  for (std::size_t at = 0; at < text.size(); at += piece)
    reader.feed(std::string_view(text).substr(at, piece));
  if (!reader.finish()) out += "open " + std::to_string(reader.unclosed_line());
  return out;
}

struct CsvCase {
  std::string why{};
  std::string in{};
  std::string expected{};
};

}  // namespace

TEST_CASE("CSV is taken apart as COPY does, however it is cut", "[support][csv]") {
  const auto c = GENERATE(values<CsvCase>({
      {"plain", "a,b\n1,2\n", "1: a| b|;2: 1| 2|;"},
      {"no last line end", "a\n1", "1: a|;2: 1|;"},
      {"returns", "a\r\n1\r\n", "1: a|;2: 1|;"},
      {"old returns", "a\r1\r", "1: a|;2: 1|;"},
      {"empty and quoted empty", "a,b\n,\"\"\n", "1: a| b|;2: | *|;"},
      {"delimiters and line ends in quotes", "\"a,\nb\"\nc\n", "1: a,\nb*|;3: c|;"},
      {"two quotes", "\"a\"\"b\"\n", "1: a\"b*|;"},
      {"quotes in the middle", "x\"a,b\"y,c\n", "1: xa,by*| c|;"},
      {"an empty line", "a\n\nb\n", "1: a|;2: |;3: b|;"},
      {"quotes that do not end", "a\n\"b\n\n", "1: a|;open 2"},
      {"quotes that end with the text", "a\n\"b\"", "1: a|;2: b*|;"},
      {"nothing", "", ""},
  }));
  INFO(c.why);
  for (const std::size_t piece : {1U, 2U, 3U, 100U})
    CHECK(records(c.in, piece) == c.expected);
}

TEST_CASE("CSV may be separated by other characters", "[support][csv]") {
  CHECK(records("a;b,c\n", 100, ';') == "1: a| b,c|;");
}

}  // namespace datamill::support
