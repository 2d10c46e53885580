#include "planner/providers/embedded_node.hpp"

#include "datamill/support/node.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

namespace datamill::planner {

using support::Node;
using Words = std::vector<std::string>;

namespace {

constexpr std::string_view kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr int kApiPort = 6443;
constexpr int kKubeletPort = 10250;
constexpr int kEtcdPort = 12379;

Node part(std::string name, const Words& words) {
  auto node = Node::map();
  node.set("name", Node::text(std::move(name)));
  node.set("command", node_texts(words));
  return node;
}

/// Without the API server and what it makes first, controllers end at once: /readyz tells of both.
Node after_api(const EmbeddedNode& node, std::string name, const Words& words) {
  auto result = part(std::move(name), words);
  result.set("after", node_texts({node.tool("kubectl"), "--kubeconfig", node.pki("controller-manager.kubeconfig"),
                                  "--request-timeout", "2s", "get", "--raw", "/readyz"}));
  return result;
}

Words etcd(const EmbeddedNode& node) {
  const auto clients = fmt::format("https://127.0.0.1:{}", kEtcdPort);
  const auto peers = fmt::format("http://127.0.0.1:{}", kEtcdPort + 1);
  return {node.tool("etcd"),
          "--data-dir",
          node.folder + "/etcd",
          "--listen-client-urls",
          clients,
          "--advertise-client-urls",
          clients,
          "--listen-peer-urls",
          peers,
          "--initial-advertise-peer-urls",
          peers,
          "--initial-cluster",
          "default=" + peers,
          "--client-cert-auth",
          "--trusted-ca-file",
          node.pki("ca.crt"),
          "--cert-file",
          node.pki("etcd.crt"),
          "--key-file",
          node.pki("etcd.key"),
          "--log-level",
          "warn"};
}

Words apiserver(const EmbeddedNode& node) {
  return {node.tool("kube-apiserver"),
          "--advertise-address",
          node.address(),
          "--bind-address",
          node.address(),
          "--secure-port",
          fmt::format("{}", kApiPort),
          "--etcd-servers",
          fmt::format("https://127.0.0.1:{}", kEtcdPort),
          "--etcd-cafile",
          node.pki("ca.crt"),
          "--etcd-certfile",
          node.pki("etcd.crt"),
          "--etcd-keyfile",
          node.pki("etcd.key"),
          "--client-ca-file",
          node.pki("ca.crt"),
          "--tls-cert-file",
          node.pki("apiserver.crt"),
          "--tls-private-key-file",
          node.pki("apiserver.key"),
          "--kubelet-certificate-authority",
          node.pki("ca.crt"),
          "--kubelet-client-certificate",
          node.pki("apiserver-kubelet-client.crt"),
          "--kubelet-client-key",
          node.pki("apiserver-kubelet-client.key"),
          "--kubelet-preferred-address-types",
          "InternalIP",
          "--service-account-issuer",
          "https://kubernetes.default.svc.cluster.local",
          "--service-account-key-file",
          node.pki("sa.pub"),
          "--service-account-signing-key-file",
          node.pki("sa.key"),
          "--service-cluster-ip-range",
          node.services(),
          "--authorization-mode",
          "Node,RBAC",
          "--enable-admission-plugins",
          "NodeRestriction",
          "--allow-privileged",
          "--profiling=false",
          "--requestheader-client-ca-file",
          node.pki("ca.crt"),
          "--requestheader-allowed-names",
          "front-proxy-client",
          "--requestheader-username-headers",
          "X-Remote-User",
          "--requestheader-group-headers",
          "X-Remote-Group",
          "--requestheader-extra-headers-prefix",
          "X-Remote-Extra-",
          "--proxy-client-cert-file",
          node.pki("front-proxy-client.crt"),
          "--proxy-client-key-file",
          node.pki("front-proxy-client.key")};
}

/// Flags that controller-manager and scheduler share.
Words controller(const EmbeddedNode& node, const std::string& program, std::string_view user) {
  const auto kubeconfig = node.pki(fmt::format("{}.kubeconfig", user));
  return {node.tool(program), "--kubeconfig",
          kubeconfig,         "--authentication-kubeconfig",
          kubeconfig,         "--authorization-kubeconfig",
          kubeconfig,         "--bind-address",
          "127.0.0.1",        "--leader-elect=false",
          "--profiling=false"};
}

Words controller_manager(const EmbeddedNode& node) {
  auto words = controller(node, "kube-controller-manager", "controller-manager");
  const Words more{"--use-service-account-credentials",
                   "--root-ca-file",
                   node.pki("ca.crt"),
                   "--service-account-private-key-file",
                   node.pki("sa.key"),
                   "--cluster-signing-cert-file",
                   node.pki("ca.crt"),
                   "--cluster-signing-key-file",
                   node.pki("ca.key"),
                   "--allocate-node-cidrs=false"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The binary itself. Ports of the node's address that are not to be given away: of the API server and the kubelet.
Node service_addresses(const EmbeddedNode& node) {
  auto result = part("service-addresses", {node.tool("datamill"), "node", "addresses", node.address(),
                                           node.tool("kubectl"), node.pki("service-addresses.kubeconfig"),
                                           fmt::format("{}/TCP", kApiPort), fmt::format("{}/TCP", kKubeletPort)});
  auto env = Node::map();
  env.set("KUBECACHEDIR", Node::text(node.folder + "/run/kube-cache"));  // nothing in the user's ~/.kube
  result.set("env", std::move(env));
  return result;
}

Node kubelet(const EmbeddedNode& node) {
  auto result =
      part("kubelet", {node.tool("kubelet"), "--config", node.folder + "/kubelet.yaml", "--kubeconfig",
                       node.pki("kubelet.kubeconfig"), "--hostname-override", node.name, "--node-ip", node.address(),
                       "--root-dir", node.folder + "/kubelet", "--cert-dir", node.folder + "/pki"});
  // It ends where containerd does not answer, but waits for the API server by itself.
  result.set("after", node_texts({node.tool("ctr"), "--address", node.socket(), "--connect-timeout", "2s", "version"}));
  result.set("ends_containers", Node::boolean(true));
  return result;
}

Node containerd(const EmbeddedNode& node) {
  auto result = part("containerd", {node.tool("containerd"), "--config", node.folder + "/containerd.toml"});
  const auto program = node.tool("containerd-shim-runc-v2");
  // containerd looks its shim up on PATH.
  auto env = Node::map();
  env.set("PATH", Node::text(fmt::format("{}:{}", program.substr(0, program.rfind('/')), kPath)));
  result.set("env", std::move(env));
  return result;
}

/// Simulates nodes and the pods there, and leaves the real node alone. Pods' addresses out of a range that nobody
/// routes (RFC 2544).
Words kwok(const EmbeddedNode& node) {
  return {node.tool("kwok"),
          "--kubeconfig",
          node.pki("kwok.kubeconfig"),
          "--config",
          node.kwok_stages,
          "--manage-all-nodes=false",
          "--manage-nodes-with-annotation-selector",
          "kwok.x-k8s.io/node=fake",
          "--node-lease-duration-seconds",
          "40",
          "--node-ip",
          "198.18.0.1",
          "--cidr",
          "198.18.1.0/24"};
}

Node port(std::string_view address, int number) {
  auto node = Node::map();
  node.set("address", Node::text(std::string(address)));
  node.set("port", Node::integer(number));
  return node;
}

/// Everything the parts listen on. Those of loopback are Kubernetes' own ports (Kubernetes docs: Ports and Protocols)
/// and etcd's.
Node ports(const EmbeddedNode& node) {
  auto list = Node::sequence();
  for (const int number : {kApiPort, kKubeletPort})
    list.items.push_back(port(node.address(), number));
  for (const int number : {kEtcdPort, kEtcdPort + 1, 10248, 10249, 10256, 10257, 10259})
    list.items.push_back(port("127.0.0.1", number));
  return list;
}

}  // namespace

EmbeddedNode::EmbeddedNode(const Context& context)
    : folder(context.places.cluster + "/node"), name(context.target.cluster_name),
      cgroup("datamill-" + context.target.cluster_name), bridge(node_link(context.target.cluster_name)),
      prefix(std::string(context.target.block.text_at("network_prefix"))), services_prefix(context.node.services),
      simulated_nodes(wanted_simulated_nodes(context.target)),
      kwok_stages(context.places.root + "/data/kwok/nodes.yaml"), tools(context.tool_paths) {
  if (prefix.empty()) prefix = context.node.prefix.empty() ? "10.89.0" : context.node.prefix;
  if (services_prefix.empty()) services_prefix = "10.96";
}

int wanted_simulated_nodes(const domain::Target& target) {
  return static_cast<int>(support::parse_integer(target.block.text_at("simulated_nodes")).value_or(0));
}

std::string EmbeddedNode::simulated_name(int index) const {
  return fmt::format("{}-simulated-{}", name, index);
}

Node node_texts(const Words& words) {
  auto list = Node::sequence();
  for (const auto& word : words)
    list.items.push_back(Node::text(word));
  return list;
}

std::string EmbeddedNode::pki(std::string_view file) const {
  return fmt::format("{}/pki/{}", folder, file);
}

std::string EmbeddedNode::tool(const std::string& program) const {
  const auto found = tools.find(program);
  return found == tools.end() ? program : found->second;
}

std::string node_spec(const EmbeddedNode& node) {
  auto parts = Node::sequence();
  parts.items.push_back(part("etcd", etcd(node)));
  parts.items.push_back(part("kube-apiserver", apiserver(node)));
  parts.items.push_back(after_api(node, "kube-controller-manager", controller_manager(node)));
  parts.items.push_back(after_api(node, "kube-scheduler", controller(node, "kube-scheduler", "scheduler")));
  parts.items.push_back(containerd(node));
  parts.items.push_back(kubelet(node));
  parts.items.push_back(part("kube-proxy", {node.tool("kube-proxy"), "--config", node.folder + "/kube-proxy.yaml"}));
  parts.items.push_back(service_addresses(node));
  if (node.simulated_nodes > 0) parts.items.push_back(after_api(node, "kwok", kwok(node)));
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("folder", Node::text(node.folder));
  document.set("cgroup", Node::text(node.cgroup));
  document.set("bridge", Node::text(node.bridge));
  document.set("network", Node::text(node.network()));
  document.set("services", Node::text(node.services()));
  document.set("ports", ports(node));
  document.set("preparations", node_preparations(node));
  document.set("parts", std::move(parts));
  return support::write_json(document) + "\n";
}

}  // namespace datamill::planner
