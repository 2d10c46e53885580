#pragma once

#include <string_view>

namespace datamill::support {

/// The program's version; CMakeLists.txt has the same one and the build fails if they differ.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace datamill::support
