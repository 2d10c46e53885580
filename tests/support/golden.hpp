#pragma once
// Texts that are kept as files: DATAMILL_ACCEPT=1 writes what is now printed; the change is then reviewed like code.
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace datamill::tests {

/// The first line that differs, with its number, in both texts; "" where they are equal.
inline std::string first_difference(const std::string& expected, const std::string& actual) {
  const auto before = support::split_lines(expected);
  const auto now = support::split_lines(actual);
  for (std::size_t i = 0; i < std::max(before.size(), now.size()); ++i) {
    const auto line = [i](const std::vector<std::string>& lines) { return i < lines.size() ? lines[i] : "(end)"; };
    if (line(before) != line(now)) return "line " + std::to_string(i + 1) + "\n- " + line(before) + "\n+ " + line(now);
  }
  return {};
}

inline void check_golden(const std::filesystem::path& path, const std::string& text) {
  INFO(path.string() << " (DATAMILL_ACCEPT=1 accepts what is printed now)");
  if (const auto* accept = std::getenv("DATAMILL_ACCEPT"); accept != nullptr && std::string(accept) == "1") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  REQUIRE(std::filesystem::exists(path));
  CHECK(first_difference(TempFolder::read(path.string()), text) == "");
}

}  // namespace datamill::tests
