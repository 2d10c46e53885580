// The machine's side of an embedded cluster. Its plans start these commands; nobody needs to type them.
#include "cli/commands/commands.hpp"
#include "cli/node_log.hpp"
#include "datamill/exec/capture.hpp"
#include "datamill/node/image.hpp"
#include "datamill/node/obstacles.hpp"
#include "datamill/node/supervisor.hpp"
#include "datamill/node/sweep.hpp"
#include "datamill/node/words.hpp"
#include "datamill/proc/make_runner.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include <csignal>
#include <unistd.h>

namespace datamill::cli {

using namespace std::chrono_literals;
using support::ExitCode;
using support::Failure;

namespace {

constexpr int kContainerGrace = 10;
constexpr std::chrono::seconds kLongestStop = 100s;
constexpr std::chrono::milliseconds kLongestInstallation = 10min;
constexpr std::string_view kShim = "containerd-shim-runc-v2";

/// The supervisor's process, or 0: the number may be another program's after a reboot.
pid_t supervisor_of(const node::Spec& spec, const App& app) {
  const auto text = app.files.read(spec.pid_file(), 64).text.value_or("");
  const auto pid = support::parse_integer(support::trim(text)).value_or(0);
  if (pid <= 1) return 0;
  const auto words = app.files.read(fmt::format("/proc/{}/cmdline", pid), 64 * 1024).text.value_or("");
  return support::contains(words, spec.folder + "/") && support::contains(words, "node") ? static_cast<pid_t>(pid) : 0;
}

void end_shims(const node::Spec& spec, const std::vector<std::string>& sockets) {
  node::end_processes_of(std::string(kShim), spec.folder);
  std::error_code error;
  for (const auto& socket : sockets)
    std::filesystem::remove(socket, error);
}

ExitCode run(const App& app, const node::Spec& spec) {
  NodeLog log(spec.folder + "/log");
  std::filesystem::create_directories(std::filesystem::path(spec.pid_file()).parent_path());
  if (supervisor_of(spec, app) != 0) return ExitCode::ok;
  if (const auto problem = node::make_control_groups(spec.cgroup); !problem.empty()) {
    throw Failure(ExitCode::step_failed, "DM611", problem, "is this root, and are control groups mounted?");
  }
  node::write_resolvers(spec.folder + "/resolv.conf");
  std::ofstream(spec.pid_file()) << getpid() << '\n';
  log.take_standard_streams();
  const auto runner = proc::make_runner();
  std::vector<std::string> sockets;
  const node::SupervisorHooks hooks{
      .log = [&](const std::string& part, std::string_view line) { log.write(part, line); },
      .say = [&](const std::string& text) { log.write("supervisor", text); },
      .end_containers =
          [&] {
            sockets = node::shim_sockets(spec);  // containerd forgets them with the containers
            node::end_processes(spec.cgroup, kContainerGrace);
            log.write("supervisor", "containers ended");
          }};
  const auto code = node::supervise(spec, *runner, hooks);
  end_shims(spec, sockets);
  std::error_code error;
  std::filesystem::remove(spec.pid_file(), error);
  return code;
}

/// What is left when nothing of the node runs any more: shims, mounts, leases of addresses.
void sweep(const node::Spec& spec) {
  std::error_code error;
  node::end_processes(spec.cgroup, 0);
  end_shims(spec, node::shim_sockets(spec));
  std::this_thread::sleep_for(200ms);
  const auto left = node::unmount_below(spec.folder);
  node::remove_control_groups(spec.cgroup);
  std::filesystem::remove_all(spec.folder + "/run", error);
  if (!left.empty())
    throw Failure(ExitCode::step_failed, "DM613", fmt::format("still mounted: {}", support::join(left, ", ")),
                  "find out with `fuser -vm PATH` who uses it, end that, then run this again");
}

/// What stands against a node here; refused before anything is changed.
ExitCode check(const node::Spec& spec) {
  support::Diagnostics diagnostics;
  for (const auto& problem : node::obstacles(spec))
    diagnostics.error("DM615", {}, problem.text, problem.remedy);
  if (diagnostics.has_errors()) throw Failure(ExitCode::preflight, std::move(diagnostics));
  return ExitCode::ok;
}

ExitCode stop(const App& app, const node::Spec& spec) {
  if (const auto pid = supervisor_of(spec, app); pid != 0) {
    (void)kill(pid, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + kLongestStop;
    while (supervisor_of(spec, app) == pid) {
      if (std::chrono::steady_clock::now() > deadline)
        throw Failure(ExitCode::timed_out, "DM614",
                      fmt::format("process {} did not end in {}", pid, support::format_duration(kLongestStop)),
                      fmt::format("see {}/log/supervisor.log", spec.folder));
      std::this_thread::sleep_for(50ms);
    }
  }
  sweep(spec);
  return ExitCode::ok;
}

std::string output_of(proc::Runner& runner, const std::vector<std::string>& words) {
  return exec::capture_all(runner, {{.command = node::resolve_words(words)}}).front().out;
}

/// Rules and chains in the kernel, the bridge, and links and folders of the kubelet outside of our folder.
ExitCode clean(const App& app, const node::Spec& spec) {
  const auto code = stop(app, spec);
  const auto runner = proc::make_runner();
  for (const std::string program : {"/usr/sbin/iptables", "/usr/sbin/ip6tables"}) {
    for (const std::string table : {"nat", "filter", "mangle"}) {
      const auto listing = output_of(*runner, {program, "-w", "-t", table, "-S"});
      for (const auto& removal : node::removals(listing, spec.cgroup)) {
        std::vector<std::string> words{program, "-w", "-t", table};
        words.insert(words.end(), removal.begin(), removal.end());
        (void)output_of(*runner, words);
      }
    }
  }
  (void)output_of(*runner, {"/usr/sbin/ip", "link", "delete", spec.bridge});
  (void)output_of(*runner, {"/usr/sbin/conntrack", "-D", "-r", spec.network});
  node::remove_traces(spec);
  return code;
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

}  // namespace

ExitCode node_command(App& app) {
  const auto& words = app.options.arguments;
  if (words.front() == "image") return image(words);
  if (words.front() == "packages") return packages(app, words);
  const auto spec = node::read_spec(words.at(1));
  if (words.front() == "run") return run(app, spec);
  if (words.front() == "check") return check(spec);
  return words.front() == "stop" ? stop(app, spec) : clean(app, spec);
}

}  // namespace datamill::cli
