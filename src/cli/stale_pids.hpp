#pragma once

#include "datamill/support/file_source.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// Pid files in `folder` whose process is gone or, after a reboot, somebody else's: its command line
/// (/proc/PID/cmdline) does not mention `work_directory`. kwokctl 0.8 believes a pid file whatever process has that
/// number.
[[nodiscard]] std::vector<std::string> stale_pid_files(const std::string& folder, const std::string& work_directory,
                                                       const support::FileSource& files);

}  // namespace datamill::cli
