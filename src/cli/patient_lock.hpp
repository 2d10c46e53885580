#pragma once

#include "cli/run_lock.hpp"
#include "cli/session.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace datamill::cli {

/// A lock for which one waits, as others need it for a short time only. The kernel drops it with the process, however
/// it ends.
class PatientLock {
public:
  /// Waits as long as it takes, after saying "waiting for `what`: HOLDER". The folder of `path` is made.
  /// @throws Failure DM601 when interrupted, DM560
  PatientLock(Session& session, const std::string& path, std::string_view what);
  /// Whether what it guards may have changed since it was looked at.
  [[nodiscard]] bool waited() const { return waited_; }

private:
  std::unique_ptr<RunLock> lock_{};
  bool waited_ = false;
};

}  // namespace datamill::cli
