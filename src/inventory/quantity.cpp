#include "datamill/inventory/status_read.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace datamill::inventory {

namespace {

/// kubernetes docs, "Quantity": binary suffixes are powers of 1024, decimal ones of 1000; "m" is a thousandth.
constexpr std::array<std::pair<std::string_view, double>, 14> kSuffixes{
    {{"", 1},
     {"m", 1e-3},
     {"k", 1e3},
     {"M", 1e6},
     {"G", 1e9},
     {"T", 1e12},
     {"P", 1e15},
     {"E", 1e18},
     {"Ki", 1024.0},
     {"Mi", 1024.0 * 1024},
     {"Gi", 1024.0 * 1024 * 1024},
     {"Ti", 1024.0 * 1024 * 1024 * 1024},
     {"Pi", 1024.0 * 1024 * 1024 * 1024 * 1024},
     {"Ei", 1024.0 * 1024 * 1024 * 1024 * 1024 * 1024}}};

/// The number in parts of 1/`scale`, rounded up as Kubernetes does.
std::int64_t scaled(std::string_view text, double scale) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || number < 0) return 0;
  const std::string_view suffix(end, text.size() - static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, factor] : kSuffixes) {
    if (name != suffix) continue;
    const double amount = std::ceil(number * (factor * scale));
    return amount < 9e18 ? static_cast<std::int64_t>(amount) : 0;
  }
  return 0;
}

}  // namespace

std::int64_t parse_quantity(std::string_view text) {
  return scaled(text, 1);
}

std::int64_t parse_milli(std::string_view text) {
  return scaled(text, 1000);
}

std::string format_bytes(std::int64_t bytes) {
  constexpr std::array<std::string_view, 6> kUnits{"", "Ki", "Mi", "Gi", "Ti", "Pi"};
  auto number = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (number >= 1024 && unit + 1 < kUnits.size()) {
    number /= 1024;
    ++unit;
  }
  const bool whole = number >= 10 || std::floor(number) == number;
  return whole ? fmt::format("{:.0f}{}", number, kUnits[unit]) : fmt::format("{:.1f}{}", number, kUnits[unit]);
}

}  // namespace datamill::inventory
