#pragma once

#include "datamill/exec/run_record.hpp"
#include "datamill/ui/ui.hpp"

#include <string>
#include <vector>

namespace datamill::ui {

/// One line a run, in the given order: when (local time), which command, flavour and cluster, how it ended, what
/// failed.
[[nodiscard]] std::string history_table(const std::vector<exec::RunRecord>& runs, int width);

/// A run for people: how it ended, times of components and steps, the steps that decided how long it took, failures
/// with their findings, where the logs are; from Verbosity::commands on also the steps' commands. Ends with a newline.
[[nodiscard]] std::string run_report_text(const exec::RunRecord& run, const Terminal& terminal, Verbosity verbosity);

/// The same as one HTML page that needs nothing else: no script, no file, no network. It is well-formed XML too. All
/// that comes from the run is escaped.
[[nodiscard]] std::string run_report_html(const exec::RunRecord& run);

}  // namespace datamill::ui
