#include "cli/node_lock.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace datamill::cli {

using namespace std::chrono_literals;
using support::ExitCode;
using support::Failure;

namespace {

constexpr std::chrono::seconds kLongestWait = 120s;  ///< longer than a node takes to stop

/// Whoever had the lock before us may have removed the folder with it.
bool is_linked(int fd) {
  struct stat info{};
  return fstat(fd, &info) == 0 && info.st_nlink > 0;
}

}  // namespace

NodeLock::NodeLock(const std::string& folder)
    : fd_(open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (fd_ < 0) {
    throw Failure(ExitCode::step_failed, "DM641",
                  fmt::format("cannot open the lock \"{}/lock\": {}", folder, std::generic_category().message(errno)),
                  "`datamill start` makes the folder anew");
  }
  const auto deadline = std::chrono::steady_clock::now() + kLongestWait;
  while (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      free();
      throw Failure(
          ExitCode::timed_out, "DM641",
          fmt::format("another command has worked on this node for {}", support::format_duration(kLongestWait)),
          fmt::format("find it with `fuser -v {}/lock`, end it, then run this again", folder));
    }
    std::this_thread::sleep_for(50ms);
  }
  if (is_linked(fd_)) return;
  free();
  throw Failure(ExitCode::step_failed, "DM641", fmt::format("the node below \"{}\" was destroyed meanwhile", folder),
                "`datamill start` makes it anew");
}

NodeLock::~NodeLock() {
  free();
}

void NodeLock::free() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

}  // namespace datamill::cli
