#pragma once

#include <chrono>
#include <string>
#include <variant>

namespace datamill::proc {

struct Exited {
  int code = 0;
};
struct Signalled {
  int signal = 0;
  bool core = false;
};
struct TimedOut {
  std::chrono::seconds after{};
  bool killed = false;  ///< it ignored the first signal
};
struct Cancelled {
  bool killed = false;
};
/// The process never ran: ENOENT, EACCES, no memory. Kept apart from exit code 127.
struct NotStarted {
  int error = 0;  ///< errno
};

/// How a child ended.
using Outcome = std::variant<Exited, Signalled, TimedOut, Cancelled, NotStarted>;

/// "SIGINT", "SIGTERM"; "signal 40" where it has no name.
[[nodiscard]] std::string signal_name(int signal);

[[nodiscard]] bool succeeded(const Outcome& outcome);
/// "exit code 1", "killed by SIGSEGV", "timed out after 10m, killed because it went on", "could not start: No such file
/// or directory"
[[nodiscard]] std::string to_text(const Outcome& outcome);

}  // namespace datamill::proc
