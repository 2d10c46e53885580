#pragma once

#include "datamill/support/diagnostic.hpp"

#include <string>
#include <string_view>

namespace datamill::config {

/// What the parser library says of a syntax error.
struct YamlProblem {
  std::string problem{};
  support::SourceRef at{};
  std::string context{};
  support::SourceRef context_at{};
};

/// The same in words and with the place that a person would mark (DM101). `text` is the file's text.
[[nodiscard]] support::Diagnostic explain(const YamlProblem& problem, std::string_view text);

}  // namespace datamill::config
