#pragma once

#include "datamill/proc/runner.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace datamill::proc {

/// The real runner. While it lives SIGINT, SIGTERM and SIGHUP are blocked in the calling thread and come as events, and
/// SIGPIPE is ignored; afterwards all four are as before. Make it, use it and destroy it in the main thread only: a
/// child gets SIGTERM when the thread that started it ends. Children still running at its end are killed.
/// @throws std::system_error where the kernel gives no descriptors.
/// @param environment variables that every child gets besides ours and its command's: not part of any plan
[[nodiscard]] std::unique_ptr<Runner> make_runner(std::vector<std::pair<std::string, std::string>> environment = {});

}  // namespace datamill::proc
