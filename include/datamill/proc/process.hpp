#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace datamill::proc {

/// A process by more than its number, which the kernel gives to another one sooner or later, and at once after a
/// reboot.
struct ProcessIdentity {
  pid_t pid = 0;
  std::string start{};       ///< clock ticks after boot, field 22 of /proc/PID/stat (proc(5))
  std::string boot{};        ///< /proc/sys/kernel/random/boot_id
  std::string executable{};  ///< where /proc/PID/exe points; a file that was replaced since counts as itself
  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

/// Fields of the text of /proc/PID/stat, from the third on ("state" is the first of them); empty where it is none. The
/// second one, the program's name, is in parentheses and may hold blanks.
[[nodiscard]] std::vector<std::string> stat_fields(std::string_view stat);

/// nullopt where it ended; also where nobody has taken note of its end yet (a zombie).
[[nodiscard]] std::optional<ProcessIdentity> identify(pid_t pid);
[[nodiscard]] bool lives(const ProcessIdentity& identity);
/// The oldest process of this executable with exactly these words on its command line; nullopt if there is none.
[[nodiscard]] std::optional<ProcessIdentity> find_process(const std::vector<std::string>& words);
/// Words of its command line; empty where it ended.
[[nodiscard]] std::vector<std::string> command_line(pid_t pid);
/// Bytes of memory that are its own or shared (resident set); 0 where it ended.
[[nodiscard]] std::int64_t resident_bytes(pid_t pid);

/// The content of a pid file: number, start, boot and executable, a line each.
[[nodiscard]] std::string to_pid_file(const ProcessIdentity& identity);
[[nodiscard]] std::optional<ProcessIdentity> parse_pid_file(std::string_view text);

}  // namespace datamill::proc
