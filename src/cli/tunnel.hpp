#pragma once

#include "cli/session.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace datamill::cli {

/// Child of the tunnel; `ready` may start others.
inline constexpr proc::ChildId kTunnel = 0;

/// A kubectl that listens on a local port until it is stopped.
struct Tunnel {
  std::function<command::Command(int port)> command{};  ///< 0: a free port
  std::string_view announcement{};                      ///< what it prints before the port it listens on
  std::string what{};                                   ///< "the forwarding to service/notebook"
  std::string hint{};                                   ///< where it cannot be set up
  int port = 0;
  std::string port_origin{};              ///< what asked for this port: "--port"; "" where it is a free one
  std::function<void(int port)> ready{};  ///< called once, when it listens
};

/// Keeps it open until a signal comes: 130 after Ctrl-C, 143 after SIGTERM. Where kubectl loses its connection (the pod
/// was replaced), it is started again on the same port.
/// @throws Failure exit 1, DM029, where it cannot be opened, or not again within about a minute and a half
[[nodiscard]] support::ExitCode hold_tunnel(Session& session, const Tunnel& tunnel);

}  // namespace datamill::cli
