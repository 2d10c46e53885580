#pragma once

#include "datamill/domain/finding.hpp"
#include "datamill/ui/ui.hpp"

#include <string>

namespace datamill::ui {

/// A finding for people, a block of lines that ends with a newline: code, name and chain; then reason and message, exit
/// code, last log lines, event, table of nodes, likely cause, and what to do next, each where there is one. Text of the
/// cluster is made harmless.
[[nodiscard]] std::string finding_text(const domain::Finding& finding, const Terminal& terminal);

/// One line without a newline: "DM810 ImageNotFound  Deployment web: the registry has no image ...".
[[nodiscard]] std::string finding_line(const domain::Finding& finding);

}  // namespace datamill::ui
