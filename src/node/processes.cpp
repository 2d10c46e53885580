#include "datamill/node/sweep.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <thread>

#include <csignal>
#include <unistd.h>

namespace datamill::node {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kShim = "containerd-shim-runc-v2";

/// What runs for a node besides the parts that its specification names today.
constexpr std::array<std::string_view, 15> kPrograms{"etcd",       "kube-apiserver", "kube-controller-manager",
                                                     "kubelet",    "kube-scheduler", kShim,
                                                     "kube-proxy", "containerd",     "runc",
                                                     "ctr",        "kubectl",        "kwok",
                                                     "coredns",    "setsid",         "local-path-provisioner"};

std::string name_of(std::string_view path) {
  return fs::path(path).filename().string();
}

/// `datamill node run FILE`, whatever the program is called; its other commands may name the folder for other reasons.
bool is_own_command(const std::vector<std::string>& words) {
  return words.size() > 2 && words[1] == "node";
}

/// One that waits for us to finish: what is younger than this process has not begun its work, and goes on after us.
bool waits_for_us(const proc::ProcessIdentity& process, const std::vector<std::string>& words) {
  constexpr std::array<std::string_view, 3> kWaiting{"run", "stop", "clean"};
  const auto age = [](const proc::ProcessIdentity& id) { return support::parse_integer(id.start).value_or(0); };
  if (!is_own_command(words) || std::find(kWaiting.begin(), kWaiting.end(), words[2]) == kWaiting.end()) return false;
  const auto self = proc::identify(getpid());
  return self && age(process) >= age(*self);
}

}  // namespace

bool belongs_to(const Spec& spec, std::string_view executable, const std::vector<std::string>& words) {
  const auto below = spec.folder + "/";
  if (executable.starts_with(below)) return true;
  const auto names_folder = [&](const std::string& word) {
    // "/n/x", "--config=/n/x" or "unix:///n/x", but not "/old/n/x".
    const auto at = word.find(below);
    return at != std::string::npos && (at == 0 || word[at - 1] == '=' || word[at - 1] == ':' || word[at - 1] == '/');
  };
  if (std::none_of(words.begin(), words.end(), names_folder)) return false;
  const auto program = name_of(executable);
  const bool own = is_own_command(words);
  if (program.starts_with("datamill")) return own;
  const auto is_part = [&](const Part& part) {
    return name_of(part.words.front()) == program && (own || !is_own_command(part.words));
  };
  return std::find(kPrograms.begin(), kPrograms.end(), program) != kPrograms.end() ||
         std::any_of(spec.parts.begin(), spec.parts.end(), is_part);
}

std::vector<proc::ProcessIdentity> processes_of(const Spec& spec) {
  std::vector<proc::ProcessIdentity> found;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto pid = static_cast<pid_t>(support::parse_integer(entry->path().filename().string()).value_or(0));
    if (pid <= 1 || pid == getpid()) continue;
    auto process = proc::identify(pid);
    if (!process) continue;
    const auto words = proc::command_line(pid);
    if (belongs_to(spec, process->executable, words) && !waits_for_us(*process, words))
      found.push_back(std::move(*process));
  }
  return found;
}

void end_remaining(const Spec& spec, int grace_seconds) {
  constexpr int kKillSeconds = 5;
  std::set<pid_t> asked;
  for (int tenths = 0; tenths < (grace_seconds + kKillSeconds) * 10; ++tenths) {
    const auto remaining = processes_of(spec);
    if (remaining.empty()) return;
    for (const auto& process : remaining) {
      const bool patient = tenths < grace_seconds * 10 && name_of(process.executable) != kShim;
      if (!patient || asked.insert(process.pid).second) (void)kill(process.pid, patient ? SIGTERM : SIGKILL);
    }
    std::this_thread::sleep_for(100ms);
  }
}

}  // namespace datamill::node
