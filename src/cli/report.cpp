#include "cli/report.hpp"

namespace datamill::cli {

int report_failure(const support::Failure& failure, const ReportStyle& style, const support::Environment& environment) {
  constexpr int kStdout = 1;
  constexpr int kStderr = 2;
  const auto terminal = ui::detect_terminal(style.json ? kStdout : kStderr, style.color, environment);
  const int exit_code = static_cast<int>(failure.exit_code());
  if (style.json) {
    ui::write_text(terminal, ui::diagnostics_json(failure.diagnostics(), exit_code));
  } else {
    ui::print_diagnostics(failure.diagnostics(), terminal);
  }
  return exit_code;
}

}  // namespace datamill::cli
