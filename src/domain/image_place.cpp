#include "datamill/domain/image_place.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>

namespace datamill::domain {

bool is_image_place(std::string_view place) {
  constexpr std::string_view kPath = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  constexpr std::string_view kHost = "ABCDEFGHIJKLMNOPQRSTUVWXYZ[]:";
  const auto parts = support::split(place, '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& part = parts[i];
    const bool is_host = i == 0 && (part.find_first_of(".:") != std::string::npos || part == "localhost");
    const auto known = [&](char c) {
      return kPath.find(c) != std::string_view::npos || (is_host && kHost.find(c) != std::string_view::npos);
    };
    if (part.empty() || part.ends_with(":") || !std::all_of(part.begin(), part.end(), known)) return false;
  }
  return !parts.empty();
}

}  // namespace datamill::domain
