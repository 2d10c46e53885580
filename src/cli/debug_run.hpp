#pragma once

#include "cli/debug_profile.hpp"
#include "cli/foreground.hpp"
#include "cli/session.hpp"
#include "datamill/inventory/debug_pods.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace datamill::cli {

/// What is asked for, with all defaults filled in.
struct DebugRequest {
  std::string kind{};  ///< "net", "app"
  std::string ns{};
  std::string pod{};                 ///< --pod: its name; "" = a pod of our own
  std::vector<std::string> words{};  ///< the command; empty = the image's shell
  bool terminal = false;             ///< stdin and stdout are one
  std::chrono::seconds patience{};   ///< how long the container may take to start
  DebugProfile profile{};            ///< with --image already in it
};

/// A container to look around in: a pod of our own, or an ephemeral container in somebody's pod. Whatever happens after
/// start(), the destructor sees to it that the pod is removed (the container ended).
class DebugRun {
public:
  DebugRun(Session& session, DebugRequest request);
  ~DebugRun();
  DebugRun(const DebugRun&) = delete;
  DebugRun& operator=(const DebugRun&) = delete;

  /// Makes it and waits until it runs. @throws Failure DM042 the cluster refuses it (exit 1, or 7 for missing rights),
  /// DM043 the image cannot be pulled (exit 1), DM044 it does not start (exit 1), DM045 not in time (exit 5), DM601
  void start();
  /// Runs the shell or command with our terminal and streams.
  [[nodiscard]] support::ExitCode run();
  /// Removes the pod, or ends the container; signals wait meanwhile. False, with a warning printed (DM046), where that
  /// failed. Does nothing the second time.
  bool finish();

private:
  void create();
  void wait_until_running();
  [[nodiscard]] bool look(inventory::DebugProgress& state);
  void pause();
  [[nodiscard]] std::string where() const;

  Session& session_;
  DebugRequest request_;
  std::string pod_{};
  std::string container_{};
  bool made_ = false;
  bool runs_ = false;
  int signal_ = 0;
};

/// Removes debugging pods whose datamill is gone, or that came to their end by themselves; says so.
void remove_leftovers(Session& session, const std::vector<inventory::DebugPod>& pods);
/// Why a debugging pod is a left-over: "its datamill is gone", "it came to its end"; "" where it is in use, or may be.
[[nodiscard]] std::string leftover_reason(const inventory::DebugPod& pod, const support::FileSource& files);

}  // namespace datamill::cli
