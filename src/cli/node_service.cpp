#include "cli/node_service.hpp"

#include "cli/node_lock.hpp"
#include "cli/node_log.hpp"
#include "datamill/exec/capture.hpp"
#include "datamill/node/layers.hpp"
#include "datamill/node/obstacles.hpp"
#include "datamill/node/supervisor.hpp"
#include "datamill/node/sweep.hpp"
#include "datamill/node/words.hpp"
#include "datamill/proc/make_runner.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/file_source.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <ctime>
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
constexpr std::chrono::seconds kLongestHandover = 10s;

std::string sockets_file(const node::Spec& spec) {
  return spec.folder + "/sockets";
}

/// containerd forgets its shims' sockets with the containers: noted for a sweep, also by another process.
void note_sockets(const node::Spec& spec) {
  const auto sockets = node::shim_sockets(spec);
  if (!sockets.empty()) std::ofstream(sockets_file(spec), std::ios::app) << support::join(sockets, "\n") << '\n';
}

void remove_sockets(const node::Spec& spec) {
  std::error_code error;
  const auto noted = support::DiskFileSource().read(sockets_file(spec), 1U << 20U).text.value_or("");
  for (const auto& socket : support::split_lines(noted))
    std::filesystem::remove(socket, error);
  std::filesystem::remove(sockets_file(spec), error);
}

/// Since the machine was started, and by a supervisor that did not stop it.
bool was_noted(const node::Spec& spec, std::string_view name) {
  const auto noted = node::last_process(spec.folder, name);
  return noted && noted->boot == proc::identify(getpid()).value_or(proc::ProcessIdentity{}).boot;
}

node::SupervisorHooks make_hooks(const node::Spec& spec, const NodeLog& log) {
  return {.say = [&log](const std::string& text) { log.write(std::string(node::kSupervisor), text); },
          .log_file = [&log](const node::Part& part) { return log.path(part.name); },
          .find = [&spec](const node::Part& part) { return node::process_of(spec.folder, part); },
          .words_of = [](const proc::ProcessIdentity& process) { return proc::command_line(process.pid); },
          .was_noted = [&spec](const node::Part& part) { return was_noted(spec, part.name); },
          .note =
              [&spec](const node::Part& part, const std::optional<proc::ProcessIdentity>& process) {
                if (process) {
                  node::note_process(spec.folder, part.name, *process);
                } else {
                  node::forget_process(spec.folder, part.name);
                }
              },
          .remember = [&spec](const node::NodeRecord& record) { node::write_record(spec.folder, record); },
          .clock = [] { return std::int64_t{std::time(nullptr)}; },
          .end_containers =
              [&spec, &log] {
                note_sockets(spec);
                node::end_processes(spec.cgroup, kContainerGrace);
                log.write(std::string(node::kSupervisor), "containers ended");
              },
          .tidy = [&log] { log.trim(); }};
}

/// What an earlier supervisor remembered, and that it died if it did; nothing of before a reboot.
node::NodeRecord inherited_record(const node::Spec& spec) {
  auto record = node::read_record(spec.folder);
  if (node::last_process(spec.folder, node::kSupervisor)) {
    if (!was_noted(spec, node::kSupervisor)) record = {};
    auto& own = record.part(node::kSupervisor);
    if (was_noted(spec, node::kSupervisor)) {
      ++own.restarts;
      own.last_end = "ended without stopping its parts";
      own.last_end_at = std::time(nullptr);
    }
  }
  (void)record.part(node::kSupervisor);
  record.digest = node::digest_of(spec);
  return record;
}

/// Asks the present supervisor to leave the parts to us. Killed, it leaves them too.
void take_over(const node::Spec& spec, const proc::ProcessIdentity& present) {
  (void)kill(present.pid, SIGHUP);
  const auto deadline = std::chrono::steady_clock::now() + kLongestHandover;
  while (proc::lives(present)) {
    if (std::chrono::steady_clock::now() > deadline) (void)kill(present.pid, SIGKILL);
    std::this_thread::sleep_for(20ms);
  }
  node::forget_process(spec.folder, node::kSupervisor);
}

void end_retired_parts(const node::Spec& spec) {
  for (const auto& name : node::retired_parts(spec)) {
    if (const auto process = node::noted_process(spec.folder, name)) node::end_process(*process, kContainerGrace);
    node::forget_process(spec.folder, name);
  }
}

/// What of the machine is this node's alone. Two nodes of one name have one control group, one bridge and the chains of
/// Kubernetes in common; they cannot run at the same time, but one can be destroyed while the other runs.
struct Ownership {
  bool began = false;    ///< it ran at some time
  bool ran = false;      ///< a part of it ran until now
  bool another = false;  ///< another kubelet runs
  [[nodiscard]] bool of_names() const { return began && (ran || !another); }
  [[nodiscard]] bool of_kubernetes() const { return began && !another; }
};

Ownership look_at(const node::Spec& spec) {
  const bool runs = !node::processes_of(spec).empty();
  return {.began = runs || std::filesystem::exists(spec.folder + "/log"),
          .ran = runs,
          .another = node::other_kubelet(spec) != 0};
}

/// What is left when no part that we know of runs any more: shims, parts of others, mounts, leases of addresses.
void sweep(const node::Spec& spec, const Ownership& own) {
  std::error_code error;
  note_sockets(spec);
  node::end_remaining(spec, kContainerGrace);
  if (own.of_names()) node::end_processes(spec.cgroup, 0);
  remove_sockets(spec);
  std::this_thread::sleep_for(200ms);
  const auto left = node::unmount_below(spec.folder);
  if (own.of_names()) node::remove_control_groups(spec.cgroup);
  std::filesystem::remove_all(spec.folder + "/run", error);
  std::filesystem::remove(spec.folder + "/state.json", error);
  std::filesystem::remove_all(spec.folder + "/pids", error);
  if (!left.empty())
    throw Failure(ExitCode::step_failed, "DM613", fmt::format("still mounted: {}", support::join(left, ", ")),
                  "find out with `fuser -vm PATH` who uses it, end that, then run this again");
}

void stop_supervisor(const node::Spec& spec) {
  const auto present = node::noted_process(spec.folder, node::kSupervisor);
  if (!present) return;
  (void)kill(present->pid, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + kLongestStop;
  while (proc::lives(*present)) {
    if (std::chrono::steady_clock::now() > deadline)
      throw Failure(ExitCode::timed_out, "DM614",
                    fmt::format("process {} did not end in {}", present->pid, support::format_duration(kLongestStop)),
                    fmt::format("see {}/log/supervisor.log", spec.folder));
    std::this_thread::sleep_for(50ms);
  }
}

void stop(const node::Spec& spec, const Ownership& own) {
  if (!own.began) return;
  stop_supervisor(spec);
  // Also after a supervisor: it may have been killed while it stopped them.
  const NodeLog log(spec.folder + "/log");
  end_retired_parts(spec);
  auto hooks = make_hooks(spec, log);
  if (!own.of_names()) hooks.end_containers = [] {};
  const auto keeper = proc::make_keeper();
  node::stop_parts(spec, node::read_record(spec.folder), *keeper, hooks);
  sweep(spec, own);
}

std::string output_of(proc::Runner& runner, const std::vector<std::string>& words) {
  return exec::capture_all(runner, {{.command = node::resolve_words(words)}}).front().out;
}

void remove_rules(const node::Spec& spec, const Ownership& own, proc::Runner& runner) {
  for (const std::string program : {"/usr/sbin/iptables", "/usr/sbin/ip6tables"}) {
    for (const std::string table : {"nat", "filter", "mangle"}) {
      const auto listing = output_of(runner, {program, "-w", "-t", table, "-S"});
      for (const auto& removal : node::removals(listing, spec.cgroup, own.of_kubernetes())) {
        std::vector<std::string> words{program, "-w", "-t", table};
        words.insert(words.end(), removal.begin(), removal.end());
        (void)output_of(runner, words);
      }
    }
  }
}

}  // namespace

bool is_supervised(const std::string& folder) {
  return node::noted_process(folder, node::kSupervisor).has_value();
}

ExitCode run_node(const node::Spec& spec) {
  NodeLock lock(spec.folder);
  const NodeLog log(spec.folder + "/log");
  const auto present = node::noted_process(spec.folder, node::kSupervisor);
  if (present && node::read_record(spec.folder).digest == node::digest_of(spec)) return ExitCode::ok;
  if (present) take_over(spec, *present);
  if (const auto problem = node::make_control_groups(spec.cgroup); !problem.empty()) {
    throw Failure(ExitCode::step_failed, "DM611", problem, "is this root, and are control groups mounted?");
  }
  node::write_resolvers(spec.folder + "/resolv.conf");
  if (const auto layers = node::settle_layers(spec.folder); !layers.reason.empty())
    log.write(std::string(node::kSupervisor), "layers of images are copied, for overlayfs fails: " + layers.reason);
  const auto record = inherited_record(spec);
  if (const auto self = proc::identify(getpid())) node::note_process(spec.folder, node::kSupervisor, *self);
  log.take_standard_streams();
  const auto keeper = proc::make_keeper();
  end_retired_parts(spec);
  if (const auto problem = node::prepare(spec, *proc::make_runner()); !problem.empty()) {
    node::forget_process(spec.folder, node::kSupervisor);
    throw Failure(ExitCode::step_failed, "DM617", fmt::format("the machine cannot be prepared: {}", problem),
                  "is this root, and may it change the network?");
  }
  lock.free();  // from here on a signal ends it
  node::supervise(spec, record, *keeper, make_hooks(spec, log));
  node::forget_process(spec.folder, node::kSupervisor);
  return ExitCode::ok;
}

void stop_node(const node::Spec& spec) {
  const NodeLock lock(spec.folder);
  stop(spec, look_at(spec));
}

void clean_node(const node::Spec& spec) {
  const NodeLock lock(spec.folder);
  const auto own = look_at(spec);
  stop(spec, own);
  if (!own.of_names()) return;
  const auto runner = proc::make_runner();
  remove_rules(spec, own, *runner);
  (void)output_of(*runner, {"/usr/sbin/ip", "link", "delete", spec.bridge});
  (void)output_of(*runner, {"/usr/sbin/conntrack", "-D", "-r", spec.network});
  if (own.of_kubernetes()) node::remove_traces(spec);
}

}  // namespace datamill::cli
