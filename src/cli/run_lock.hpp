#pragma once

#include <string>

namespace datamill::cli {

/// One run at a time changes a cluster. The kernel drops the lock with the process, however it ends.
class RunLock {
public:
  /// @throws Failure exit 6, DM563, naming the process that holds it
  RunLock(const std::string& path, const std::string& what);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

private:
  int fd_ = -1;
};

}  // namespace datamill::cli
