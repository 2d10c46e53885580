#pragma once

#include <string>

namespace datamill::cli {

/// One command at a time starts, stops or removes the node below `folder`: the next waits for it. A run that was killed
/// leaves such a command behind, and what follows must not work against it. Freed with the object and, by the kernel,
/// with the process.
class NodeLock {
public:
  /// @throws Failure DM641 where it takes too long, or the folder is gone when our turn comes
  explicit NodeLock(const std::string& folder);
  NodeLock(const NodeLock&) = delete;
  NodeLock& operator=(const NodeLock&) = delete;
  ~NodeLock();
  /// Before the object goes.
  void free();

private:
  int fd_ = -1;
};

}  // namespace datamill::cli
