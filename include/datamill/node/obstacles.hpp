#pragma once

#include "datamill/node/spec.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::node {

struct Obstacle {
  std::string text{};
  std::string remedy{};
};

/// Why this machine cannot be a node as `spec` wants it: not root, another kubelet, a network or a port that is in use,
/// too little space on the device. Only looks. A specification without networks and ports asks about the machine alone.
[[nodiscard]] std::vector<Obstacle> obstacles(const Spec& spec);

/// Too little space in `folder`, of which `available` bytes are free; nothing where that is enough.
[[nodiscard]] std::vector<Obstacle> too_little_space(const std::string& folder, std::uint64_t available);

/// A process named kubelet that does not belong to this node; 0 if there is none. What Kubernetes makes on a machine
/// (chains, links, folders) may be its own then.
[[nodiscard]] std::int64_t other_kubelet(const Spec& spec);

/// The links whose routes overlap `network` ("10.89.0.0/24"), except `own`; `routes` is the text of /proc/net/route.
[[nodiscard]] std::vector<std::string> overlapping_links(std::string_view routes, std::string_view network,
                                                         std::string_view own);

/// The first of the networks that we know whose addresses nobody routes: "10.89.0" of "10.89.0.0/24" for pods, "10.96"
/// of "10.96.0.0/16" for Services. The link `own` is none of the others. The first one of all if each is in use: the
/// check of obstacles says so.
[[nodiscard]] std::string free_pod_prefix(std::string_view routes, std::string_view own);
[[nodiscard]] std::string free_service_prefix(std::string_view routes);

/// A port of ours that somebody listens on.
struct HeldPort {
  Port port{};
  std::string inode{};  ///< of the socket, as the links of /proc/PID/fd name it
  friend bool operator==(const HeldPort& a, const HeldPort& b) {
    return a.port.address == b.port.address && a.port.number == b.port.number && a.inode == b.inode;
  }
};
/// `tcp` and `tcp6` are the texts of /proc/net/tcp and /proc/net/tcp6 (proc_pid_net(5)). Who listens on all addresses
/// holds the port of each.
[[nodiscard]] std::vector<HeldPort> held_ports(const std::vector<Port>& ports, std::string_view tcp,
                                               std::string_view tcp6);

}  // namespace datamill::node
