#include "toolbox/recipe.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::toolbox {

using command::Command;
using plan::RunCommand;
using plan::Step;
using plan::WriteFile;

namespace {

// The Kubernetes build takes 4 minutes on two fast cores with everything downloaded.
constexpr std::chrono::minutes kBuildLimit{60};

std::string title_of(const BuildRecipe& recipe, const BuildContext& context) {
  return fmt::format("Build {} {}", support::join(context.tools, ", "), recipe.version);
}

std::string linker_flags(const BuildRecipe& recipe) {
  std::string flags = "-s -w";
  for (const auto& [variable, value] : recipe.variables)
    flags += fmt::format(" -X {}={}", variable, value);
  return flags;
}

std::vector<std::string> wanted_packages(const BuildRecipe& recipe, const BuildContext& context) {
  std::vector<std::string> wanted;
  for (const std::string& package : recipe.packages) {
    const auto found = std::find(context.tools.begin(), context.tools.end(), binary_of(package));
    if (found != context.tools.end()) wanted.push_back(package);
  }
  return wanted;
}

Step write_step(std::string title, std::string path, std::string text) {
  return {.title = std::move(title),
          .action = WriteFile{.path = std::move(path), .content = command::SymbolicText(std::move(text))}};
}

Step run_step(const BuildRecipe& recipe, const BuildContext& context, Command command) {
  command.cwd = context.folder;
  return {
      .title = title_of(recipe, context), .action = RunCommand{.command = std::move(command)}, .timeout = kBuildLimit};
}

/// `go install` refuses nothing here and needs no module of our own; GOBIN takes the results.
std::vector<Step> install_steps(const BuildRecipe& recipe, const BuildContext& context) {
  Command go{.program = "go", .args = {"install", "-v", "-trimpath", "-ldflags", linker_flags(recipe)}};
  for (const std::string& package : wanted_packages(recipe, context))
    go.arg(fmt::format("{}@v{}", package, recipe.version));
  go.env = context.go_env;
  go.env.emplace_back("GOBIN", output_folder(context));
  return {run_step(recipe, context, std::move(go))};
}

std::string own_go_mod(const BuildRecipe& recipe, const BuildContext& context) {
  std::string text = fmt::format("module datamill.invalid/build\n\ngo {}\n\nrequire {} v{}\n", context.go_language,
                                 recipe.module, recipe.version);
  if (recipe.replace_version.empty()) return text;
  for (const std::string& line : local_replacements(context.module_file, recipe.replace_version))
    text += "\n" + line;
  return text + "\n";
}

/// `go install` refuses a module that has replace directives, so a module of our own requires it.
std::vector<Step> module_steps(const BuildRecipe& recipe, const BuildContext& context) {
  std::vector<Step> steps;
  steps.push_back(write_step(fmt::format("Write go.mod for {}", recipe.name), context.folder + "/go.mod",
                             own_go_mod(recipe, context)));
  // -mod=mod lets go complete go.mod and go.sum with what the packages need (all pinned by the required module).
  Command go{.program = "go", .args = {"build", "-v", "-mod=mod", "-trimpath", "-ldflags", linker_flags(recipe), "-o"}};
  go.env = context.go_env;
  if (recipe.main.empty()) {
    go.arg(output_folder(context) + "/");
    for (std::string& package : wanted_packages(recipe, context))
      go.arg(std::move(package));
  } else {
    steps.push_back(
        write_step(fmt::format("Write main.go for {}", recipe.name), context.folder + "/main.go", recipe.main));
    go.arg(fmt::format("{}/{}", output_folder(context), context.tools.empty() ? recipe.name : context.tools.front()));
    go.arg(".");
  }
  steps.push_back(run_step(recipe, context, std::move(go)));
  return steps;
}

/// pip, into a folder of our own: no virtual environment is needed, nothing else of the machine changes. A pinned
/// checksum makes pip refuse anything else.
std::vector<Step> wheel_steps(const BuildRecipe& recipe, const BuildContext& context) {
  const auto sum = recipe.sha256s.find(context.platform);
  std::string line = fmt::format("{}=={}", recipe.module, recipe.version);
  if (sum != recipe.sha256s.end()) line += " --hash=sha256:" + sum->second;
  const std::string file = context.folder + "/requirements.txt";
  Command pip{.program = "python3",
              .args = {"-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps", "--no-compile",
                       "--no-cache-dir", "--only-binary", ":all:", "--target", output_folder(context), "--requirement",
                       file}};
  // The user's settings for their own environments do not fit a folder: pip refuses --user with --target.
  pip.env = {{"PIP_USER", "0"}, {"PIP_REQUIRE_VIRTUALENV", "0"}, {"PIP_ROOT_USER_ACTION", "ignore"}};
  return {write_step(fmt::format("Write requirements.txt for {}", recipe.name), file, line + "\n"),
          run_step(recipe, context, std::move(pip))};
}

}  // namespace

std::string output_folder(const BuildContext& context) {
  return context.folder + "/out";
}

std::vector<Step> build_steps(const BuildRecipe& recipe, const BuildContext& context) {
  std::vector<Step> steps;
  switch (recipe.kind) {
  case RecipeKind::go_install: steps = install_steps(recipe, context); break;
  case RecipeKind::go_module: steps = module_steps(recipe, context); break;
  case RecipeKind::python_wheel: steps = wheel_steps(recipe, context); break;
  }
  return steps;
}

Command module_file_command(const BuildRecipe& recipe, const BuildContext& context) {
  return {.program = "go",
          .args = {"list", "-m", "-json", fmt::format("{}@v{}", recipe.module, recipe.version)},
          .env = context.go_env,
          .cwd = context.folder};
}

std::vector<std::string> local_replacements(std::string_view go_mod, std::string_view version) {
  std::vector<std::string> lines;
  bool in_block = false;
  for (const std::string& raw : support::split_lines(go_mod)) {
    const std::string line(support::trim(std::string_view(raw).substr(0, raw.find("//"))));
    const bool single = line.substr(0, 8) == "replace " && line.back() != '(';
    if (line == "replace (") in_block = true;
    if (line == ")") in_block = false;
    if (!in_block && !single) continue;
    const auto words = support::split_list(single ? line.substr(8) : line, " \t");
    const auto arrow = std::find(words.begin(), words.end(), "=>");
    if (arrow == words.begin() || arrow == words.end() || arrow + 1 == words.end()) continue;
    if ((arrow + 1)->front() != '.') continue;
    lines.push_back(fmt::format("replace {} => {} {}", words.front(), words.front(), version));
  }
  return lines;
}

std::vector<std::pair<std::string, std::string>> go_environment(const GoSetup& setup) {
  std::vector<std::pair<std::string, std::string>> env{
      {"CGO_ENABLED", "0"}, {"GOTOOLCHAIN", "local"}, {"GOWORK", "off"}};
  // A GOROOT that belongs to another Go breaks ours; empty means: beside the binary.
  if (setup.own) env.emplace_back("GOROOT", "");
  if (setup.own || !setup.has_home) {
    env.emplace_back("GOPATH", setup.cache + "/go");
    env.emplace_back("GOCACHE", setup.cache + "/go-build");
  }
  return env;
}

}  // namespace datamill::toolbox
