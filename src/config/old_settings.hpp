#pragma once

#include <string_view>

namespace datamill::config {

/// What took the place of a key that component settings of the original data-mill had; "" for any other key.
[[nodiscard]] std::string_view old_setting(std::string_view key);

}  // namespace datamill::config
