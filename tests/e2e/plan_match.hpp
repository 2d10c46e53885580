#pragma once

#include "support/workbench.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace datamill::tests {

/// A step of `plan -o json` that runs a command.
struct PlannedCall {
  std::size_t id = 0;
  std::string tool{};
  std::vector<std::string> args{};
  std::map<std::string, std::string> env{};
  std::optional<std::string> input{};  ///< with symbols where secrets and outputs will stand
  std::vector<std::size_t> after{};    ///< ids of all steps with commands that must have ended before
  [[nodiscard]] std::string line() const;
};

[[nodiscard]] std::vector<PlannedCall> planned_calls(const std::string& plan_json);

/// Values that symbols stood for, by symbol without its marks: "secret data-mill/x.key".
using Symbols = std::map<std::string, std::string>;

/// Whether `text` is `pattern` with one value for each symbol; adds the values to `symbols`.
[[nodiscard]] bool matches(const std::string& pattern, const std::string& text, Symbols& symbols);

struct Comparison {
  std::vector<std::string> problems{};  ///< planned and not run, run and not planned, run too early
  Symbols symbols{};
};
/// Every planned command ran exactly once, nothing else ran, and what comes after something began after its end.
[[nodiscard]] Comparison compare(const std::vector<PlannedCall>& planned, const std::vector<ToolCall>& recorded);

}  // namespace datamill::tests
