#pragma once

#include <utility>

namespace datamill::proc {

/// Owns a file descriptor.
class Fd {
public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

private:
  int fd_ = -1;
};

/// The two ends of a pipe, both close-on-exec and neither of them 0, 1 or 2.
struct Pipe {
  Fd read_end{};
  Fd write_end{};
  int error = 0;  ///< errno where there is no pipe
};
[[nodiscard]] Pipe make_pipe();
/// For reading, close-on-exec; not open where errno says why.
[[nodiscard]] Fd open_file(const char* path);
/// /dev/null for reading, close-on-exec.
[[nodiscard]] Fd open_null();

}  // namespace datamill::proc
