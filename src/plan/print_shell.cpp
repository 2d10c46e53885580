#include "datamill/plan/plan.hpp"
#include "datamill/support/overloaded.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::plan {
namespace {

using ToolPaths = std::vector<std::pair<std::string, std::string>>;

/// Shell text of one step and whether a shell could run it.
struct Script {
  std::string text{};
  bool runnable = true;
};

/// A text as comment lines; a newline in it cannot get out of the comment.
std::string comment(std::string_view text) {
  return support::indent(text, "# ") + '\n';
}

bool needs_run(const command::Command& command) {
  const auto* text = std::get_if<command::SymbolicText>(&command.stdin_text);
  return text != nullptr && text->symbolic();
}

Script command_script(command::Command command, const ToolPaths& tools, bool hide_output) {
  const auto found =
      std::find_if(tools.begin(), tools.end(), [&](const auto& tool) { return tool.first == command.program; });
  if (found != tools.end()) command.program = found->second;
  const bool hidden = hide_output || command.sensitive_output;
  return {.text = command::to_shell(command, {.discard_output = hidden}) + '\n', .runnable = !needs_run(command)};
}

/// The file is written by cat, private from its first byte on.
Script file_script(const WriteFile& file) {
  const std::string path = command::shell_quote(file.path);
  const auto slash = file.path.rfind('/');
  std::string out;
  if (slash != std::string::npos && slash > 0) {
    out += fmt::format("mkdir -p -m 0700 -- {}\n", command::shell_quote(file.path.substr(0, slash)));
  }
  command::Command cat{.program = "cat"};
  cat.stdin_text = file.content;
  const std::string cat_text = command::to_shell(cat);
  out += fmt::format("(umask 077 && cat >{}){}\n", path, cat_text.substr(cat.program.size()));
  out += fmt::format("chmod {:04o} {}\n", file.mode, path);
  return {.text = std::move(out), .runnable = !file.content.symbolic()};
}

Script action_script(const Step& step, const ToolPaths& tools) {
  return std::visit(support::Overloaded{
                        [&](const RunCommand& run) { return command_script(run.command, tools, false); },
                        [&](const CreateSecret& create) {
                          Script script = command_script(create.command, tools, false);
                          if (!create.generate.empty() || !create.derived.empty()) script.runnable = false;
                          return script;
                        },
                        [&](const ReadSecret& read) { return command_script(read.command, tools, true); },
                        [&](const WriteFile& file) { return file_script(file); },
                        [&](const RemovePath& path) {
                          return Script{.text = fmt::format("rm -rf -- {}\n", command::shell_quote(path.path))};
                        },
                        [&](const Say& say) { return Script{.text = comment(say.text)}; },
                    },
                    step.action);
}

std::string retry_comment(const Retry& retry) {
  std::string out;
  if (retry.attempts > 1) out += comment(fmt::format("datamill tries this up to {} times", retry.attempts));
  for (const auto& text : retry.ok_output_has)
    out += comment(fmt::format("datamill takes an error that says \"{}\" as done", text));
  return out;
}

std::string step_script(const Step& step, const ToolPaths& tools) {
  std::string out = '\n' + comment(fmt::format("{}. {}", step.id + 1, step.title)) + retry_comment(step.retry);
  Script script = action_script(step, tools);
  if (!script.runnable) script.text = "# not runnable: holds secrets\n" + support::indent(script.text, "# ");
  if (!script.text.empty() && script.text.back() != '\n') script.text += '\n';
  if (!step.guard) return out + script.text;
  // ":" because a shell refuses an `if` with nothing but comments in it.
  return out + fmt::format("if [ ! -e {} ]; then\n:\n{}fi\n", command::shell_quote(step.guard->path), script.text);
}

}  // namespace

std::string print_shell(const Plan& plan, const std::vector<std::pair<std::string, std::string>>& tool_paths,
                        const std::vector<std::pair<std::string, std::string>>& environment) {
  std::string out = "#!/bin/sh\n" + comment(plan.title) + "set -eu\n";
  for (const auto& [name, value] : environment)
    out += "export " + name + "=" + command::shell_quote(value) + "\n";
  for (const auto& step : plan.steps)
    out += step_script(step, tool_paths);
  for (const auto& kept : plan.kept)
    out += '\n' + comment("stays: " + kept.what) + comment(kept.command);
  for (const auto& note : plan.notes)
    out += '\n' + comment("note: " + note);
  return out;
}

}  // namespace datamill::plan
