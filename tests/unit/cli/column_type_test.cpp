#include "cli/table_shape.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

namespace {

struct TypeCase {
  std::vector<std::string> values{};
  std::string expected{};
};

}  // namespace

TEST_CASE("a column has the narrowest type that loses nothing", "[cli][db]") {
  const auto c = GENERATE(values<TypeCase>({
      {{}, "text"},
      {{"1", "-2", "0"}, "integer"},
      {{"2147483647"}, "integer"},
      {{"2147483648"}, "bigint"},
      {{"9223372036854775807", "1"}, "bigint"},
      {{"9223372036854775808"}, "text"},
      {{"9223372036854775808", "0.5"}, "text"},
      {{"007"}, "text"},
      {{"+1"}, "text"},
      {{"1", "2.5"}, "double precision"},
      {{"1e5", "-.5", "3."}, "double precision"},
      {{"1e"}, "text"},
      {{"."}, "text"},
      {{"01.5"}, "text"},
      {{"NaN"}, "text"},
      {{"true", "FALSE"}, "boolean"},
      {{"true", "1"}, "text"},
      {{"2026-04-01", "2024-02-29"}, "date"},
      {{"2026-02-29"}, "text"},
      {{"2026-13-01"}, "text"},
      {{"2026-04-01", "2026-04-01 10:00"}, "timestamp"},
      {{"2026-04-01T10:00:00.123"}, "timestamp"},
      {{"2026-04-01 24:00"}, "text"},
      {{"2026-04-01T10:00:00Z", "2026-04-01 10:00:00+02:00"}, "timestamptz"},
      {{"2026-04-01T10:00:00Z", "2026-04-01 10:00:00"}, "text"},
      {{""}, "text"},
      {{"1", "x"}, "text"},
  }));
  ColumnType type;
  for (const auto& value : c.values)
    type.see(value);
  INFO((c.values.empty() ? std::string("nothing") : c.values.back()));
  CHECK(type.name() == c.expected);
}

}  // namespace datamill::cli
