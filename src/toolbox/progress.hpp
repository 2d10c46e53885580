#pragma once

#include "datamill/exec/event.hpp"
#include "datamill/proc/runner.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace datamill::toolbox {

/// Waits, at most `limit`, for nothing but a signal. @throws Failure DM601 (exit 130 or 143) when one arrives
void pause(proc::Runner& runner, std::chrono::milliseconds limit);

/// The failure that an interrupted fetch ends with.
[[noreturn]] void throw_interrupted(int signal);

/// Shows work that no executor runs (downloads, waiting for a lock) as a run of its own. Says nothing at all until the
/// first step starts.
class StepReporter {
public:
  StepReporter(exec::EventSink& sink, std::string title) : sink_(sink) { plan_.title = std::move(title); }
  ~StepReporter();
  StepReporter(const StepReporter&) = delete;
  StepReporter& operator=(const StepReporter&) = delete;

  /// All steps must be added before the first one starts.
  [[nodiscard]] plan::StepId add(std::string title);
  void start(plan::StepId step);
  void output(plan::StepId step, std::string text);
  /// A step that never started is not shown.
  void finish(plan::StepId step, exec::StepStatus status);

private:
  struct Progress {
    bool started = false;
    proc::Clock::time_point since{};
    exec::Elapsed elapsed{};
    exec::StepStatus status = exec::StepStatus::skipped;
  };
  exec::EventSink& sink_;
  plan::Plan plan_{};
  std::vector<Progress> progress_{};
  bool open_ = false;
  proc::Clock::time_point since_{};
};

}  // namespace datamill::toolbox
