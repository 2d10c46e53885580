#pragma once

#include "datamill/proc/runner.hpp"

#include <chrono>
#include <string_view>

namespace datamill::cli {

/// Waits. @throws Failure DM601, exit 130 or 143, when a signal arrives: "interrupted while {doing}"
void pause(proc::Runner& runner, std::chrono::milliseconds time, std::string_view doing);

}  // namespace datamill::cli
