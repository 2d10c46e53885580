#pragma once

#include "datamill/command/command.hpp"
#include "datamill/exec/capture.hpp"
#include "datamill/proc/runner.hpp"
#include "datamill/support/exit_code.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace datamill::cli {

struct ForegroundResult {
  std::string program{};
  proc::Outcome outcome{};
  int signal = 0;  ///< SIGINT, SIGTERM or SIGHUP that came for us meanwhile; 0 = none
};

/// Runs an interactive command, which has our terminal and streams. A signal for us is passed on; a child that does not
/// end within three seconds of it, or of the second one, is killed. The terminal's modes are as before afterwards.
[[nodiscard]] ForegroundResult run_foreground(proc::Runner& runner, const command::ResolvedCommand& command);

/// The child's own exit status; 128 + N where signal N ended it; 130 or 143 where a signal for us ended both.
/// @throws Failure exit 3, DM031, where it could not be started
[[nodiscard]] support::ExitCode exit_code_of(const ForegroundResult& result);

/// 130 for SIGINT, 143 for the others that end us.
[[nodiscard]] support::ExitCode exit_code_of_signal(int signal);

/// Asks children to end, kills them two seconds later, and returns when all are gone. Their last output is dropped.
void end_children(proc::Runner& runner, const std::vector<proc::ChildId>& children);

/// Runs a command that must not be interrupted, such as the removal of something we made: signals for us wait until it
/// ends or `limit` is over. `signal` gets the last one.
[[nodiscard]] exec::CaptureResult run_uninterrupted(proc::Runner& runner, const command::ResolvedCommand& command,
                                                    std::chrono::seconds limit, int& signal);

}  // namespace datamill::cli
