#include "datamill/support/units.hpp"

#include "support/catch.hpp"

using namespace datamill::support;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct NumberCase {
  std::string in{};
  std::optional<std::int64_t> expected{};
};

std::optional<std::int64_t> mebibytes(std::string_view text) {
  const auto size = parse_mebibytes(text);
  return size ? std::optional(size->count) : std::nullopt;
}

std::optional<std::int64_t> duration(std::string_view text) {
  const auto parsed = parse_duration(text);
  return parsed ? std::optional<std::int64_t>(parsed->count()) : std::nullopt;
}

}  // namespace

TEST_CASE("parse_mebibytes rounds up and refuses the rest", "[support][units]") {
  const auto c = GENERATE(values<NumberCase>({{"16288", 16288},
                                              {"16Gi", 16384},
                                              {"512Mi", 512},
                                              {"1Ki", 1},
                                              {"60G", 57221},
                                              {"1M", 1},
                                              {"2T", 1907349},
                                              {"1Ti", 1048576},
                                              {"8192Ti", 8589934592},
                                              {"8193Ti", std::nullopt},
                                              {"99999999999999999999", std::nullopt},
                                              {"0", std::nullopt},
                                              {"016", std::nullopt},
                                              {"-1", std::nullopt},
                                              {"1.5Gi", std::nullopt},
                                              {"16 Gi", std::nullopt},
                                              {"16GiB", std::nullopt},
                                              {"Gi", std::nullopt},
                                              {"", std::nullopt}}));
  INFO(c.in);
  CHECK(mebibytes(c.in) == c.expected);
}

TEST_CASE("parse_duration reads Go durations", "[support][units]") {
  const auto c = GENERATE(values<NumberCase>({{"30m", 1800},
                                              {"1h30m", 5400},
                                              {"90s", 90},
                                              {"1500ms", 2},
                                              {"1ns", 1},
                                              {"1.5h", 5400},
                                              {"0.25m", 15},
                                              {"10", std::nullopt},
                                              {"0s", std::nullopt},
                                              {"-1s", std::nullopt},
                                              {"1d", std::nullopt},
                                              {"m", std::nullopt},
                                              {"1m 5s", std::nullopt},
                                              {"9999999999h", std::nullopt},
                                              {"99999999999999999999s", std::nullopt},
                                              {"", std::nullopt}}));
  INFO(c.in);
  CHECK(duration(c.in) == c.expected);
}

TEST_CASE("parse_integer takes plain decimal numbers only", "[support][units]") {
  const auto c = GENERATE(values<NumberCase>({{"0", 0},
                                              {"8088", 8088},
                                              {"-5", -5},
                                              {"9223372036854775807", 9223372036854775807},
                                              {"9223372036854775808", std::nullopt},
                                              {"010", std::nullopt},
                                              {"-0", std::nullopt},
                                              {"+5", std::nullopt},
                                              {"--5", std::nullopt},
                                              {"0x10", std::nullopt},
                                              {"5 ", std::nullopt},
                                              {"-", std::nullopt},
                                              {"", std::nullopt}}));
  INFO(c.in);
  CHECK(parse_integer(c.in) == c.expected);
}

TEST_CASE("durations are printed short", "[support][units]") {
  CHECK(format_duration(seconds(600)) == "10m");
  CHECK(format_duration(seconds(3661)) == "1h1m1s");
  CHECK(format_duration(seconds(3600)) == "1h");
  CHECK(format_duration(seconds(0)) == "0s");
  CHECK(format_elapsed(milliseconds(3249)) == "3.2s");
  CHECK(format_elapsed(milliseconds(59999)) == "59.9s");
  CHECK(format_elapsed(milliseconds(65000)) == "1m 05s");
  CHECK(format_elapsed(milliseconds(7380000)) == "2h 03m");
  CHECK(format_elapsed(milliseconds(-5)) == "0.0s");
}
