#include "cli/run_lock.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <utility>

#include <sys/file.h>
#include <unistd.h>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;

namespace {

std::string holder_of(int fd) {
  std::array<char, 64> text{};
  const auto size = pread(fd, text.data(), text.size() - 1, 0);
  if (size <= 0) return "another process";
  return fmt::format("process {}", support::trim(std::string_view(text.data(), static_cast<std::size_t>(size))));
}

int open_lock(const std::string& path) {
  const int fd = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  throw Failure(ExitCode::usage, "DM560",
                fmt::format("cannot open the lock \"{}\": {}", path, std::generic_category().message(errno)),
                "choose another state folder with --state-dir DIR");
}

}  // namespace

RunLock::RunLock(const std::string& path, const std::string& what) {
  std::string other;
  auto taken = try_take(path, other);
  if (taken == nullptr) {
    throw Failure(ExitCode::locked, "DM563", fmt::format("another run is changing {}: {}", what, other),
                  "wait until it has ended, or end it with Ctrl-C in its terminal");
  }
  std::swap(fd_, taken->fd_);
}

std::unique_ptr<RunLock> RunLock::try_take(const std::string& path, std::string& holder) {
  const int fd = open_lock(path);
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return std::unique_ptr<RunLock>(new RunLock(fd));
  holder = holder_of(fd);
  close(fd);
  return nullptr;
}

RunLock::RunLock(int fd) : fd_(fd) {
  const auto pid = fmt::format("{}\n", getpid());
  if (ftruncate(fd_, 0) != 0 || pwrite(fd_, pid.data(), pid.size(), 0) < 0) {
    // The lock holds all the same; only its holder's number is missing in somebody's message.
  }
}

RunLock::~RunLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace datamill::cli
