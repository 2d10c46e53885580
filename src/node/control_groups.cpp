#include "datamill/node/sweep.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "node/read_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <csignal>
#include <unistd.h>

namespace datamill::node {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

bool write(const fs::path& path, const std::string& text) {
  std::ofstream out(path);
  out << text << std::flush;
  return out.good();
}

/// The top of each hierarchy: of cgroup v2 the mount itself, of v1 a folder per controller.
std::vector<fs::path> hierarchies(const std::string& mounted) {
  std::error_code error;
  if (fs::exists(fs::path(mounted) / "cgroup.controllers", error)) return {mounted};
  std::vector<fs::path> tops;
  for (fs::directory_iterator entry(mounted, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (!entry->is_symlink() && fs::exists(entry->path() / "cgroup.procs", error)) tops.push_back(entry->path());
  }
  return tops;
}

/// Deepest first.
std::vector<fs::path> groups(const std::string& name) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& top : hierarchies(std::string(kControlGroups))) {
    if (!fs::is_directory(top / name, error)) continue;
    found.push_back(top / name);
    for (fs::recursive_directory_iterator entry(top / name, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      if (entry->is_directory(error)) found.push_back(entry->path());
    }
  }
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    return a.native().size() != b.native().size() ? a.native().size() > b.native().size() : a < b;
  });
  return found;
}

std::set<pid_t> processes(const std::string& name) {
  std::set<pid_t> pids;
  for (const auto& group : groups(name)) {
    for (const auto& line : support::split_lines(read_text(group / "cgroup.procs"))) {
      if (const auto pid = support::parse_integer(line); pid && *pid > 1) pids.insert(static_cast<pid_t>(*pid));
    }
  }
  pids.erase(getpid());
  return pids;
}

void signal_all(const std::set<pid_t>& pids, int signal) {
  for (const auto pid : pids)
    (void)kill(pid, signal);
}

/// A new group of cgroup v1's cpuset has no processors until it is told.
void fill_cpuset(const fs::path& top, const fs::path& group) {
  for (const auto* file : {"cpuset.cpus", "cpuset.mems"}) {
    if (!support::trim(read_text(top / file)).empty() && support::trim(read_text(group / file)).empty())
      (void)write(group / file, read_text(top / file));
  }
}

}  // namespace

std::string make_control_groups(const std::string& name, const std::string& mounted) {
  for (const auto& top : hierarchies(mounted)) {
    std::error_code error;
    for (const auto* controller : {"cpuset", "cpu", "io", "memory", "pids", "hugetlb"})
      (void)write(top / "cgroup.subtree_control", fmt::format("+{}", controller));
    fs::create_directory(top / name, error);
    if (error) return fmt::format("cannot make the control group {}/{}: {}", top.string(), name, error.message());
    fill_cpuset(top, top / name);
  }
  return {};
}

void end_processes(const std::string& name, int grace_seconds) {
  signal_all(processes(name), SIGTERM);
  for (int tenths = 0; tenths < grace_seconds * 10; ++tenths) {
    if (processes(name).empty()) return;
    std::this_thread::sleep_for(100ms);
  }
  signal_all(processes(name), SIGKILL);
}

void end_process(const proc::ProcessIdentity& process, int grace_seconds) {
  if (proc::lives(process)) (void)kill(process.pid, SIGTERM);
  for (int tenths = 0; tenths < grace_seconds * 10 && proc::lives(process); ++tenths)
    std::this_thread::sleep_for(100ms);
  if (proc::lives(process)) (void)kill(process.pid, SIGKILL);
}

void remove_control_groups(const std::string& name) {
  for (const auto& group : groups(name))
    (void)rmdir(group.c_str());
}

}  // namespace datamill::node
