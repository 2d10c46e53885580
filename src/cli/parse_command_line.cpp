#include "cli/parse.hpp"
#include "cli/report.hpp"

namespace datamill::cli {

namespace {

constexpr int kStdout = 1;

}  // namespace

ParseOutcome parse_command_line(const std::vector<std::string>& arguments, const support::Environment& environment) {
  auto result = parse(arguments, environment);
  if (result.options) return {.options = std::move(result.options)};
  if (!result.help.empty()) {
    ui::write_all(kStdout, result.help);
    return {};
  }
  const support::Failure failure(support::ExitCode::usage, std::move(result.diagnostics));
  const ReportStyle style{.json = wants_json(arguments, environment)};
  return {.exit_code = report_failure(failure, style, environment)};
}

}  // namespace datamill::cli
