#pragma once

#include <string>

namespace datamill::cli {

/// Five letters and digits by chance: two runs in the same second need names of their own.
[[nodiscard]] std::string random_suffix();

}  // namespace datamill::cli
