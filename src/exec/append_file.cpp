#include "exec/append_file.hpp"

#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace datamill::exec {

AppendFile::AppendFile(std::string path)
    : path_(std::move(path)), fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)),
      error_(fd_ < 0 ? errno : 0) {}

AppendFile::~AppendFile() {
  if (syncer_.joinable()) {
    {
      const std::scoped_lock lock{mutex_};
      ending_ = true;
    }
    work_.notify_one();
    syncer_.join();
  }
  if (fd_ >= 0) (void)::close(fd_);
}

void AppendFile::note(int error) {
  const std::scoped_lock lock{mutex_};
  if (error_ == 0) error_ = error;
}

int AppendFile::error() {
  const std::scoped_lock lock{mutex_};
  return error_;
}

void AppendFile::write(std::string_view text) {
  while (!text.empty() && fd_ >= 0) {
    const ssize_t count = ::write(fd_, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return note(errno);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void AppendFile::sync() {
  // EINVAL: the file is a pipe or a device, which no disk keeps.
  if (fd_ >= 0 && fdatasync(fd_) != 0 && errno != EINVAL) note(errno);
}

void AppendFile::sync_soon() {
  if (fd_ < 0) return;
  if (!syncer_.joinable()) {
    // Signals are for the thread that waits for children.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    syncer_ = std::thread([this]() { keep_syncing(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  {
    const std::scoped_lock lock{mutex_};
    if (std::exchange(asked_, true)) return;  // it will be awake soon
  }
  work_.notify_one();
}

void AppendFile::keep_syncing() {
  while (true) {
    {
      std::unique_lock lock{mutex_};
      work_.wait(lock, [this]() { return asked_ || ending_; });
      if (!std::exchange(asked_, false)) return;
    }
    sync();
  }
}

}  // namespace datamill::exec
