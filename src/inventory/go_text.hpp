#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace datamill::inventory {

/// A field of a go-template's line; "" where it is missing or kubectl found no value.
[[nodiscard]] std::string field_at(const std::vector<std::string>& fields, std::size_t index);

/// Text that Go's `printf "%q"` quoted, as one line: line ends and tabs become blanks, other escapes stay.
[[nodiscard]] std::string unquoted(std::string_view text);

}  // namespace datamill::inventory
