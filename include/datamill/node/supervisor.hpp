#pragma once

#include "datamill/node/spec.hpp"
#include "datamill/node/state.hpp"
#include "datamill/proc/keeper.hpp"
#include "datamill/support/diagnostic.hpp"

#include <functional>
#include <optional>
#include <string>

namespace datamill::node {

/// What a supervisor does besides starting and stopping parts; replaced in tests.
struct SupervisorHooks {
  std::function<void(const std::string& text)> say{};  ///< what happened, for the own log
  std::function<std::string(const Part&)> log_file{};  ///< where the part's output goes
  /// The part's process that an earlier supervisor started, and the words it was started with.
  std::function<std::optional<proc::ProcessIdentity>(const Part&)> find{};
  std::function<std::vector<std::string>(const proc::ProcessIdentity&)> words_of{};
  /// Whether there should be one: it was started and not stopped.
  std::function<bool(const Part&)> was_noted{};
  /// A part got a process, or (nullopt) has none any more.
  std::function<void(const Part&, const std::optional<proc::ProcessIdentity>&)> note{};
  std::function<void(const NodeRecord&)> remember{};
  std::function<std::int64_t()> clock{};  ///< seconds since 1970
  std::function<void()> end_containers{};
  std::function<void()> tidy{};  ///< once a minute: logs that have grown
};

/// Brings the machine into the state that the parts need. @returns "" or what went wrong
[[nodiscard]] std::string prepare(const Spec& spec, proc::Runner& runner);

/// Runs the parts of a node until a signal arrives. Those that run already, left by a supervisor that died, are taken
/// over as they are, unless they were started with other words. One that ends is started again, after half a second at
/// first, twice as long each time up to 30 s, and from half a second again once it ran for a minute. What is to start
/// after a command waits until that succeeds; it is tried five times a second. SIGTERM and SIGINT
/// stop all in reverse, each with SIGTERM and after 20 s with SIGKILL; SIGHUP leaves them running for a successor.
void supervise(const Spec& spec, NodeRecord record, proc::Keeper& keeper, const SupervisorHooks& hooks);

/// Stops the parts that a dead supervisor left, as a living one would.
void stop_parts(const Spec& spec, NodeRecord record, proc::Keeper& keeper, const SupervisorHooks& hooks);

}  // namespace datamill::node
