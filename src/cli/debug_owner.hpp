#pragma once

#include "datamill/support/file_source.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace datamill::cli {

/// Names this process so that a later one on the same machine can tell whether it still runs: boot, process namespace,
/// process, start time (proc(5): /proc/sys/kernel/random/boot_id, /proc/PID/stat field 22).
[[nodiscard]] std::string this_process(const support::FileSource& files);

/// Whether `owner` is a process of this machine's present boot and namespace that ended. False where that cannot be
/// known: another machine, a container, an earlier boot.
[[nodiscard]] bool has_ended(std::string_view owner, const support::FileSource& files);

/// Time since an RFC 3339 instant in UTC as Kubernetes writes it; zero where it cannot be read.
[[nodiscard]] std::chrono::seconds age_of(const std::string& created);

}  // namespace datamill::cli
