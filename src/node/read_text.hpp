#pragma once

#include "datamill/support/file_source.hpp"

#include <string>

namespace datamill::node {

/// A small file, also of the kernel; "" where there is none or it went while it was looked at.
[[nodiscard]] inline std::string read_text(const std::string& path) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
  return support::DiskFileSource().read(path, kMostBytes).text.value_or("");
}

}  // namespace datamill::node
