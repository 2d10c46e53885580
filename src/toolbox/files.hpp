#pragma once

#include <string>
#include <string_view>

namespace datamill::toolbox {

/// Writes a file under a temporary name and renames it, making its folder. False where that is not possible.
[[nodiscard]] bool replace_file(const std::string& path, std::string_view text);

/// Makes an empty folder, removing what was there. "" or the problem.
[[nodiscard]] std::string make_empty_folder(const std::string& path);

void remove_tree(const std::string& path);

}  // namespace datamill::toolbox
