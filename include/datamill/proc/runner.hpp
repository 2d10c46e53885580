#pragma once

#include "datamill/command/command.hpp"
#include "datamill/proc/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace datamill::proc {

using ChildId = std::uint64_t;  ///< chosen by the caller, unique while the child runs
using Clock = std::chrono::steady_clock;

enum class Stream : std::uint8_t { out, err };

/// One complete line (without its newline) that a child wrote; a last line without newline comes at its end. Lines
/// longer than 1 MiB are cut into pieces. NUL bytes and invalid UTF-8 pass unchanged: views clean them.
struct OutputLine {
  ChildId child = 0;
  Stream stream = Stream::out;
  std::string text{};
};
/// The last event of a child; all its output came before. Only Exited, Signalled and NotStarted occur here.
struct ChildEnded {
  ChildId child = 0;
  Outcome outcome{};
};
/// Longer lines come in pieces of this size.
inline constexpr std::size_t kLongestLine = std::size_t{1} << 20U;
/// The line with its newline, or a piece of a longer line as it is.
[[nodiscard]] inline std::string_view line_end(const OutputLine& line) {
  return line.text.size() == kLongestLine ? std::string_view{} : std::string_view{"\n"};
}
struct DeadlineReached {};
/// SIGINT, SIGTERM or SIGHUP arrived for us.
struct Interrupted {
  int signal = 0;
};

/// We were stopped (Ctrl-Z) with all our children, and go on again.
struct Resumed {
  std::chrono::milliseconds paused{};
};
/// The descriptor of watch_descriptor() is readable; told again at every wait() while it is.
struct Readable {};

using RunnerEvent = std::variant<OutputLine, ChildEnded, DeadlineReached, Interrupted, Resumed, Readable>;

/// Port: the only way to start a process. One thread: start() and wait() are called from the main thread.
class Runner {
public:
  virtual ~Runner() = default;
  /// Starts a child; a failure to start comes as ChildEnded{NotStarted}. Its input is the command's text, or /dev/null;
  /// an interactive one has our process group, input and outputs, and gives no OutputLine.
  virtual void start(ChildId id, const command::ResolvedCommand& command) = 0;
  /// The next event, or DeadlineReached at `deadline` (nullopt: waits as long as it takes; with no child and no
  /// deadline it still returns for a signal). A deadline that has passed is told before output that is waiting, but
  /// never twice in a row while events wait.
  [[nodiscard]] virtual RunnerEvent wait(std::optional<Clock::time_point> deadline) = 0;
  /// Sends `signal` to the child's process group (or only to the child); a child that already ended is ignored. What
  /// is left of a group that was signalled is killed when its first process ended. Of an interactive child the group
  /// is ours, so the signal goes only to the child.
  virtual void signal(ChildId id, int signal, bool whole_group) = 0;
  /// wait() also returns when `descriptor` can be read (an eventfd); -1: no longer. It stays the caller's.
  virtual void watch_descriptor(int descriptor) = 0;
  [[nodiscard]] virtual Clock::time_point now() const = 0;
};

}  // namespace datamill::proc
