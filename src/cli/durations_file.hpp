#pragma once

#include "datamill/exec/event.hpp"
#include "datamill/plan/durations.hpp"
#include "datamill/support/file_source.hpp"

#include <string>

namespace datamill::cli {

/// How long steps took in earlier runs on this machine: `<state>/durations.json`. A file that is absent or damaged is
/// as good as none: estimates are only estimates.
[[nodiscard]] plan::Durations read_durations(const std::string& state, const support::FileSource& files);

/// Adds what the steps of a run took (only those that were done) and writes the file; another run's additions at the
/// same moment may be lost. False where nothing was written: the journal has told of a full disk already.
bool learn_durations(const std::string& state, const std::string& provider, const plan::Plan& plan,
                     const exec::RunFinished& finished, const support::FileSource& files);

}  // namespace datamill::cli
