#pragma once

#include "datamill/support/diagnostic.hpp"

#include <string_view>

namespace datamill::config {

/// Text without a byte order mark of UTF-8.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text);

/// Whether `text` is UTF-8 without control characters. Reports the first bad place (DM100). Line and paragraph
/// separators (U+0085, U+2028, U+2029) count as bad: YAML 1.1 readers take them for line breaks, YAML 1.2 ones do not.
[[nodiscard]] bool check_text(std::string_view text, const support::FileName& file, support::Diagnostics& diagnostics);

}  // namespace datamill::config
