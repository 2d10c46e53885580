#pragma once

#include "datamill/command/secret.hpp"
#include "datamill/exec/event.hpp"
#include "datamill/plan/step.hpp"
#include "datamill/proc/runner.hpp"
#include "exec/transient.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace datamill::exec {

/// What one attempt of a step printed, as far as anybody wants it: the last 40 lines (redacted), whether it said
/// something that its Retry asks for, and its whole standard output where that is a result. Wiped at its end.
class OutputKeeper {
public:
  explicit OutputKeeper(const plan::Step& step);
  OutputKeeper(const OutputKeeper&) = delete;
  OutputKeeper& operator=(const OutputKeeper&) = delete;
  ~OutputKeeper();

  /// Takes a line; returns it redacted, or nothing where it is for the step alone.
  [[nodiscard]] std::optional<std::string> take(const proc::OutputLine& line, const command::Redactor& redactor);

  [[nodiscard]] bool said_retry() const { return said_retry_; }
  /// Whether one of the last lines holds this.
  [[nodiscard]] bool said(std::string_view part) const;
  [[nodiscard]] bool said_ok() const { return said_ok_; }
  /// Of the last lines the one that says most: the last that speaks of passing trouble, else the last; "" for none.
  [[nodiscard]] std::string why() const;
  /// What the last lines of kubectl or helm say about the cluster; `no` for other programs.
  [[nodiscard]] Transient transient() const;
  /// Standard output, each line with its newline; empty unless the step's result is taken from it, and where it is
  /// longer than 8 MiB.
  [[nodiscard]] const std::string& result() const { return result_; }
  [[nodiscard]] std::vector<std::string> last_lines() const { return {last_lines_.begin(), last_lines_.end()}; }

private:
  void keep(const std::string& text);
  void keep_result(const proc::OutputLine& line);

  const plan::Step& step_;
  bool secret_output_ = false;
  bool wants_result_ = false;
  bool too_long_ = false;
  bool said_retry_ = false;
  bool said_ok_ = false;
  std::deque<std::string> last_lines_{};
  std::string result_{};
};

}  // namespace datamill::exec
