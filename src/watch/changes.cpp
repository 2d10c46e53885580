#include "watch/changes.hpp"

#include <cstdint>
#include <iterator>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace datamill::watch {

ChangeQueue::ChangeQueue() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

ChangeQueue::~ChangeQueue() {
  if (descriptor_ >= 0) close(descriptor_);
}

void ChangeQueue::push(std::vector<Change> changes) {
  if (changes.empty()) return;
  const std::scoped_lock lock(mutex_);
  const bool idle = changes_.empty();
  if (idle)
    changes_ = std::move(changes);
  else
    changes_.insert(changes_.end(), std::make_move_iterator(changes.begin()), std::make_move_iterator(changes.end()));
  const std::uint64_t one = 1;
  // Full or closed: it is readable already, or nobody waits.
  if (idle) (void)!write(descriptor_, &one, sizeof one);
}

std::vector<Change> ChangeQueue::take() {
  const std::scoped_lock lock(mutex_);
  std::uint64_t count = 0;
  (void)!read(descriptor_, &count, sizeof count);
  return std::exchange(changes_, {});
}

}  // namespace datamill::watch
