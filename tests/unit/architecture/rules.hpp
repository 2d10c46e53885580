#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace datamill::architecture {

struct SourceFile {
  std::string path{};  ///< relative to the repository: "src/ui/table.cpp"
  std::string text{};
};

/// Problems as "src/x.cpp:12: what is wrong". Empty: the file keeps the rule.
using Problems = std::vector<std::string>;

/// "ui" for "src/ui/table.cpp" and "include/datamill/ui/ui.hpp"; "" for anything else.
[[nodiscard]] std::string layer_of(std::string_view path);

/// The text with comments, string and character literals blanked out; lines stay where they are.
[[nodiscard]] std::string code_only(std::string_view text);

/// Includes: of our layers by the table of layers, of third-party headers by folder, private headers only of the own
/// layer, and no private or third-party header (but fmt) in include/.
[[nodiscard]] Problems include_problems(const SourceFile& file);

/// At most 150 lines in a header, 300 in a .cpp; headers start with #pragma once.
[[nodiscard]] Problems size_problems(const SourceFile& file);

/// Calls and names that belong to one folder or nowhere: starting processes, printing, the environment, shells, regex.
[[nodiscard]] Problems word_problems(const SourceFile& file);

/// Files of `files` that include CLI11: compiling it takes seconds, so there must be one.
[[nodiscard]] Problems facade_problems(const std::vector<SourceFile>& files);

/// Every .hpp and .cpp of include/ and src/ under `root`, sorted by path.
[[nodiscard]] std::vector<SourceFile> read_sources(const std::string& root);

}  // namespace datamill::architecture
