#include "cli/report.hpp"

namespace datamill::cli {

int report_failure(const support::Failure& failure, const ReportStyle& style, const support::Environment& environment) {
  constexpr int kStdout = 1;
  constexpr int kStderr = 2;
  const int exit_code = static_cast<int>(failure.exit_code());
  if (style.json) {
    ui::write_all(kStdout, ui::diagnostics_json(failure.diagnostics(), exit_code));
  } else {
    ui::print_diagnostics(failure.diagnostics(), ui::detect_terminal(kStderr, style.color, environment));
  }
  return exit_code;
}

}  // namespace datamill::cli
