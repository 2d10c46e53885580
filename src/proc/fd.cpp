#include "proc/fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace datamill::proc {
namespace {

void close_fd(int fd) {
  if (fd >= 0) (void)::close(fd);
}

/// Where ours are closed a new descriptor could be 0, 1 or 2, and a child's dup2 would then overwrite another one.
Fd above_stdio(int fd) {
  if (fd < 0 || fd > 2) return Fd{fd};
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  close_fd(fd);
  return Fd{moved};
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    close_fd(fd_);
    fd_ = other.release();
  }
  return *this;
}

Fd::~Fd() {
  close_fd(fd_);
}

Pipe make_pipe() {
  int ends[2]{-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return {.error = errno};
  Pipe pipe{.read_end = above_stdio(ends[0]), .write_end = above_stdio(ends[1])};
  if (!pipe.read_end.is_open() || !pipe.write_end.is_open()) return {.error = EMFILE};
  return pipe;
}

Fd open_file(const char* path) {
  return above_stdio(::open(path, O_RDONLY | O_CLOEXEC));
}

Fd open_null() {
  return open_file("/dev/null");
}

}  // namespace datamill::proc
