#pragma once

#include "datamill/node/spec.hpp"
#include "datamill/proc/runner.hpp"
#include "datamill/support/diagnostic.hpp"

#include <functional>
#include <string>

namespace datamill::node {

/// What a supervisor does besides starting and stopping parts; replaced in tests.
struct SupervisorHooks {
  std::function<void(const std::string& part, std::string_view line)> log{};  ///< a line that a part wrote
  std::function<void(const std::string& text)> say{};                         ///< what happened, for the own log
  std::function<void()> end_containers{};
};

/// Runs the parts of a node until SIGTERM, SIGINT or SIGHUP arrives: a part that ends is started again, after half a
/// second at first, twice as long each time up to 30 s, and from half a second again once it ran for a minute. Then it
/// stops them in reverse, each with SIGTERM and after 20 s with SIGKILL.
/// @returns ok after a signal; step_failed where a preparation failed, and then no part was started.
[[nodiscard]] support::ExitCode supervise(const Spec& spec, proc::Runner& runner, const SupervisorHooks& hooks);

}  // namespace datamill::node
