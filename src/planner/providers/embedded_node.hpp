#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/support/node.hpp"

#include <string>

namespace datamill::planner {

/// Where everything of an embedded cluster's node lies, and under which names and addresses it runs. Addresses of our
/// own network only: nothing listens on the machine's other ones.
struct EmbeddedNode {
  explicit EmbeddedNode(const Context& context);

  std::string folder{};           ///< <cluster>/node
  std::string name{};             ///< of the node: the cluster's name
  std::string cgroup{};           ///< also the comment of our iptables rule
  std::string bridge{};           ///< at most 15 characters
  std::string prefix{};           ///< "10.89.0": network, node (.1) and pods
  std::string services_prefix{};  ///< "10.96"
  int simulated_nodes = 0;
  std::string kwok_stages{};  ///< file
  std::map<std::string, std::string> tools{};

  [[nodiscard]] std::string address() const { return prefix + ".1"; }
  [[nodiscard]] std::string network() const { return prefix + ".0/24"; }
  [[nodiscard]] std::string services() const { return services_prefix + ".0.0/16"; }
  [[nodiscard]] std::string api_service() const { return services_prefix + ".0.1"; }
  [[nodiscard]] std::string dns() const { return services_prefix + ".0.10"; }
  [[nodiscard]] std::string simulated_name(int index) const;
  [[nodiscard]] std::string pki(std::string_view file) const;
  /// Short: the path of a socket has 104 characters at most.
  [[nodiscard]] std::string socket() const { return folder + "/run/ctr.sock"; }
  [[nodiscard]] std::string tool(const std::string& name) const;
  [[nodiscard]] std::string spec_file() const { return folder + "/node.json"; }
};

/// What the target says; 0 where it says nothing.
[[nodiscard]] int wanted_simulated_nodes(const domain::Target& target);

/// Appends a step that writes a file.
void add_file(plan::Plan& plan, std::string title, std::string path, std::string text);
/// Debian's packages that the parts run.
void add_packages(const EmbeddedNode& node, plan::Plan& plan);
/// The cluster's own authority, a certificate for each who speaks to another, and the key of service accounts.
void add_certificates(const EmbeddedNode& node, plan::Plan& plan);

/// A list of texts.
[[nodiscard]] support::Node node_texts(const std::vector<std::string>& words);
/// Commands that make the machine ready for the parts, for node.json.
[[nodiscard]] support::Node node_preparations(const EmbeddedNode& node);
/// node.json: what `datamill node run` prepares, starts and watches.
[[nodiscard]] std::string node_spec(const EmbeddedNode& node);
[[nodiscard]] std::string containerd_config(const EmbeddedNode& node);
[[nodiscard]] std::string cni_config(const EmbeddedNode& node);
[[nodiscard]] std::string kubelet_config(const EmbeddedNode& node);
[[nodiscard]] std::string kube_proxy_config(const EmbeddedNode& node);
/// The Service of DNS, at the address that pods are told.
[[nodiscard]] std::string dns_service(const EmbeddedNode& node);
/// The simulated nodes, tainted so that nothing lands there that does not ask for it.
[[nodiscard]] std::string simulated_nodes(const EmbeddedNode& node);
/// A kubeconfig with the certificate of `user`.
[[nodiscard]] std::string node_kubeconfig(const EmbeddedNode& node, std::string_view user);

}  // namespace datamill::planner
