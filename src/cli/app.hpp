#pragma once

#include "cli/folders.hpp"
#include "cli/options.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/support/file_source.hpp"
#include "datamill/ui/ui.hpp"

#include <functional>
#include <string>

namespace datamill::cli {

/// What every command gets: built once in main, passed by reference.
struct App {
  const support::Environment& environment;
  const Options& options;
  const support::FileSource& files;
  Folders folders{};
  ui::Terminal out{.fd = 1};  ///< stdout: results
  ui::Terminal err{};         ///< stderr: progress and diagnostics
  std::string working_directory{};
  std::string executable{};
  /// Sets a variable that every child inherits.
  std::function<void(const std::string& name, const std::string& value)> set_for_children{};
  std::string program = "datamill";  ///< what to type to start it again: program_name()

  [[nodiscard]] bool json() const { return options.output == Output::json; }
  /// Where a run is shown: JSON lines are results.
  [[nodiscard]] const ui::Terminal& progress() const { return json() ? out : err; }
  /// A result, on stdout.
  void print(std::string_view text) const { ui::write_text(out, text); }
  /// A line for people, on stderr; nothing with -q or -o json.
  void say(std::string_view line) const;
};

/// @throws Failure
[[nodiscard]] support::ExitCode run_command(App& app);

}  // namespace datamill::cli
