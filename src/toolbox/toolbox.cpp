#include "datamill/toolbox/toolbox.hpp"

#include "datamill/config/load_workspace.hpp"
#include "datamill/config/yaml.hpp"
#include "datamill/support/enum_names.hpp"
#include "datamill/support/text.hpp"
#include "toolbox/builds.hpp"
#include "toolbox/downloads.hpp"
#include "toolbox/inspect.hpp"
#include "toolbox/lock.hpp"
#include "toolbox/progress.hpp"
#include "toolbox/services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::toolbox {

using namespace std::chrono_literals;
using support::Diagnostics;
using support::ExitCode;
using support::Failure;

namespace {

constexpr support::EnumTable<ToolOrigin, 6> kOrigins{{{ToolOrigin::environment, "environment"},
                                                      {ToolOrigin::path, "path"},
                                                      {ToolOrigin::cache, "cache"},
                                                      {ToolOrigin::downloaded, "downloaded"},
                                                      {ToolOrigin::built, "built"},
                                                      {ToolOrigin::missing, "missing"}}};

ToolsFile read_file(const std::string& path, const support::FileSource& files) {
  const auto read = files.read(path, config::kMaxFileBytes);
  if (!read.text) throw Failure(ExitCode::usage, "DM108", fmt::format("cannot read \"{}\": {}", path, read.problem));
  Diagnostics diagnostics;
  auto file = read_tools_file(*read.text, path, diagnostics);
  if (file) return std::move(*file);
  config::attach_excerpts(diagnostics, files);
  throw Failure(ExitCode::usage, std::move(diagnostics));
}

std::string message_of(const ToolSpec& tool, const ToolStatus& status) {
  if (status.from_environment) return status.problem;
  if (status.code == "DM401") return fmt::format("the tool \"{}\" is missing", tool.name);
  return fmt::format("the tool \"{}\" cannot be used: {}", tool.name, status.problem);
}

std::string hint_of(const ToolSpec& tool, const ToolStatus& status) {
  if (status.from_environment)
    return fmt::format("correct {0} or remove it (unset {0})", environment_variable(tool.name));
  return tool.hint;
}

[[noreturn]] void fail(const std::vector<Wanted>& wanted) {
  Diagnostics diagnostics;
  for (const Wanted& one : wanted) {
    if (one.status->ok()) continue;
    diagnostics.add({.code = one.status->code,
                     .message = message_of(*one.tool, *one.status),
                     .hint = hint_of(*one.tool, *one.status),
                     .notes = one.status->tried});
  }
  throw Failure(ExitCode::tool, std::move(diagnostics));
}

std::vector<Wanted> missing_of(const std::vector<Wanted>& wanted) {
  std::vector<Wanted> missing;
  std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(missing),
               [](const Wanted& one) { return !one.status->ok(); });
  return missing;
}

}  // namespace

std::string_view to_name(ToolOrigin origin) {
  return support::name_of(kOrigins, origin);
}

struct Toolbox::Parts {
  ToolboxPaths paths{};
  const support::Environment& environment;
  const support::FileSource& files;
  ToolsFile file{};
  ProbeCache probes;
  Services services;

  Parts(ToolboxPaths where, const support::Environment& env, const support::FileSource& source, proc::Runner& runner,
        DownloaderFactory make_downloader)
      : paths(std::move(where)), environment(env), files(source), file(read_file(paths.tools_file, source)),
        probes(paths.cache + "/tools/probes.json", source),
        services{paths, environment, runner, make_downloader, file, probes} {}

  [[nodiscard]] std::vector<const ToolSpec*> specs_of(const std::vector<std::string>& names) const;
  [[nodiscard]] std::vector<FileLock> lock(const std::vector<Wanted>& wanted, exec::EventSink& sink);
  [[nodiscard]] GoToolchain toolchain(const std::vector<Wanted>& wanted, exec::EventSink& sink);
  void get(const std::vector<Wanted>& wanted, exec::EventSink& sink);
};

std::vector<const ToolSpec*> Toolbox::Parts::specs_of(const std::vector<std::string>& names) const {
  std::vector<const ToolSpec*> specs;
  std::vector<std::string> known;
  for (const ToolSpec& tool : file.tools)
    known.push_back(tool.name);
  Diagnostics diagnostics;
  for (const std::string& name : names) {
    if (const ToolSpec* tool = file.tool(name))
      specs.push_back(tool);
    else
      diagnostics.error("DM411", {}, fmt::format("unknown tool \"{}\"", name), support::did_you_mean(name, known));
  }
  if (diagnostics.has_errors()) throw Failure(ExitCode::usage, std::move(diagnostics));
  return specs;
}

/// One lock per recipe, or per tool without one; in the order of their names, so that two processes never wait for each
/// other.
std::vector<FileLock> Toolbox::Parts::lock(const std::vector<Wanted>& wanted, exec::EventSink& sink) {
  std::set<std::string> names;
  for (const Wanted& one : wanted)
    names.insert(one.tool->build.empty() ? one.tool->name : one.tool->build);
  StepReporter report(sink, "Wait for tools");
  std::vector<FileLock> locks;
  for (const std::string& name : names) {
    const plan::StepId step = report.add(fmt::format("Wait for another datamill that gets {}", name));
    auto taken = FileLock::try_take(fmt::format("{}/tool-{}.lock", paths.locks, name));
    for (; !taken; taken = FileLock::try_take(fmt::format("{}/tool-{}.lock", paths.locks, name))) {
      report.start(step);
      pause(services.runner, 500ms);
    }
    report.finish(step, exec::StepStatus::done);
    locks.push_back(std::move(*taken));
  }
  return locks;
}

GoToolchain Toolbox::Parts::toolchain(const std::vector<Wanted>& wanted, exec::EventSink& sink) {
  if (!needs_go(file, wanted)) return {};
  const ToolSpec* go = file.tool("go");
  if (go == nullptr) return {.problem = "tools.yaml has no tool \"go\""};
  ToolStatus status = inspect(services, {go}).front();
  if (!status.ok() && !status.from_environment) get({{.tool = go, .status = &status}}, sink);
  if (!status.ok())
    return {.problem = fmt::format("{} ({})", message_of(*go, status), support::join(status.tried, "; "))};
  const bool own = status.origin != ToolOrigin::path && status.origin != ToolOrigin::environment;
  return {.path = status.path, .own = own};
}

/// Lock, look again, download, build: each only for what is still missing.
void Toolbox::Parts::get(const std::vector<Wanted>& wanted, exec::EventSink& sink) {
  const auto locks = lock(wanted, sink);
  inspect_cache(services, wanted);
  auto missing = missing_of(wanted);
  if (missing.empty()) return;
  download_missing(services, missing, sink);
  missing = missing_of(missing);
  if (missing.empty()) return;
  build_missing(services, missing, toolchain(missing, sink), sink);
}

Toolbox::Toolbox(ToolboxPaths paths, const support::Environment& environment, const support::FileSource& files,
                 proc::Runner& runner, DownloaderFactory make_downloader)
    : parts_(std::make_unique<Parts>(std::move(paths), environment, files, runner, make_downloader)) {}

Toolbox::~Toolbox() = default;

const std::vector<ToolSpec>& Toolbox::specs() const {
  return parts_->file.tools;
}

std::vector<ToolStatus> Toolbox::look(const std::vector<std::string>& names) {
  return inspect(parts_->services, parts_->specs_of(names));
}

std::vector<ToolStatus> Toolbox::ensure(const std::vector<std::string>& names, exec::EventSink& sink) {
  const auto specs = parts_->specs_of(names);
  auto statuses = inspect(parts_->services, specs);
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < specs.size(); ++i)
    wanted.push_back({.tool = specs[i], .status = &statuses[i]});
  const bool misnamed =
      std::any_of(statuses.begin(), statuses.end(), [](const auto& s) { return s.from_environment && !s.ok(); });
  if (misnamed) fail(missing_of(wanted));
  auto missing = missing_of(wanted);
  // Go first and alone: the builds of others take its lock while they hold theirs.
  const auto go =
      std::stable_partition(missing.begin(), missing.end(), [](const Wanted& w) { return w.tool->name == "go"; });
  if (go != missing.begin()) parts_->get({missing.begin(), go}, sink);
  if (go != missing.end()) parts_->get({go, missing.end()}, sink);
  if (!missing_of(wanted).empty()) fail(missing_of(wanted));
  return statuses;
}

}  // namespace datamill::toolbox
