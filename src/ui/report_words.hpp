#pragma once

#include "datamill/exec/run_record.hpp"
#include "datamill/exec/run_summary.hpp"
#include "ui/style.hpp"

#include <string>
#include <string_view>

namespace datamill::ui {

// Words that the report of a run has as text and as a page.

/// "2026-11-21 08:33:55", "" for no time; with `zone` " +0100" after it. In this machine's time zone.
enum class Zone : unsigned char { shown, hidden };
[[nodiscard]] std::string local_time(const std::optional<exec::WallTime>& time, Zone zone);

/// "failed after 1m 05s", "running for 3.0s", "was cut off after 12.0s": a run's first line.
[[nodiscard]] std::string verdict_of(const exec::RunRecord& run);
[[nodiscard]] Paint paint_of(exec::RunOutcome outcome);
[[nodiscard]] Paint paint_of(exec::StepState state);

/// "+12.3s" after the run's start; "" for a step that never started.
[[nodiscard]] std::string offset_of(const std::optional<exec::WallTime>& time, const exec::RunRecord& run);
/// How long it took; "" where it never started.
[[nodiscard]] std::string took_of(const exec::StepRecord& step);

/// "skipped, because of lake" and the like, "failed", "done".
[[nodiscard]] std::string state_words(const exec::ComponentRecord& component);
[[nodiscard]] std::string state_words(const exec::StepRecord& step, const exec::RunRecord& run);
/// A component's name, "(cluster)" for the cluster's own steps.
[[nodiscard]] std::string shown_name(const std::string& component);

/// "Deployment data-mill/lake > Pod data-mill/lake-0, container server"
[[nodiscard]] std::string place_of(const domain::Finding& finding);
/// "attempt 1 failed (connection refused), again after 2.0s"
[[nodiscard]] std::string retry_words(const exec::RetryRecord& retry);

}  // namespace datamill::ui
