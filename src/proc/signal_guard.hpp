#pragma once

#include "proc/fd.hpp"

#include <csignal>

namespace datamill::proc {

/// While it lives SIGINT, SIGTERM, SIGHUP and SIGTSTP are blocked in this thread (open_descriptor() tells of them),
/// SIGPIPE is ignored, and SIGCHLD has its default action (ignored, it would take our children's ends away). Puts all
/// back.
class SignalGuard {
public:
  SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;
  ~SignalGuard();
  /// A signalfd for the blocked signals, non-blocking and close-on-exec.
  /// @throws std::system_error
  [[nodiscard]] Fd open_descriptor() const;

  /// Stops this process as SIGTSTP does by default, and returns when it was continued; at once where the kernel does
  /// not stop it (no shell could continue it).
  void stop_here() const;

private:
  sigset_t set_{};
  sigset_t mask_before_{};
  struct sigaction pipe_before_{};
  struct sigaction child_before_{};
};

}  // namespace datamill::proc
