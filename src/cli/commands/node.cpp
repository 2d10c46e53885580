// The machine's side of an embedded cluster. Its plans start these commands; nobody needs to type them.
#include "cli/commands/commands.hpp"
#include "cli/foreground.hpp"
#include "cli/node_addresses.hpp"
#include "cli/node_service.hpp"
#include "cli/past_proxy.hpp"
#include "datamill/exec/capture.hpp"
#include "datamill/exec/secret_store.hpp"
#include "datamill/node/image.hpp"
#include "datamill/node/layers.hpp"
#include "datamill/node/obstacles.hpp"
#include "datamill/node/words.hpp"
#include "datamill/proc/make_runner.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <filesystem>

#include <csignal>
#include <unistd.h>

namespace datamill::cli {

using namespace std::chrono_literals;
using support::ExitCode;
using support::Failure;

namespace {

constexpr std::chrono::milliseconds kLongestInstallation = 10min;

/// Parts have this machine's proxy from the environment, and must not reach each other through it. Both spellings: Go's
/// programs take the first one that is set.
node::Spec with_proxy(node::Spec spec, const App& app) {
  if (!names_proxy(app.environment)) return spec;
  const auto places = node::past_proxy(spec, no_proxy_of(app.environment));
  for (auto& part : spec.parts) {
    part.env.emplace_back("NO_PROXY", places);
    part.env.emplace_back("no_proxy", places);
  }
  return spec;
}

/// The specification of a node that was never begun would look like a start that was interrupted.
void forget_unbegun(const node::Spec& spec, const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::directory_iterator entry(spec.folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (entry->path() != file) return;
  }
  fs::remove(file, error);
  // And folders that are empty now.
  if (fs::remove(spec.folder, error)) fs::remove(fs::path(spec.folder).parent_path(), error);
}

/// What stands against a node here; refused before anything is changed.
ExitCode check(const node::Spec& spec, const std::string& file) {
  support::Diagnostics diagnostics;
  for (const auto& problem : node::obstacles(spec))
    diagnostics.error("DM615", {}, problem.text, problem.remedy);
  if (!diagnostics.has_errors()) return ExitCode::ok;
  forget_unbegun(spec, file);
  throw Failure(ExitCode::preflight, std::move(diagnostics));
}

/// packages NAME=FILE...: installs the Debian packages whose file is not there. The lists of a fresh system are empty.
ExitCode packages(const App& app, const std::vector<std::string>& words) {
  std::vector<std::string> install{"/usr/bin/apt-get", "install", "--yes", "--no-install-recommends"};
  const auto fixed = install.size();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto mark = words[i].find('=');
    if (app.files.kind(words[i].substr(mark + 1)) == support::FileSource::Kind::missing)
      install.push_back(words[i].substr(0, mark));
  }
  if (install.size() == fixed) return ExitCode::ok;
  const auto runner = proc::make_runner();
  const auto apt = [&](const std::vector<std::string>& line) {
    const auto resolved = node::resolve_words(line, {{"DEBIAN_FRONTEND", "noninteractive"}});
    return exec::capture_all(*runner, {{.command = resolved, .timeout = kLongestInstallation}}).front();
  };
  auto result = apt(install);
  if (!result.ok() && apt({"/usr/bin/apt-get", "update"}).ok()) result = apt(install);
  if (result.ok()) return ExitCode::ok;
  const auto lines = support::split_lines(support::trim(result.err));
  const std::vector<std::string> names(install.begin() + static_cast<std::ptrdiff_t>(fixed), install.end());
  throw Failure(ExitCode::tool, "DM616",
                fmt::format("these packages could not be installed: {}: {}", support::join(names, ", "),
                            lines.empty() ? proc::to_text(result.outcome) : lines.back()),
                fmt::format("install what they hold by hand: apt-get install {}", support::join(names, " ")));
}

/// image OUT REFERENCE ENTRYPOINT(JSON) PATH=FILE or PATH@TARGET ...
ExitCode image(const std::vector<std::string>& words) {
  node::ImageSpec spec{.reference = words.at(2)};
  for (const auto& word : support::read_json(words.at(3), "ENTRYPOINT").items)
    spec.entrypoint.push_back(word.scalar);
  for (std::size_t i = 4; i < words.size(); ++i) {
    const auto mark = words[i].find_first_of("=@");
    if (mark == std::string::npos)
      throw Failure(ExitCode::usage, "DM007", fmt::format("\"{}\" is neither PATH=FILE nor PATH@TARGET", words[i]));
    auto& list = words[i][mark] == '=' ? spec.programs : spec.links;
    list.emplace_back(words[i].substr(0, mark), words[i].substr(mark + 1));
  }
  node::write_image(spec, words.at(1));
  return ExitCode::ok;
}

ExitCode run_in_place(const command::Command& command) {
  const auto resolved = command::CommandResolver::resolve(command, command.program, exec::SecretStore());
  return exit_code_of(run_foreground(*proc::make_runner(), resolved));
}

/// load FOLDER CTR SOCKET ARCHIVE: unpacks at once, with the snapshotter of the node in FOLDER. Not through
/// containerd's transfer service, which would know it, but takes four times as long (575 MB with 2.2.1: 19 s instead of
/// 5 s).
ExitCode load(const std::vector<std::string>& words) {
  const auto layers = node::layers_of(words.at(1)).value_or(node::Layers{});
  return run_in_place({.program = words.at(2),
                       .args = {"--address", words.at(3), "--namespace", "k8s.io", "images", "import", "--local",
                                "--snapshotter", layers.snapshotter, words.at(4)},
                       .interactive = true});
}

/// tether PROGRAM ARGUMENT...: runs it, and when the process that asked for it ends, however it does, ends all of its
/// process group. The kernel tells only us of that end, and not what the program started: buildah's RUN steps go on
/// when buildah is asked to end.
ExitCode tether(const std::vector<std::string>& words) {
  const command::Command command{.program = words.at(1),
                                 .args = {words.begin() + 2, words.end()},
                                 .interactive = true};  // in our group, with our streams
  const auto resolved = command::CommandResolver::resolve(command, command.program, exec::SecretStore());
  const auto runner = proc::make_runner();
  const auto result = run_foreground(*runner, resolved);
  // Not that of a shell which somebody typed this into.
  if (result.signal != 0 && getpgrp() == getpid()) (void)kill(0, SIGKILL);
  return exit_code_of(result);
}

}  // namespace

ExitCode node_command(App& app) {
  const auto& words = app.options.arguments;
  if (words.front() == "image") return image(words);
  if (words.front() == "packages") return packages(app, words);
  if (words.front() == "addresses") return run_addresses(words);
  if (words.front() == "load") return load(words);
  if (words.front() == "tether") return tether(words);
  const auto spec = node::read_spec(words.at(1));
  if (words.front() == "run") return run_node(with_proxy(spec, app));
  if (words.front() == "check") return check(spec, words.at(1));
  if (words.front() == "clean") {
    clean_node(spec);
  } else {
    stop_node(spec);
  }
  return ExitCode::ok;
}

}  // namespace datamill::cli
