#include "datamill/proc/outcome.hpp"

#include "datamill/support/overloaded.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <cstring>
#include <system_error>

namespace datamill::proc {

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name);
}

bool succeeded(const Outcome& outcome) {
  const auto* exited = std::get_if<Exited>(&outcome);
  return exited != nullptr && exited->code == 0;
}

std::string to_text(const Outcome& outcome) {
  constexpr std::string_view kKilled = ", killed because it went on";
  return std::visit(
      support::Overloaded{
          [](const Exited& exited) { return fmt::format("exit code {}", exited.code); },
          [](const Signalled& signalled) {
            return fmt::format("killed by {}{}", signal_name(signalled.signal), signalled.core ? ", core dumped" : "");
          },
          [&](const TimedOut& timed_out) {
            return fmt::format("timed out after {}{}", support::format_duration(timed_out.after),
                               timed_out.killed ? kKilled : "");
          },
          [&](const Cancelled& cancelled) { return fmt::format("cancelled{}", cancelled.killed ? kKilled : ""); },
          [](const NotStarted& not_started) {
            return fmt::format("could not start: {}", std::generic_category().message(not_started.error));
          },
      },
      outcome);
}

}  // namespace datamill::proc
