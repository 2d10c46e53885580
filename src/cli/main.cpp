#include "cli/app.hpp"
#include "cli/program_name.hpp"
#include "cli/report.hpp"
#include "datamill/tools/helm.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

namespace cli = datamill::cli;
namespace support = datamill::support;
namespace tools = datamill::tools;
namespace ui = datamill::ui;

int run(const cli::Options& options, const support::Environment& environment) {
  const support::DiskFileSource files;
  std::error_code error;
  cli::App app{.environment = environment, .options = options, .files = files};
  app.folders = cli::find_folders(options, environment);
  app.out = ui::detect_terminal(STDOUT_FILENO, options.color, environment);
  app.err = ui::detect_terminal(STDERR_FILENO, options.color, environment);
  app.working_directory = std::filesystem::current_path(error).string();
  app.executable = std::filesystem::read_symlink("/proc/self/exe", error).string();
  app.program = cli::program_name(app.executable, app.working_directory, environment);
  app.set_for_children = [](const std::string& name, const std::string& value) {
    // Commands set what they know at their start, before there is a second thread.
    setenv(name.c_str(), value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  };
  for (const auto& [name, value] : tools::own_folders(app.folders.cache))
    app.set_for_children(name, value);
  return static_cast<int>(cli::run_command(app));
}

}  // namespace

int main(int argc, char** argv) {
  const auto environment = support::Environment::capture(environ);
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const auto outcome = cli::parse_command_line(arguments, environment);
  if (!outcome.options) return outcome.exit_code;
  const auto& options = *outcome.options;
  try {
    return run(options, environment);
  } catch (const support::Failure& failure) {
    const cli::ReportStyle style{.json = options.output == cli::Output::json, .color = options.color};
    const auto code = cli::report_failure(failure, style, environment);
    // There 2 says "changes pending", so that an error must not.
    return options.detailed_exitcode && code == static_cast<int>(support::ExitCode::usage) ? 1 : code;
  }
}
