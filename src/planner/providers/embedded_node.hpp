#pragma once

#include "datamill/planner/context.hpp"

#include <string>

namespace datamill::planner {

/// Where everything of an embedded cluster's node lies, and under which names and addresses it runs. Addresses of our
/// own network only: nothing listens on the machine's other ones.
struct EmbeddedNode {
  explicit EmbeddedNode(const Context& context);

  std::string folder{};    ///< <cluster>/node
  std::string name{};      ///< of the node: the cluster's name
  std::string cgroup{};    ///< also the comment of our iptables rule
  std::string bridge{};    ///< at most 15 characters
  std::string prefix{};    ///< "10.89.0": network, node (.1) and pods
  std::string services{};  ///< "10.96.0.0/16"
  std::string dns{};       ///< address of the DNS Service
  std::map<std::string, std::string> tools{};

  [[nodiscard]] std::string address() const { return prefix + ".1"; }
  [[nodiscard]] std::string network() const { return prefix + ".0/24"; }
  [[nodiscard]] std::string pki(std::string_view file) const;
  [[nodiscard]] std::string socket() const { return folder + "/run/containerd.sock"; }
  [[nodiscard]] std::string tool(const std::string& name) const;
  [[nodiscard]] std::string spec_file() const { return folder + "/node.json"; }
};

/// node.json: what `datamill node run` prepares, starts and watches.
[[nodiscard]] std::string node_spec(const EmbeddedNode& node);
[[nodiscard]] std::string containerd_config(const EmbeddedNode& node);
[[nodiscard]] std::string cni_config(const EmbeddedNode& node);
[[nodiscard]] std::string kubelet_config(const EmbeddedNode& node);
[[nodiscard]] std::string kube_proxy_config(const EmbeddedNode& node);
/// A kubeconfig with the certificate of `user`.
[[nodiscard]] std::string node_kubeconfig(const EmbeddedNode& node, std::string_view user);

}  // namespace datamill::planner
