#include "datamill/proc/keeper.hpp"

#include "proc/launch.hpp"
#include "proc/signal_guard.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <deque>
#include <map>
#include <vector>

namespace datamill::proc {
namespace {

struct Kept {
  Fd pidfd{};
  ProcessIdentity identity{};
  bool is_child = false;
};

/// How a child ended; nullopt where it is somebody else's.
std::optional<Outcome> end_of(const Kept& kept) {
  int status = 0;
  if (!kept.is_child || waitpid(kept.identity.pid, &status, WNOHANG) != kept.identity.pid) return std::nullopt;
  if (WIFSIGNALED(status)) return Signalled{.signal = WTERMSIG(status), .core = WCOREDUMP(status) != 0};
  return Exited{.code = WEXITSTATUS(status)};
}

/// Pipes whose ends are a file: the process writes there whether we live or not.
ChildPipes pipes_into(const std::string& log) {
  ChildPipes pipes;
  pipes.null = open_null();
  pipes.out.write_end = Fd{open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
  pipes.err.write_end = Fd{fcntl(pipes.out.write_end.get(), F_DUPFD_CLOEXEC, 3)};
  if (!pipes.null.is_open() || !pipes.err.write_end.is_open()) pipes.error = errno;
  return pipes;
}

class PollKeeper final : public Keeper {
public:
  void start(ChildId id, const command::ResolvedCommand& command, const std::string& log) override {
    const ChildPipes pipes = pipes_into(log);
    Launched launched;
    launched.error = pipes.error;
    if (pipes.error == 0) launched = launch(command, pipes, Bond::none);
    if (launched.error != 0) {
      ended_.push_back({.id = id, .outcome = NotStarted{.error = launched.error}});
      return;
    }
    // One that ended at once has a number but no file in /proc/PID/exe; its end comes as an event.
    kept_[id] = {.pidfd = std::move(launched.pidfd),
                 .identity = identify(launched.pid).value_or(ProcessIdentity{.pid = launched.pid}),
                 .is_child = true};
  }

  [[nodiscard]] bool adopt(ChildId id, const ProcessIdentity& identity) override {
    Fd pidfd{static_cast<int>(syscall(SYS_pidfd_open, identity.pid, 0))};
    // Asked after the descriptor is there: from now on the number cannot become another process.
    if (!pidfd.is_open() || !lives(identity)) return false;
    kept_[id] = {.pidfd = std::move(pidfd), .identity = identity};
    return true;
  }

  [[nodiscard]] std::optional<ProcessIdentity> identity(ChildId id) const override {
    const auto found = kept_.find(id);
    return found == kept_.end() ? std::nullopt : std::optional(found->second.identity);
  }

  [[nodiscard]] KeeperEvent wait(std::optional<Clock::time_point> deadline) override;

  void signal(ChildId id, int signal) override {
    const auto found = kept_.find(id);
    if (found != kept_.end()) (void)syscall(SYS_pidfd_send_signal, found->second.pidfd.get(), signal, nullptr, 0);
  }

  [[nodiscard]] Clock::time_point now() const override { return Clock::now(); }

private:
  [[nodiscard]] std::optional<KeeperEvent> look(const std::vector<pollfd>& polled);

  SignalGuard guard_{};
  Fd signals_ = guard_.open_descriptor();
  std::map<ChildId, Kept> kept_{};
  std::deque<KeptEnded> ended_{};
};

/// `polled`: the signals' descriptor, then one for each of kept_ in its order.
std::optional<KeeperEvent> PollKeeper::look(const std::vector<pollfd>& polled) {
  signalfd_siginfo info{};
  // Nobody types Ctrl-Z to a supervisor.
  if (polled.front().revents != 0 && read(signals_.get(), &info, sizeof info) == sizeof info &&
      info.ssi_signo != SIGTSTP)
    return Interrupted{.signal = static_cast<int>(info.ssi_signo)};
  auto kept = kept_.begin();
  for (std::size_t i = 1; i < polled.size(); ++i, ++kept) {
    if (polled[i].revents == 0) continue;
    KeptEnded ended{.id = kept->first, .outcome = end_of(kept->second)};
    kept_.erase(kept);
    return ended;
  }
  return std::nullopt;
}

KeeperEvent PollKeeper::wait(std::optional<Clock::time_point> deadline) {
  while (ended_.empty()) {
    std::vector<pollfd> polled{{.fd = signals_.get(), .events = POLLIN, .revents = 0}};
    for (const auto& [id, kept] : kept_)
      polled.push_back({.fd = kept.pidfd.get(), .events = POLLIN, .revents = 0});
    int patience = -1;
    if (deadline) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now());
      patience = static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 3'600'000));
    }
    const int count = poll(polled.data(), polled.size(), patience);
    if (count > 0) {
      if (auto event = look(polled)) return *event;
    }
    if (count <= 0 && deadline && now() >= *deadline) return DeadlineReached{};
  }
  const KeptEnded ended = ended_.front();
  ended_.pop_front();
  return ended;
}

}  // namespace

std::unique_ptr<Keeper> make_keeper() {
  return std::make_unique<PollKeeper>();
}

}  // namespace datamill::proc
