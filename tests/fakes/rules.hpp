#pragma once

#include "call.hpp"

#include <optional>
#include <string>
#include <vector>

namespace datamill::fake {

/// One line of $FAKE_RULES: what a call that has all of `has` in its line does instead of, or before, its work.
///   {"has":["helm upgrade","notebook"],"exit":1,"stderr":"no","sleep_ms":5000,"times":1}
struct Rule {
  std::vector<std::string> has{};
  std::optional<int> exit{};         ///< ends so, having done nothing
  std::optional<std::string> out{};  ///< "stdout": printed in place of the work
  std::string err{};                 ///< "stderr"
  int sleep_ms = 0;                  ///< before the work
  int linger_ms = 0;                 ///< from a signal to the end
  bool ignore_term = false;          ///< SIGTERM and SIGINT are noted and ignored
  bool garbage = false;              ///< NUL, bad UTF-8 and long lines in place of the work
  bool echo_input = false;           ///< prints its standard input on both outputs
  std::optional<int> times{};        ///< only for so many calls

  [[nodiscard]] bool replaces_work() const { return exit || out || garbage; }
};

[[nodiscard]] std::optional<Rule> find_rule(const Call& call);

/// Sleeps as the rule says; signals are logged as they come. Returns the exit code to end with where the rule or a
/// signal ends the call, nothing where its work is to be done.
[[nodiscard]] std::optional<int> play(const std::optional<Rule>& rule, const Call& call, const CallLog& log);

/// What works until it is stopped: waits for a signal, notes it, and returns 128 and its number.
[[nodiscard]] int hold(const CallLog& log);

/// Blocks the signals that play() waits for; from the first moment on, so that none gets lost.
void hold_signals();
/// Dies of the signal.
void unblock_and_raise(int signal);

}  // namespace datamill::fake
