#pragma once

#include "datamill/support/diagnostic.hpp"
#include "ui/style.hpp"

#include <string>

namespace datamill::ui {

/// What print_diagnostics() prints.
[[nodiscard]] std::string diagnostics_text(const support::Diagnostics& diagnostics, const Painter& paint);

}  // namespace datamill::ui
