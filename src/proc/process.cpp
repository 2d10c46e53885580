#include "datamill/proc/process.hpp"

#include "datamill/support/file_source.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <filesystem>

#include <unistd.h>

namespace datamill::proc {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kState = 0;           // field 3
constexpr std::size_t kStartTime = 22 - 3;  // field 22

std::string read_text(const std::string& path) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
  return support::DiskFileSource().read(path, kMostBytes).text.value_or("");
}

std::string executable_of(pid_t pid) {
  constexpr std::string_view kReplaced = " (deleted)";
  std::error_code error;
  auto path = fs::read_symlink(fmt::format("/proc/{}/exe", pid), error).string();
  if (path.ends_with(kReplaced)) path.resize(path.size() - kReplaced.size());
  return path;
}

}  // namespace

std::vector<std::string> stat_fields(std::string_view stat) {
  const auto after_name = stat.rfind(')');
  if (after_name == std::string_view::npos) return {};
  return support::split_list(stat.substr(after_name + 1), " \n");
}

std::optional<ProcessIdentity> identify(pid_t pid) {
  const auto fields = stat_fields(read_text(fmt::format("/proc/{}/stat", pid)));
  if (pid <= 0 || fields.size() <= kStartTime || fields[kState] == "Z" || fields[kState] == "X") return std::nullopt;
  return ProcessIdentity{.pid = pid,
                         .start = fields[kStartTime],
                         .boot = std::string(support::trim(read_text("/proc/sys/kernel/random/boot_id"))),
                         .executable = executable_of(pid)};
}

bool lives(const ProcessIdentity& identity) {
  return identify(identity.pid) == identity;
}

std::vector<std::string> command_line(pid_t pid) {
  auto words = support::split(read_text(fmt::format("/proc/{}/cmdline", pid)), '\0');
  if (!words.empty() && words.back().empty()) words.pop_back();
  return words;
}

std::optional<ProcessIdentity> find_process(const std::vector<std::string>& words) {
  std::optional<ProcessIdentity> oldest;
  std::error_code error;
  const auto executable = fs::canonical(words.front(), error).string();
  for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto pid = static_cast<pid_t>(support::parse_integer(entry->path().filename().string()).value_or(0));
    if (pid <= 1 || command_line(pid) != words) continue;
    auto found = identify(pid);
    // A process that is about to become another program still looks like the one it came from, but is younger.
    const auto age = [](const ProcessIdentity& id) { return support::parse_integer(id.start).value_or(0); };
    if (found && found->executable == executable && (!oldest || age(*found) < age(*oldest))) oldest = std::move(found);
  }
  return oldest;
}

std::int64_t resident_bytes(pid_t pid) {
  const auto fields = support::split_list(read_text(fmt::format("/proc/{}/statm", pid)), " \n");
  if (fields.size() < 2) return 0;
  return support::parse_integer(fields[1]).value_or(0) * sysconf(_SC_PAGESIZE);
}

std::string to_pid_file(const ProcessIdentity& identity) {
  return fmt::format("{}\n{}\n{}\n{}\n", identity.pid, identity.start, identity.boot, identity.executable);
}

std::optional<ProcessIdentity> parse_pid_file(std::string_view text) {
  const auto lines = support::split_lines(text);
  if (lines.size() < 4) return std::nullopt;
  const auto pid = support::parse_integer(lines[0]).value_or(0);
  if (pid <= 1) return std::nullopt;
  return ProcessIdentity{.pid = static_cast<pid_t>(pid), .start = lines[1], .boot = lines[2], .executable = lines[3]};
}

}  // namespace datamill::proc
