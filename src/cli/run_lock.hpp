#pragma once

#include <memory>
#include <string>

namespace datamill::cli {

/// One run at a time changes a cluster. The kernel drops the lock with the process, however it ends.
class RunLock {
public:
  /// @throws Failure exit 6, DM563, naming the process that holds it
  RunLock(const std::string& path, const std::string& what);
  /// nullptr where another process holds it; `holder` then names that one. @throws Failure exit 2, DM560
  [[nodiscard]] static std::unique_ptr<RunLock> try_take(const std::string& path, std::string& holder);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

private:
  explicit RunLock(int fd);
  int fd_ = -1;
};

}  // namespace datamill::cli
