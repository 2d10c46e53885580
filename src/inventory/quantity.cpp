#include "datamill/support/quantity.hpp"
#include "datamill/inventory/status_read.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace datamill::inventory {

namespace {

/// In parts of 1/`scale`, rounded up as Kubernetes does.
std::int64_t scaled(std::string_view text, double scale) {
  const double amount = std::ceil(support::parse_quantity(text).value_or(0) * scale);
  return amount < 9e18 ? static_cast<std::int64_t>(amount) : 0;
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
