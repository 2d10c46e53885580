#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// What the completion scripts call. It is in no table, so help and suggestions do not show it.
inline constexpr std::string_view kCompleteCommand = "__complete";

/// Whether the argument after this flag is its value, for some command: "-f", "--flavour", "-lif", but not "-fx" or
/// "--flavour=x".
[[nodiscard]] bool takes_next(const std::string& argument);

/// Index of the command's name: the first word that is neither a flag nor a flag's value; the size where there is none.
[[nodiscard]] std::size_t command_index(const std::vector<std::string>& arguments);

}  // namespace datamill::cli
