#include "cli/table_shape.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

namespace datamill::cli {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes so many digits away and gives their value.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool skip(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// "0", "-12"; not "007", which is a code of some kind, and not "+1".
bool is_whole(std::string_view text) {
  (void)skip(text, '-');
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return false;
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

template <class Integer>
bool fits(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// Decimal notation, with an exponent or without; no leading zeros.
bool is_real(std::string_view text) {
  (void)skip(text, '-');
  const auto whole = text.substr(0, text.find_first_not_of("0123456789"));
  if (whole.size() > 1 && whole.front() == '0') return false;
  text.remove_prefix(whole.size());
  std::size_t fraction = 0;
  if (skip(text, '.')) {
    fraction = text.substr(0, text.find_first_not_of("0123456789")).size();
    text.remove_prefix(fraction);
  }
  if (whole.empty() && fraction == 0) return false;
  if (!skip(text, 'e') && !skip(text, 'E')) return text.empty();
  if (!skip(text, '-')) (void)skip(text, '+');
  return !text.empty() && text.size() <= 3 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_boolean(std::string_view text) {
  const auto same = [&](std::string_view word) {
    if (text.size() != word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if ((text[i] | 0x20) != word[i]) return false;
    }
    return true;
  };
  return same("true") || same("false");
}

bool take_date(std::string_view& text) {
  const auto year = digits(text, 4);
  if (!year || !skip(text, '-')) return false;
  const auto month = digits(text, 2);
  if (!month || *month < 1 || *month > 12 || !skip(text, '-')) return false;
  const auto day = digits(text, 2);
  if (!day || *day < 1 || *year < 1) return false;
  const bool leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
  const int days =
      *month == 2 ? (leap ? 29 : 28) : (*month == 4 || *month == 6 || *month == 9 || *month == 11 ? 30 : 31);
  return *day <= days;
}

bool take_time(std::string_view& text) {
  const auto hour = digits(text, 2);
  if (!hour || *hour > 23 || !skip(text, ':')) return false;
  const auto minute = digits(text, 2);
  if (!minute || *minute > 59) return false;
  if (!skip(text, ':')) return true;
  const auto second = digits(text, 2);
  if (!second || *second > 59) return false;
  if (!skip(text, '.')) return true;
  const auto fraction = text.substr(0, text.find_first_not_of("0123456789")).size();
  text.remove_prefix(fraction);
  return fraction > 0;
}

/// "Z", "+02", "+02:00", "-0730"
bool is_zone(std::string_view text) {
  if (text == "Z") return true;
  if (!skip(text, '+') && !skip(text, '-')) return false;
  const auto hour = digits(text, 2);
  if (!hour || *hour > 15) return false;
  if (text.empty()) return true;
  (void)skip(text, ':');
  const auto minute = digits(text, 2);
  return minute && *minute < 60 && text.empty();
}

enum class Moment : unsigned char { none, date, local, zoned };

Moment moment_of(std::string_view text) {
  if (!take_date(text)) return Moment::none;
  if (text.empty()) return Moment::date;
  if ((!skip(text, 'T') && !skip(text, ' ')) || !take_time(text)) return Moment::none;
  if (text.empty()) return Moment::local;
  return is_zone(text) ? Moment::zoned : Moment::none;
}

}  // namespace

void ColumnType::see(std::string_view value) {
  any_ = true;
  const bool whole = is_whole(value);
  integer_ = integer_ && whole && fits<std::int32_t>(value);
  bigint_ = bigint_ && whole && fits<std::int64_t>(value);
  // A whole number that is too long for bigint would lose digits.
  real_ = real_ && is_real(value) && (!whole || fits<std::int64_t>(value));
  boolean_ = boolean_ && is_boolean(value);
  const auto moment = date_ || local_time_ || zoned_time_ ? moment_of(value) : Moment::none;
  date_ = date_ && moment == Moment::date;
  local_time_ = local_time_ && (moment == Moment::date || moment == Moment::local);
  // Times with and without a zone mixed would be read by the server's own zone.
  zoned_time_ = zoned_time_ && moment == Moment::zoned;
}

std::string_view ColumnType::name() const {
  if (!any_) return "text";
  if (integer_) return "integer";
  if (bigint_) return "bigint";
  if (real_) return "double precision";
  if (boolean_) return "boolean";
  if (date_) return "date";
  if (local_time_) return "timestamp";
  return zoned_time_ ? "timestamptz" : "text";
}

}  // namespace datamill::cli
