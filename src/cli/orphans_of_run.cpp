#include "cli/orphans_of_run.hpp"

#include "cli/pause.hpp"
#include "datamill/proc/process.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <unistd.h>

namespace datamill::cli {

namespace {

std::string read_proc(pid_t pid, const char* name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool has_mark(pid_t pid, const std::string& mark) {
  const auto variables = support::split(read_proc(pid, "environ"), '\0');
  return std::find(variables.begin(), variables.end(), mark) != variables.end();
}

/// Its parent is a run that lives: a process with the mark, or one of our program.
bool is_looked_after(pid_t pid, const std::string& mark) {
  const auto fields = proc::stat_fields(read_proc(pid, "stat"));
  const auto parent = fields.size() > 1 ? support::parse_integer(fields[1]) : std::nullopt;
  if (!parent || *parent <= 1) return false;
  const auto self = proc::identify(getpid());
  const auto other = proc::identify(static_cast<pid_t>(*parent));
  return has_mark(static_cast<pid_t>(*parent), mark) || (self && other && self->executable == other->executable);
}

}  // namespace

std::vector<Orphan> orphans_of(const std::string& cluster_folder) {
  const auto mark = std::string(kChildMark) + "=" + cluster_folder;
  std::vector<Orphan> orphans;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const auto number = support::parse_integer(entry->path().filename().string());
    if (!number) continue;
    const auto pid = static_cast<pid_t>(*number);
    if (pid == getpid() || !has_mark(pid, mark) || !proc::identify(pid) || is_looked_after(pid, mark)) continue;
    const auto words = proc::command_line(pid);
    const auto program = words.empty() ? "" : words.front().substr(words.front().rfind('/') + 1);
    if (program == "helm" || program == "kubectl") orphans.push_back({.pid = pid, .program = program});
  }
  return orphans;
}

void wait_for_orphans(const App& app, proc::Runner& runner, const std::string& cluster_folder) {
  constexpr auto kGrace = std::chrono::seconds(30);
  const auto deadline = runner.now() + kGrace;
  bool told = false;
  for (auto left = orphans_of(cluster_folder); !left.empty(); left = orphans_of(cluster_folder)) {
    const auto& first = left.front();
    if (!std::exchange(told, true))
      app.say(fmt::format("waiting for {} (process {}) of a run that was cut off", first.program, first.pid));
    for (const auto& orphan : left) {
      if (runner.now() >= deadline) (void)kill(orphan.pid, SIGKILL);
    }
    pause(runner, std::chrono::milliseconds(100), "waiting for what a run left that was cut off");
  }
}

}  // namespace datamill::cli
