#pragma once

#include <string>
#include <vector>

namespace datamill::exec {

struct LikelyCause {
  std::string code{};        ///< stable: that of the finding which says the same, or ""
  std::string name{};        ///< of the code: "ApiThrottled"
  std::string cause{};       ///< one plain sentence without final dot, or ""
  std::string hint{};        ///< what to do about it
  bool only_waited = false;  ///< the tool knows no more than that something did not become ready
};

/// What the last lines of a tool that failed most likely mean; all texts are empty where nothing is known.
[[nodiscard]] LikelyCause likely_cause(const std::vector<std::string>& last_lines);

}  // namespace datamill::exec
