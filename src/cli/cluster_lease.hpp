#pragma once

#include "datamill/domain/target.hpp"
#include "datamill/exec/capture.hpp"
#include "datamill/tools/kubectl_lease.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace datamill::cli {

/// How commands are run while nothing else does.
using Capture = std::function<std::vector<exec::CaptureResult>(const std::vector<command::Command>&)>;

/// The lock of a cluster that other machines can reach too: a Lease in the cluster, renewed while the run lasts. One of
/// a process of this machine that has ended, or that nobody renewed for its duration and a minute more (clocks differ),
/// is taken over.
class ClusterLease {
public:
  static constexpr std::chrono::seconds kDuration{180};
  static constexpr std::chrono::seconds kRenewEvery{60};

  /// Takes it. @throws Failure exit 6, DM563, where another run holds it; exit 4, DM570, where the cluster does not let
  /// it be read back. Where leases are forbidden `warn` is told, and there is none.
  ClusterLease(domain::KubeAccess access, std::string command_line, Capture capture,
               const std::function<void(const std::string&)>& warn);
  ClusterLease(const ClusterLease&) = delete;
  ClusterLease& operator=(const ClusterLease&) = delete;
  /// Gives it back, as well as that goes.
  ~ClusterLease();

  [[nodiscard]] bool held() const { return held_; }
  /// To be run every kRenewEvery: fails where the lease is lost.
  [[nodiscard]] command::Command renewal();

private:
  void take(const std::function<void(const std::string&)>& warn);
  void take_over(const std::string& refusal);
  [[nodiscard]] tools::Lease read_holder(const std::string& refusal) const;
  [[noreturn]] static void report_holder(const tools::Lease& other);

  domain::KubeAccess access_;
  Capture capture_;
  tools::Lease lease_{};
  bool held_ = false;
};

/// Whether a lease no longer counts: it ran out a minute ago, or its process was one of this machine and has ended.
[[nodiscard]] bool is_over(const tools::Lease& lease, std::chrono::system_clock::time_point now);
/// "host/boot/pid/start" of this process.
[[nodiscard]] std::string lease_identity();

}  // namespace datamill::cli
