// `runs show` and `report`: one run, for people or programs.
#include "datamill/ui/run_report.hpp"
#include "cli/commands/commands.hpp"
#include "cli/run_store.hpp"
#include "datamill/exec/run_summary.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;
using support::Node;

namespace {

exec::RunRecord chosen_run(const App& app, const std::string& word) {
  const auto& state = app.folders.state;
  return load_run(state, find_run(state, word, app.files), RunDetail::whole, app.files);
}

std::string rendered(const App& app, const exec::RunRecord& run, Output output) {
  if (output == Output::json) {
    auto document = Node::map();
    document.set("v", Node::integer(1));
    document.set("run", exec::run_record_node(run));
    return support::write_json(document) + "\n";
  }
  if (output == Output::html) return ui::run_report_html(run);
  auto terminal = app.out;
  if (!app.options.out_file.empty()) terminal = {};
  return ui::run_report_text(run, terminal, app.options.verbose > 0 ? ui::Verbosity::commands : ui::Verbosity::normal);
}

/// What -o says, else what the file's name ends with.
Output format_of(const Options& options) {
  if (options.output != Output::automatic) return options.output;
  if (options.out_file.ends_with(".html") || options.out_file.ends_with(".htm")) return Output::html;
  if (options.out_file.ends_with(".json")) return Output::json;
  return Output::text;
}

void write_report(const std::string& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return;
  throw Failure(ExitCode::usage, "DM583",
                fmt::format("the report cannot be written to \"{}\": {}", path,
                            std::generic_category().message(errno == 0 ? EIO : errno)),
                "give another --file, or leave it out: the report goes to standard output then");
}

}  // namespace

ExitCode runs_command(App& app) {
  const auto& words = app.options.arguments;
  app.print(rendered(app, chosen_run(app, words.size() > 1 ? words[1] : ""), app.options.output));
  return ExitCode::ok;
}

ExitCode report_command(App& app) {
  const auto& words = app.options.arguments;
  const auto run = chosen_run(app, words.empty() ? "" : words.front());
  const auto text = rendered(app, run, format_of(app.options));
  if (app.options.out_file.empty()) {
    app.print(text);
  } else {
    write_report(app.options.out_file, text);
    app.say(fmt::format("wrote {}", app.options.out_file));
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli
