#pragma once

#include <optional>
#include <string>

namespace datamill::toolbox {

/// An advisory lock on a file (flock): other processes, and other FileLocks of ours, wait. Freed with the object and,
/// by the kernel, with the process.
class FileLock {
public:
  /// nullopt where somebody else holds it. @throws Failure exit 3, DM420 where the file cannot be made.
  [[nodiscard]] static std::optional<FileLock> try_take(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace datamill::toolbox
