#include "cli/stale_pids.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

std::vector<std::string> stale_pid_files(const std::string& folder, const std::string& work_directory,
                                         const support::FileSource& files) {
  std::vector<std::string> stale;
  for (const auto& name : files.list(folder)) {
    if (!name.ends_with(".pid")) continue;
    const auto path = fmt::format("{}/{}", folder, name);
    const auto text = files.read(path, 64).text.value_or("");
    const auto pid = support::trim(text);
    const auto command_line = files.read(fmt::format("/proc/{}/cmdline", pid), 64 * 1024).text.value_or("");
    if (pid.empty() || !support::contains(command_line, work_directory)) stale.push_back(path);
  }
  return stale;
}

}  // namespace datamill::cli
