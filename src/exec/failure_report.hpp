#pragma once

#include "datamill/exec/event.hpp"
#include "datamill/exec/executor.hpp"
#include "datamill/support/diagnostic.hpp"

#include <string>
#include <vector>

namespace datamill::exec {

/// How a step failed, before it is put into words for people.
struct FailedStep {
  const plan::Step* step = nullptr;
  proc::Outcome outcome{};  ///< of its command
  std::string problem{};    ///< "" or what is wrong without an outcome: "cannot write ..."
  std::string problem_hint{};
  std::vector<std::string> last_lines{};
  std::vector<domain::Finding> findings{};  ///< what was seen in the cluster
  bool hopeless = false;                    ///< it was given up because of these
  int attempts = 1;
  std::vector<std::string> skipped{};
};

/// Puts together what one needs at 3 a.m.
[[nodiscard]] FailureReport make_report(const FailedStep& failed, const ExecutorOptions& options);

/// The command as views show it, or "" for a step without one.
[[nodiscard]] std::string shown_command(const plan::Step& step);

}  // namespace datamill::exec
