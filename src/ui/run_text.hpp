#pragma once

#include "ui/run_state.hpp"
#include "ui/style.hpp"

#include <string>
#include <string_view>

namespace datamill::ui {

/// "done", "unchanged", "failed", "skipped", "cancelled".
[[nodiscard]] std::string_view status_word(exec::StepStatus status);
[[nodiscard]] Paint status_paint(exec::StepStatus status);

/// A failed step for people, what matters most last: what was being done, the command (uncut, to be copied), the last
/// lines, what was skipped, how it ended, the likely cause, the log, what to type next. Ends with a newline.
[[nodiscard]] std::string failure_text(const exec::FailureReport& report, const Painter& paint);

/// "DM809 ApiThrottled: the API server is asked too often"; "" where nothing is known.
[[nodiscard]] std::string cause_text(const exec::FailureReport& report);

/// "attempt 1 failed (connection refused), again in 2.0s"
[[nodiscard]] std::string retry_text(const exec::StepRetried& event);
[[nodiscard]] std::string interrupt_text(const exec::Interrupting& event);

/// How the run ended: time per component, counts, and for each failed step how it ended, its log, what to type next.
[[nodiscard]] std::string summary_text(const exec::RunFinished& finished, const RunState& state, const Painter& paint);

}  // namespace datamill::ui
