#pragma once

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/ui/ui.hpp"

namespace datamill::cli {

struct ReportStyle {
  bool json = false;  ///< one JSON document on stdout instead of text on stderr
  ui::ColorMode color = ui::ColorMode::automatic;
};

/// Prints why datamill ends and returns the process' exit code: the one place where a Failure becomes output.
[[nodiscard]] int report_failure(const support::Failure& failure, const ReportStyle& style,
                                 const support::Environment& environment);

}  // namespace datamill::cli
