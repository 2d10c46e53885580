#pragma once

#include <cstdint>

namespace datamill::support {

/// The process' exit codes; part of the command line's contract.
enum class ExitCode : std::uint8_t {
  ok = 0,             ///< done, or nothing to do
  step_failed = 1,    ///< a step failed
  usage = 2,          ///< usage or configuration error: nothing was changed
  tool = 3,           ///< a tool is missing or too old
  unreachable = 4,    ///< the cluster does not answer
  timed_out = 5,      ///< the time limit of the run or of a step was reached
  locked = 6,         ///< another run holds the lock
  preflight = 7,      ///< refused before anything was changed: capacity, quota, conflict
  interrupted = 130,  ///< SIGINT
  terminated = 143,   ///< SIGTERM
};

}  // namespace datamill::support
