#pragma once

#include "cli/image_builder.hpp"
#include "cli/patient_lock.hpp"

namespace datamill::cli {

/// Build contexts, wheels and the store of a cache are one build's at a time: a second one waits, and then mostly finds
/// what it wants.
class ImageLock : public PatientLock {
public:
  /// @throws Failure DM601 when interrupted, DM560
  explicit ImageLock(Session& session);
};

/// Takes away what builds left behind that were killed: contexts, and working containers of our own store. Only whoever
/// holds the lock may do that.
void clear_leftovers(Session& session, const tools::ImageBuilder& builder);

}  // namespace datamill::cli
