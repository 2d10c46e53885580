#include "datamill/exec/run_record.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::exec {

using std::chrono::milliseconds;

namespace {

/// Takes exactly `count` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

/// Takes year, month, day, hour, minute, second off the front; between them stands one of `separators` each, a blank
/// for nothing: "--T::".
std::optional<WallTime> take_time(std::string_view& text, std::string_view separators) {
  std::array<int, 6> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = take_digits(text, i == 0 ? 4 : 2);
    if (!part) return std::nullopt;
    parts.at(i) = *part;
    if (i + 1 == parts.size()) break;
    const auto separator = separators[i];
    if (separator == ' ') continue;
    if (!text.starts_with(separator)) return std::nullopt;
    text.remove_prefix(1);
  }
  const std::chrono::year_month_day day{std::chrono::year(parts[0]),
                                        std::chrono::month(static_cast<unsigned>(parts[1])),
                                        std::chrono::day(static_cast<unsigned>(parts[2]))};
  if (!day.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 60) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(parts[3]) + std::chrono::minutes(parts[4]) +
         std::chrono::seconds(parts[5]);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<WallTime> parse_wall_time(std::string_view text) {
  auto time = take_time(text, "--T::");
  if (!time) return std::nullopt;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    int scale = 100;
    while (auto digit = take_digits(text, 1)) {
      *time += milliseconds(*digit * scale);
      scale /= 10;
    }
  }
  return text == "Z" ? time : std::nullopt;
}

std::string format_wall_time(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<milliseconds> clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<WallTime> time_of_run_id(std::string_view id) {
  auto rest = id;
  const auto time = take_time(rest, "  -  ");
  if (!time || !rest.starts_with('-')) return std::nullopt;
  const auto numbers = support::split(rest.substr(1), '-');
  if (numbers.size() > 2 || !std::all_of(numbers.begin(), numbers.end(), is_number)) return std::nullopt;
  return time;
}

}  // namespace datamill::exec
