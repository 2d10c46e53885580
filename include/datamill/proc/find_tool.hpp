#pragma once

#include <string>
#include <string_view>

namespace datamill::proc {

/// Where a program was found.
struct FoundTool {
  std::string path{};            ///< the first executable file of that name, or ""
  std::string not_executable{};  ///< where `path` is empty: the first file of that name that may not be executed, or ""
};

/// Looks `name` up in the folders of `path_variable` (the value of PATH). Empty and relative folders are passed over: a
/// tool must not depend on where datamill was started. A name with a slash is looked at as it is.
[[nodiscard]] FoundTool find_executable(std::string_view name, std::string_view path_variable);

}  // namespace datamill::proc
