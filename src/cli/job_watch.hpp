#pragma once

#include "cli/session.hpp"
#include "datamill/inventory/jobs.hpp"

#include <optional>
#include <string>

namespace datamill::cli {

/// One Job as it goes on. Every function throws Failure DM601 (exit 130, 143) when a signal comes; the Job is then as
/// it was.
class JobWatch {
public:
  JobWatch(Session& session, std::string ns, std::string name)
      : session_(session), runner_(session.runner()), ns_(std::move(ns)), name_(std::move(name)) {}

  /// Its pod as it is now. A single answer that gets lost counts as no news. @throws Failure DM570 after several
  [[nodiscard]] inventory::JobProgress look();
  /// Waits until its container runs or has ended; says once what it waits for.
  /// @throws Failure exit 1: DM073 the image cannot be had, DM074 it does not start, or is gone
  [[nodiscard]] inventory::JobProgress wait_for_start();
  /// Prints its log from the start until its container ends, and gives the last state.
  [[nodiscard]] inventory::JobProgress follow();
  /// Prints what its log has up to now. @throws Failure exit 1, DM025
  void print_log(const std::string& pod);

private:
  struct LogEnd {
    proc::Outcome outcome{};
    std::string error{};
  };
  [[nodiscard]] LogEnd stream_log(const std::string& pod, bool follow, std::optional<std::chrono::seconds> since);
  void show(const std::string& pod, const std::string& line) const;
  void pause();
  void tell(const inventory::JobProgress& state);

  Session& session_;
  proc::Runner& runner_;
  std::string ns_;
  std::string name_;
  std::string told_{};
  bool seen_ = false;  ///< its pod was there
  int failed_looks_ = 0;
};

}  // namespace datamill::cli
