#pragma once

#include "datamill/command/command.hpp"
#include "datamill/proc/runner.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace datamill::exec {

struct CaptureResult {
  proc::Outcome outcome{};
  std::string out{};
  std::string err{};
  [[nodiscard]] bool ok() const { return proc::succeeded(outcome); }
  /// The one line of its errors that says most: the last one, but the first one of a dump of Go's stacks. How it ended
  /// where it printed none.
  [[nodiscard]] std::string reason() const;
  /// Whether the same command may well work in a moment: throttled, an error of the server, a connection that broke
  /// off. Not where nothing answers at all.
  [[nodiscard]] bool may_pass() const;
};

struct CaptureRequest {
  command::ResolvedCommand command{};
  std::chrono::milliseconds timeout{30000};
};

/// Runs commands side by side and collects what they print: version probes, the reads of a cluster snapshot. Results
/// come in the order of the requests. An interrupt cancels all and is thrown on.
/// @throws Failure DM601 with exit code 130 or 143 when interrupted.
[[nodiscard]] std::vector<CaptureResult> capture_all(proc::Runner& runner, const std::vector<CaptureRequest>& requests);

}  // namespace datamill::exec
