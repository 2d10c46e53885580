#include "datamill/support/quantity.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace datamill::support {

namespace {

constexpr std::array<std::pair<std::string_view, double>, 16> kSuffixes{
    {{"", 1},
     {"n", 1e-9},
     {"u", 1e-6},
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

}  // namespace

std::optional<double> parse_quantity(std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || number < 0) return std::nullopt;
  const std::string_view suffix(end, text.size() - static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, factor] : kSuffixes) {
    if (name == suffix) return number * factor;
  }
  return std::nullopt;
}

}  // namespace datamill::support
