#pragma once

#include "cli/image_builder.hpp"
#include "cli/run_lock.hpp"

#include <memory>

namespace datamill::cli {

/// Build contexts, wheels and the store of a cache are one build's at a time: a second one waits, and then mostly finds
/// what it wants. The kernel drops the lock with the process, however it ends.
class ImageLock {
public:
  /// Waits as long as it takes, after saying for whom. @throws Failure DM601 when interrupted, DM560
  explicit ImageLock(Session& session);
  /// Whether the store may have changed since it was looked at.
  [[nodiscard]] bool waited() const { return waited_; }

private:
  std::unique_ptr<RunLock> lock_{};
  bool waited_ = false;
};

/// Takes away what builds left behind that were killed: contexts, and working containers of our own store. Only whoever
/// holds the lock may do that.
void clear_leftovers(Session& session, const tools::ImageBuilder& builder);

}  // namespace datamill::cli
