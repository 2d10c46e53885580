#pragma once

#include "datamill/proc/keeper.hpp"
#include "support/fake_runner.hpp"

#include <map>
#include <set>

namespace datamill::test {

/// Keeper with pretended processes on the clock and with the scripts of a FakeRunner.
class FakeKeeper final : public proc::Keeper {
public:
  void start(proc::ChildId id, const command::ResolvedCommand& command, const std::string& log) override {
    logs.push_back(log);
    adopted_.erase(id);
    runner.start(id, command);
    identities_[id] = {.pid = next_pid_++, .start = "1", .boot = "b", .executable = command.executable()};
  }
  /// Runs on as long as the script of its executable says.
  [[nodiscard]] bool adopt(proc::ChildId id, const proc::ProcessIdentity& identity) override {
    if (gone.contains(identity.pid)) return false;
    const command::Command command{.program = identity.executable};
    runner.start(id, command::CommandResolver::resolve(command, identity.executable, NoSymbols{}));
    runner.started.pop_back();
    adopted_.insert(id);
    identities_[id] = identity;
    return true;
  }
  [[nodiscard]] std::optional<proc::ProcessIdentity> identity(proc::ChildId id) const override {
    const auto found = identities_.find(id);
    return found == identities_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] proc::KeeperEvent wait(std::optional<proc::Clock::time_point> deadline) override {
    for (;;) {
      const auto event = runner.wait(deadline);
      if (const auto* ended = std::get_if<proc::ChildEnded>(&event)) {
        identities_.erase(ended->child);
        if (adopted_.contains(ended->child)) return proc::KeptEnded{.id = ended->child};
        return proc::KeptEnded{.id = ended->child, .outcome = ended->outcome};
      }
      if (const auto* interrupted = std::get_if<proc::Interrupted>(&event)) return *interrupted;
      if (std::holds_alternative<proc::DeadlineReached>(event)) return proc::DeadlineReached{};
    }
  }
  void signal(proc::ChildId id, int signal) override { runner.signal(id, signal, false); }
  [[nodiscard]] proc::Clock::time_point now() const override { return runner.now(); }

  FakeRunner runner{};
  std::vector<std::string> logs{};
  std::set<pid_t> gone{};

private:
  struct NoSymbols final : command::SymbolLookup {
    [[nodiscard]] command::Secret secret(const command::SecretRef&) const override { return {}; }
    [[nodiscard]] std::string output(const command::OutputRef&) const override { return {}; }
  };
  std::map<proc::ChildId, proc::ProcessIdentity> identities_{};
  std::set<proc::ChildId> adopted_{};
  pid_t next_pid_ = 100;
};

}  // namespace datamill::test
