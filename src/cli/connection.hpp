#pragma once

#include "cli/session.hpp"
#include "datamill/tools/kubectl_pods.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace datamill::cli {

/// The way to a server while we talk to it ourselves: a kubectl that forwards a port, or nothing for one that is
/// reached directly. It also hears the signals for us, which the runner keeps for itself.
class Connection {
public:
  Connection(Session& session, std::optional<tools::KubectlPortForward> forward);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Opens it, also anew. @throws Failure exit 1, DM029, where it cannot be opened; DM601 when interrupted
  void open();
  /// "127.0.0.1:40123"; "" where no port is forwarded.
  [[nodiscard]] std::string place() const;
  /// Takes what has happened meanwhile; false once a signal has come. Never waits, never throws a Failure.
  [[nodiscard]] bool go_on();
  /// False where the forwarding has ended, or has said that nothing comes through.
  [[nodiscard]] bool alive() const { return !forward_ || (running_ && !broken_); }
  /// Waits; false where a signal came.
  [[nodiscard]] bool pause(std::chrono::milliseconds time);
  /// @throws Failure DM601, exit 130 or 143, if a signal has come
  void check_signal() const;

private:
  void take(const proc::RunnerEvent& event);
  void close();

  Session& session_;
  proc::Runner& runner_;
  std::optional<tools::KubectlPortForward> forward_{};
  bool running_ = false;
  bool broken_ = false;
  int port_ = 0;
  int signal_ = 0;
  std::string last_error_{};
};

}  // namespace datamill::cli
