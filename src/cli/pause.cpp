#include "cli/pause.hpp"

#include "datamill/support/diagnostic.hpp"

#include <fmt/format.h>

#include <csignal>

namespace datamill::cli {

void pause(proc::Runner& runner, std::chrono::milliseconds time, std::string_view doing) {
  using support::ExitCode;
  const auto event = runner.wait(runner.now() + time);
  if (const auto* interrupted = std::get_if<proc::Interrupted>(&event)) {
    throw support::Failure(interrupted->signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated, "DM601",
                           fmt::format("interrupted while {}", doing));
  }
}

}  // namespace datamill::cli
