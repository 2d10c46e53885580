#pragma once

#include "datamill/command/command.hpp"
#include "datamill/proc/outcome.hpp"
#include "datamill/proc/process.hpp"
#include "datamill/proc/runner.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace datamill::proc {

/// A kept process ended.
struct KeptEnded {
  ChildId id = 0;
  std::optional<Outcome> outcome{};  ///< nullopt: it was adopted, and only its parent learns how it ended
};
using KeeperEvent = std::variant<KeptEnded, DeadlineReached, Interrupted>;

/// Port: starts and watches processes that outlive this one, and adopts those that an earlier one started. One thread.
class Keeper {
public:
  virtual ~Keeper() = default;
  /// Starts a process in a session of its own, without input; both outputs are appended to the file `log`. A failure to
  /// start comes as KeptEnded{NotStarted}.
  virtual void start(ChildId id, const command::ResolvedCommand& command, const std::string& log) = 0;
  /// Watches a process that runs already. @returns false where it does not live any more
  [[nodiscard]] virtual bool adopt(ChildId id, const ProcessIdentity& identity) = 0;
  /// Which process it is; nullopt when it ended.
  [[nodiscard]] virtual std::optional<ProcessIdentity> identity(ChildId id) const = 0;
  /// The next event, or DeadlineReached; nullopt waits as long as it takes. SIGINT, SIGTERM and SIGHUP come as events.
  [[nodiscard]] virtual KeeperEvent wait(std::optional<Clock::time_point> deadline) = 0;
  /// One that already ended is ignored.
  virtual void signal(ChildId id, int signal) = 0;
  [[nodiscard]] virtual Clock::time_point now() const = 0;
};

/// The real one. What it keeps goes on when it is destroyed. Signals are handled as make_runner() does it.
/// @throws std::system_error where the kernel gives no descriptors.
[[nodiscard]] std::unique_ptr<Keeper> make_keeper();

}  // namespace datamill::proc
