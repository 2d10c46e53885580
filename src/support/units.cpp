#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace datamill::support {

namespace {

constexpr std::int64_t kMebibyte = 1024LL * 1024LL;
constexpr std::int64_t kMaxBytes = 1LL << 53;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

struct Unit {
  std::string_view suffix{};
  std::int64_t factor = 0;
};

constexpr std::array<Unit, 9> kSizes{{{"Ki", 1LL << 10},
                                      {"Mi", 1LL << 20},
                                      {"Gi", 1LL << 30},
                                      {"Ti", 1LL << 40},
                                      {"K", 1'000},
                                      {"M", 1'000'000},
                                      {"G", 1'000'000'000},
                                      {"T", 1'000'000'000'000},
                                      {"", kMebibyte}}};

constexpr std::array<Unit, 7> kTimes{{{"ns", 1},
                                      {"us", 1'000},
                                      {"\xC2\xB5s", 1'000},
                                      {"ms", 1'000'000},
                                      {"h", 3600 * kNanosecondsPerSecond},
                                      {"m", 60 * kNanosecondsPerSecond},
                                      {"s", kNanosecondsPerSecond}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes the digits at the front of `text`; nullopt where there are none or too many.
std::optional<std::int64_t> take_digits(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length]))
    ++length;
  const auto digits = text.substr(0, length);
  std::int64_t value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (length == 0 || result.ec != std::errc()) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

/// Takes ".75" at the front of `text` as nanoseconds of `factor`.
std::optional<std::int64_t> take_fraction(std::string_view& text, std::int64_t& scale) {
  scale = 1;
  if (text.empty() || text.front() != '.') return 0;
  text.remove_prefix(1);
  const std::size_t before = text.size();
  const auto digits = take_digits(text);
  if (!digits || before - text.size() > 6) return std::nullopt;
  for (std::size_t i = text.size(); i < before; ++i)
    scale *= 10;
  return digits;
}

/// Takes one "1.5h" at the front of `text`, in nanoseconds.
std::optional<std::int64_t> take_time(std::string_view& text) {
  const auto whole = take_digits(text);
  std::int64_t scale = 1;
  const auto fraction = whole ? take_fraction(text, scale) : std::nullopt;
  if (!fraction) return std::nullopt;
  const auto unit = std::find_if(kTimes.begin(), kTimes.end(),
                                 [&](const Unit& u) { return text.substr(0, u.suffix.size()) == u.suffix; });
  if (unit == kTimes.end()) return std::nullopt;
  text.remove_prefix(unit->suffix.size());
  std::int64_t total = 0;
  if (__builtin_mul_overflow(*whole, unit->factor, &total)) return std::nullopt;
  // Six digits of a fraction times an hour in nanoseconds stay below 2^63.
  const std::int64_t part = *fraction * (unit->factor / scale) + *fraction * (unit->factor % scale) / scale;
  if (__builtin_add_overflow(total, part, &total)) return std::nullopt;
  return total;
}

}  // namespace

std::optional<Mebibytes> parse_mebibytes(std::string_view text) {
  const auto digits_end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto length = static_cast<std::size_t>(digits_end - text.begin());
  const auto count = parse_integer(text.substr(0, length));
  const auto suffix = text.substr(length);
  const auto unit = std::find_if(kSizes.begin(), kSizes.end(), [&](const Unit& u) { return u.suffix == suffix; });
  if (!count || *count <= 0 || unit == kSizes.end()) return std::nullopt;
  if (*count > kMaxBytes / unit->factor) return std::nullopt;
  return Mebibytes{(*count * unit->factor + kMebibyte - 1) / kMebibyte};
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto part = take_time(text);
    if (!part || __builtin_add_overflow(total, *part, &total)) return std::nullopt;
  }
  if (total <= 0) return std::nullopt;
  return std::chrono::seconds((total - 1) / kNanosecondsPerSecond + 1);
}

std::string format_duration(std::chrono::seconds duration) {
  const std::int64_t total = duration.count();
  if (total <= 0) return "0s";
  std::string out;
  if (total >= 3600) out += fmt::format("{}h", total / 3600);
  if (total / 60 % 60 > 0) out += fmt::format("{}m", total / 60 % 60);
  if (total % 60 > 0) out += fmt::format("{}s", total % 60);
  return out;
}

std::string format_elapsed(std::chrono::milliseconds elapsed) {
  const std::int64_t tenths = std::max<std::int64_t>(0, elapsed.count()) / 100;
  const std::int64_t seconds = tenths / 10;
  if (seconds < 60) return fmt::format("{}.{}s", seconds, tenths % 10);
  if (seconds < 3600) return fmt::format("{}m {:02}s", seconds / 60, seconds % 60);
  return fmt::format("{}h {:02}m", seconds / 3600, seconds / 60 % 60);
}

std::string format_bytes(std::int64_t count) {
  constexpr std::array<std::string_view, 5> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (count < 1024) return fmt::format("{} B", count);
  auto value = static_cast<double>(count) / 1024;
  std::size_t unit = 0;
  // 1023.96 would be printed as 1024.0.
  for (; value >= 1023.95 && unit + 1 < kUnits.size(); ++unit)
    value /= 1024;
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  const std::string_view digits = negative ? text.substr(1) : text;
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  if (digits.front() == '0' && (digits.size() > 1 || negative)) return std::nullopt;
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace datamill::support
