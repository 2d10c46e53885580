#include "cli/completion.hpp"
#include "cli/commands/commands.hpp"
#include "datamill/config/load_workspace.hpp"
#include "datamill/support/text.hpp"

#include <algorithm>
#include <exception>

namespace datamill::cli {

using support::ExitCode;

namespace {

/// The data root, as far as the words say it; "" where there is none.
std::string root_of(const App& app, const std::vector<std::string>& words) {
  config::RootSearch search{.working_directory = app.working_directory, .executable = app.executable};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "--root") search.flag = words[i + 1];
    if (words[i].starts_with("--root=")) search.flag = words[i].substr(words[i].find('=') + 1);
  }
  support::Diagnostics ignored;
  return config::locate_root(search, app.files, app.environment, ignored).value_or("");
}

/// The state folder, as far as the words say another one than usual.
std::string state_of(const App& app, const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "--state-dir") options.state_dir = words[i + 1];
    if (words[i].starts_with("--state-dir=")) options.state_dir = words[i].substr(words[i].find('=') + 1);
  }
  return find_folders(options, app.environment).state;
}

std::string lines_of(const Completion& completion) {
  std::string text;
  for (const auto& candidate : completion.candidates) {
    text += candidate.word;
    if (!candidate.meaning.empty()) text += "\t" + candidate.meaning;
    text += "\n";
  }
  if (completion.paths == PathKind::files) text += ":files\n";
  if (completion.paths == PathKind::folders) text += ":folders\n";
  return text;
}

}  // namespace

ExitCode completion_command(App& app) {
  app.print(completion_script(app.options.arguments.front()));
  return ExitCode::ok;
}

/// A message in the middle of somebody's command line helps nobody: whatever is wrong, there is nothing to offer then.
ExitCode complete_command(App& app) {
  const auto& words = app.options.arguments;
  try {
    app.print(lines_of(complete(words, root_of(app, words), state_of(app, words), app.files)));
  } catch (const std::exception&) {
    return ExitCode::ok;
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli
