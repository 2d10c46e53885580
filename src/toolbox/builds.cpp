#include "toolbox/builds.hpp"

#include "datamill/exec/capture.hpp"
#include "datamill/exec/executor.hpp"
#include "datamill/exec/secret_store.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "toolbox/files.hpp"
#include "toolbox/find.hpp"
#include "toolbox/place.hpp"
#include "toolbox/progress.hpp"
#include "toolbox/recipe.hpp"
#include "toolbox/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::toolbox {

using namespace std::chrono_literals;

namespace {

// Each go command keeps all cores busy by itself; a second one fills the gaps (linking, downloads).
constexpr std::size_t kSideBySide = 2;

/// One recipe at work for some of its tools.
struct Build {
  const BuildRecipe* recipe = nullptr;
  std::vector<Wanted> wanted{};
  BuildContext context{};
  std::string program{};  ///< go or python3
  std::string problem{};
  std::vector<plan::StepId> steps{};
};

void tried(const Build& build, const std::string& text) {
  for (const Wanted& one : build.wanted)
    one.status->tried.push_back(fmt::format("build: {}", text));
}

std::vector<Build> group(const Services& services, const std::vector<Wanted>& wanted) {
  std::vector<Build> builds;
  for (const Wanted& one : wanted) {
    const BuildRecipe* recipe = services.file.recipe(one.tool->build);
    if (recipe == nullptr) {
      if (!one.tool->version.empty()) one.status->tried.emplace_back("build: no recipe");
      continue;
    }
    auto found = std::find_if(builds.begin(), builds.end(), [&](const Build& b) { return b.recipe == recipe; });
    if (found == builds.end()) found = builds.insert(builds.end(), Build{.recipe = recipe});
    found->wanted.push_back(one);
    found->context.tools.push_back(one.tool->name);
  }
  // All cores are busy anyhow, so what counts is work done twice: the dearest (Kubernetes) compiles what the next ones
  // share with it, so those with most to share, the dear ones, come last.
  std::stable_sort(builds.begin(), builds.end(),
                   [](const Build& a, const Build& b) { return a.recipe->cost < b.recipe->cost; });
  if (!builds.empty()) std::rotate(builds.begin(), std::prev(builds.end()), builds.end());
  return builds;
}

std::string go_language(const Services& services) {
  const ToolSpec* go = services.file.tool("go");
  const auto minimum = go == nullptr ? std::nullopt : parse_version(go->minimum);
  return minimum ? fmt::format("{}.{}", minimum->major, minimum->minor) : "1.26";
}

/// Reads the module's own go.mod where its replacements are needed.
std::string fetch_module_file(const Services& services, const Build& build, const std::string& go, std::string& text) {
  const auto command = module_file_command(*build.recipe, build.context);
  const auto result = exec::capture_all(
      services.runner,
      {{.command = command::CommandResolver::resolve(command, go, exec::SecretStore()), .timeout = 2min}});
  const auto& answer = result.front();
  if (!answer.ok())
    return fmt::format("{}: {}, {}", command::to_shell(command), proc::to_text(answer.outcome),
                       support::trim(answer.err));
  const std::string file(support::read_json(answer.out, "go list -m -json").text_at("GoMod"));
  const auto read = support::DiskFileSource().read(file, 1U << 20U);
  if (!read.text) return fmt::format("{}: {}", file, read.problem);
  text = *read.text;
  return {};
}

void prepare(const Services& services, Build& build, const GoToolchain& go) {
  const bool wheel = build.recipe->kind == RecipeKind::python_wheel;
  if (!wheel && go.path.empty()) {
    build.problem = "needs Go: " + go.problem;
    return;
  }
  BuildContext& context = build.context;
  context.folder =
      fmt::format("{}/tools/work/build-{}-{}", services.paths.cache, build.recipe->name, build.recipe->version);
  context.platform = this_platform();
  context.go_language = go_language(services);
  const bool has_home = services.environment.has("HOME");
  context.go_env = go_environment({.own = go.own, .has_home = has_home, .cache = services.paths.cache});
  build.problem = make_empty_folder(context.folder);
  if (!build.problem.empty()) return;
  if (wheel) {
    const auto python = path_candidate({.name = "python3"}, services.environment);
    build.program = python && python->problem.empty() ? python->path : "";
    if (build.program.empty()) build.problem = "needs python3, which is not on PATH";
    return;
  }
  build.program = go.path;
  if (!build.recipe->replace_version.empty())
    build.problem = fetch_module_file(services, build, go.path, context.module_file);
}

/// Each build is a chain of steps; the chains are independent.
plan::Plan make_plan(std::vector<Build>& builds) {
  plan::Plan plan{.title = "Build tools"};
  for (Build& build : builds) {
    if (!build.problem.empty()) continue;
    for (plan::Step& step : build_steps(*build.recipe, build.context)) {
      if (!build.steps.empty()) step.needs = {build.steps.back()};
      step.component = build.recipe->name;
      build.steps.push_back(plan.add(std::move(step)));
    }
  }
  plan.tools = {"go", "python3"};
  return plan;
}

std::string failure_text(const exec::FailureReport& failure) {
  std::string text = fmt::format("{} failed: {}", failure.title, failure.outcome);
  if (!failure.last_lines.empty()) text += fmt::format(": {}", failure.last_lines.back());
  if (!failure.log_file.empty()) text += fmt::format(" (log: {})", failure.log_file);
  return text;
}

bool has_step(const Build& build, plan::StepId step) {
  return std::find(build.steps.begin(), build.steps.end(), step) != build.steps.end();
}

/// Moves the results of a build that ended well into the cache.
void collect(const Services& services, const Build& build, const exec::RunResult& result) {
  const auto& status = result.summary.step_status;
  const bool done = std::all_of(build.steps.begin(), build.steps.end(), [&](plan::StepId step) {
    return step < status.size() &&
           (status[step] == exec::StepStatus::done || status[step] == exec::StepStatus::already_done);
  });
  for (const auto& failure : result.failures) {
    if (has_step(build, failure.step)) tried(build, failure_text(failure));
  }
  if (!done) return;
  for (const Wanted& one : build.wanted) {
    const bool tree = one.tool->binary.find('/') != std::string::npos;
    const std::string folder = output_folder(build.context);
    const std::string problem =
        place(services, one,
              {.path = tree ? folder : folder + "/" + one.tool->name, .tree = tree, .origin = ToolOrigin::built});
    if (!problem.empty())
      one.status->tried.push_back(fmt::format("build: what {} gave is {}", build.recipe->name, problem));
  }
  remove_tree(build.context.folder);
}

}  // namespace

bool needs_go(const ToolsFile& file, const std::vector<Wanted>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const Wanted& one) {
    const BuildRecipe* recipe = file.recipe(one.tool->build);
    return recipe != nullptr && recipe->kind != RecipeKind::python_wheel;
  });
}

void build_missing(const Services& services, const std::vector<Wanted>& wanted, const GoToolchain& go,
                   exec::EventSink& sink) {
  std::vector<Build> builds = group(services, wanted);
  exec::ExecutorOptions options{.parallelism = kSideBySide, .retry_hint = "datamill tools install"};
  for (Build& build : builds) {
    prepare(services, build, go);
    if (!build.problem.empty()) tried(build, build.problem);
    if (!build.program.empty())
      options.tool_paths[build.recipe->kind == RecipeKind::python_wheel ? "python3" : "go"] = build.program;
  }
  const plan::Plan plan = make_plan(builds);
  if (plan.steps.empty()) return;
  exec::SecretStore secrets;
  const exec::RunResult result = exec::Executor(services.runner, sink, secrets, options).run(plan);
  for (const Build& build : builds) {
    if (!build.steps.empty()) collect(services, build, result);
  }
  if (result.summary.signal != 0) throw_interrupted(result.summary.signal);
}

}  // namespace datamill::toolbox
