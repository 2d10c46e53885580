#include "cli/debug_owner.hpp"

#include "datamill/proc/process.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include <unistd.h>

namespace datamill::cli {

namespace {

std::string boot(const support::FileSource& files) {
  const auto text = files.read("/proc/sys/kernel/random/boot_id", 256).text.value_or("");
  return std::string(support::trim(text));
}

/// "4026531836": two containers of one machine have their own process numbers.
std::string process_namespace() {
  std::error_code error;
  auto link = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
  std::erase_if(link, [](char c) { return c < '0' || c > '9'; });
  return link.empty() ? std::string("0") : link;
}

/// "" where there is no such process.
std::string start_time(const std::string& pid, const support::FileSource& files) {
  const auto text = files.read(fmt::format("/proc/{}/stat", pid), 4096).text.value_or("");
  const auto fields = proc::stat_fields(text);
  constexpr std::size_t kStartTime = 22 - 3;
  return fields.size() > kStartTime ? fields[kStartTime] : std::string{};
}

}  // namespace

std::string this_process(const support::FileSource& files) {
  const auto pid = fmt::format("{}", getpid());
  return fmt::format("{} {} {} {}", boot(files), process_namespace(), pid, start_time(pid, files));
}

bool has_ended(std::string_view owner, const support::FileSource& files) {
  const auto parts = support::split_list(owner, " ");
  if (parts.size() != 4 || parts[0] != boot(files) || parts[1] != process_namespace()) return false;
  // proc(5), hidepid: where other users' processes are hidden, a missing one says nothing.
  if (start_time("1", files).empty()) return false;
  return start_time(parts[2], files) != parts[3];
}

std::chrono::seconds age_of(const std::string& created) {
  std::tm parts{};
  if (strptime(created.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) return {};
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return std::chrono::seconds(std::max<std::time_t>(0, now - timegm(&parts)));
}

}  // namespace datamill::cli
