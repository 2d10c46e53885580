#include "cli/cluster_lease.hpp"

#include "datamill/proc/process.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <array>

#include <unistd.h>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;

namespace {

constexpr std::chrono::seconds kClockSkew{60};

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "unknown";
}

bool says(const std::string& text, std::string_view part) {
  return support::contains(text, part);
}

/// The process of a holder on this machine has ended. Another boot of the same machine has none of its processes.
bool has_ended_here(const std::string& holder) {
  const auto parts = support::split_list(holder.substr(0, holder.find(',')), "/");
  const auto self = proc::identify(getpid());
  if (parts.size() != 4 || !self || parts[0] != host_name()) return false;
  if (parts[1] != self->boot) return true;
  const auto pid = support::parse_integer(parts[2]);
  if (!pid) return false;
  const auto now = proc::identify(static_cast<pid_t>(*pid));
  return !now || now->start != parts[3];
}

}  // namespace

std::string lease_identity() {
  const auto self = proc::identify(getpid());
  return fmt::format("{}/{}/{}/{}", host_name(), self ? self->boot : "", getpid(), self ? self->start : "");
}

bool is_over(const tools::Lease& lease, std::chrono::system_clock::time_point now) {
  if (lease.holder.empty() || has_ended_here(lease.holder)) return true;
  const auto renewed = tools::parse_micro_time(lease.renewed);
  return !renewed || now > *renewed + std::chrono::seconds(lease.duration_seconds) + kClockSkew;
}

ClusterLease::ClusterLease(domain::KubeAccess access, std::string command_line, Capture capture,
                           const std::function<void(const std::string&)>& warn)
    : access_(std::move(access)), capture_(std::move(capture)) {
  lease_ = {.holder = fmt::format("{}, {}: {}", lease_identity(), host_name(), command_line),
            .renewed = tools::micro_time(std::chrono::system_clock::now()),
            .duration_seconds = static_cast<int>(kDuration.count())};
  take(warn);
}

void ClusterLease::take(const std::function<void(const std::string&)>& warn) {
  const auto created = capture_({tools::create_lease(lease_, access_)}).front();
  if (created.ok()) {
    held_ = true;
  } else if (says(created.err, "AlreadyExists") || says(created.err, "already exists")) {
    take_over(created.err);
  } else if (says(created.err, "orbidden") || says(created.err, "no matches for kind")) {
    warn("the lock in the cluster cannot be taken (no right to create leases in namespace default): another machine's "
         "run at the same time would not be noticed");
  } else {
    throw Failure(ExitCode::unreachable, "DM570",
                  fmt::format("cannot take the lock in the cluster: {}", support::trim(created.err)),
                  "check that the cluster answers, then run this again");
  }
}

void ClusterLease::take_over(const std::string& refusal) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto other = read_holder(refusal);
    // The answer to our own request may have been lost.
    held_ = other.holder == lease_.holder;
    if (held_) return;
    if (!is_over(other, std::chrono::system_clock::now())) report_holder(other);
    lease_.resource_version = other.resource_version;
    held_ = capture_({tools::replace_lease(lease_, access_)}).front().ok();
    if (held_) return;
  }
  report_holder(read_holder(refusal));
}

tools::Lease ClusterLease::read_holder(const std::string& refusal) const {
  const auto read = capture_({tools::read_lease(access_)}).front();
  if (read.ok()) return tools::parse_lease(read.out);
  throw Failure(ExitCode::unreachable, "DM570",
                fmt::format("cannot read the lock in the cluster: {}", support::trim(read.err)),
                "run this again: " + std::string(support::trim(refusal)));
}

void ClusterLease::report_holder(const tools::Lease& other) {
  const auto comma = other.holder.find(", ");
  throw Failure(ExitCode::locked, "DM563",
                fmt::format("another run is changing this cluster: {} (renewed {})",
                            comma == std::string::npos ? other.holder : other.holder.substr(comma + 2), other.renewed),
                fmt::format("wait until it has ended; if its machine is gone, the lock ends by itself {} after it was "
                            "last renewed",
                            support::format_elapsed(std::chrono::seconds(other.duration_seconds) + kClockSkew)));
}

command::Command ClusterLease::renewal() {
  lease_.renewed = tools::micro_time(std::chrono::system_clock::now());
  return tools::renew_lease(lease_, access_);
}

ClusterLease::~ClusterLease() {
  if (!held_) return;
  try {
    (void)capture_({tools::delete_lease(access_)});
  } catch (const Failure&) {
    held_ = false;  // it ends by itself
  }
}

}  // namespace datamill::cli
