#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace datamill::support {

/// One constexpr table per enum is the only conversion between its values and their names.
template <class E, std::size_t N>
using EnumTable = std::array<std::pair<E, std::string_view>, N>;

template <class E, std::size_t N>
[[nodiscard]] constexpr std::string_view name_of(const EnumTable<E, N>& table, E value) {
  for (const auto& [key, name] : table) {
    if (key == value) return name;
  }
  return "?";
}

template <class E, std::size_t N>
[[nodiscard]] constexpr std::optional<E> value_of(const EnumTable<E, N>& table, std::string_view name) {
  for (const auto& [key, text] : table) {
    if (text == name) return key;
  }
  return std::nullopt;
}

template <class E, std::size_t N>
[[nodiscard]] std::vector<std::string> names_in(const EnumTable<E, N>& table) {
  std::vector<std::string> names;
  for (const auto& row : table)
    names.emplace_back(row.second);
  return names;
}

}  // namespace datamill::support
