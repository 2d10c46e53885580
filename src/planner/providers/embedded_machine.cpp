// What a node needs of the machine before its parts can start: a link, packages, keys and certificates.
#include "planner/providers/embedded_node.hpp"
#include "planner/providers/providers.hpp"

#include <fmt/format.h>

#include <array>

namespace datamill::planner {

using namespace std::chrono_literals;
using command::Command;
using command::SymbolicText;
using plan::Plan;
using support::Node;
using Words = std::vector<std::string>;

namespace {

constexpr std::string_view kIp = "/usr/sbin/ip";

/// Debian packages, and the file by which one is known to be there.
struct Package {
  std::string_view name{};
  std::string_view file{};
};
constexpr std::array kPackages{
    Package{"runc", "/usr/sbin/runc"},         Package{"containernetworking-plugins", "/usr/lib/cni/bridge"},
    Package{"iptables", "/usr/sbin/iptables"}, Package{"conntrack", "/usr/sbin/conntrack"},
    Package{"busybox-static", "/bin/busybox"}, Package{"openssl", "/usr/bin/openssl"},
    Package{"procps", "/usr/sbin/sysctl"},     Package{"iproute2", "/usr/sbin/ip"}};

/// A certificate: who it is, and as what it may be used.
struct Certificate {
  std::string name{};
  std::string subject{};
  std::string usage{};
  std::string hosts{};  ///< subjectAltName, "" for clients
};

std::vector<Certificate> certificates(const EmbeddedNode& node) {
  const auto server = fmt::format("IP:{},IP:127.0.0.1", node.address());
  return {{"apiserver", "/CN=kube-apiserver", "serverAuth",
           "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,"
           "IP:" +
               node.api_service() + "," + server},
          {"etcd", "/CN=etcd", "serverAuth,clientAuth", "DNS:localhost,IP:127.0.0.1"},
          {"kubelet-server", fmt::format("/O=system:nodes/CN=system:node:{}", node.name), "serverAuth",
           fmt::format("DNS:{},{}", node.name, server)},
          {"kubelet", fmt::format("/O=system:nodes/CN=system:node:{}", node.name), "clientAuth", {}},
          {"apiserver-kubelet-client", "/O=system:masters/CN=kube-apiserver-kubelet-client", "clientAuth", {}},
          {"front-proxy-client", "/CN=front-proxy-client", "clientAuth", {}},
          {"admin", "/O=system:masters/CN=kubernetes-admin", "clientAuth", {}},
          {"controller-manager", "/CN=system:kube-controller-manager", "clientAuth", {}},
          {"scheduler", "/CN=system:kube-scheduler", "clientAuth", {}},
          {"kube-proxy", "/CN=system:kube-proxy", "clientAuth", {}},
          {"kwok", "/O=system:masters/CN=datamill:kwok", "clientAuth", {}},
          {"service-addresses", "/CN=datamill:service-addresses", "clientAuth", {}}};
}

Node preparation(const Words& words, const Words& ok) {
  auto node = Node::map();
  node.set("command", node_texts(words));
  node.set("ok", node_texts(ok));
  return node;
}

}  // namespace

std::string node_link(std::string_view cluster_name) {
  constexpr std::size_t kLongestLink = 15;  // IFNAMSIZ without its end
  return fmt::format("dm-{}", cluster_name).substr(0, kLongestLink);
}

void add_file(Plan& plan, std::string title, std::string path, std::string text) {
  plan.add({.title = std::move(title),
            .action = plan::WriteFile{.path = std::move(path), .content = SymbolicText{std::move(text)}},
            .timeout = 10s});
}

void add_packages(const EmbeddedNode& node, Plan& plan) {
  Command install{.program = node.tool("datamill"), .args = {"node", "packages"}};
  for (const auto& package : kPackages)
    install.arg(fmt::format("{}={}", package.name, package.file));
  add_step(plan, "Install the packages that are missing", std::move(install), 900s);
}

/// openssl req: a self-made file instead of the machine's openssl.cnf, whose extensions would make each a CA.
void add_certificates(const EmbeddedNode& node, Plan& plan) {
  const auto config = node.pki("openssl.cnf");
  add_file(plan, "Write openssl.cnf", config, "[req]\ndistinguished_name = name\n[name]\n");
  const auto request = [&](const std::string& name, const std::string& subject, std::string days) {
    return Command{.program = "/usr/bin/openssl",
                   .args = {"req", "-x509", "-config", config, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                            "-noenc", "-sha256", "-days", std::move(days), "-subj", subject, "-keyout",
                            node.pki(name + ".key"), "-out", node.pki(name + ".crt")}};
  };
  auto authority = request("ca", "/CN=datamill", "3650");
  authority.flag("-addext", "basicConstraints=critical,CA:TRUE")
      .flag("-addext", "keyUsage=critical,keyCertSign,cRLSign");
  add_step(plan, "Make a certificate authority", std::move(authority), 30s);
  for (const auto& certificate : certificates(node)) {
    auto command = request(certificate.name, certificate.subject, "3650");
    command.flag("-CA", node.pki("ca.crt")).flag("-CAkey", node.pki("ca.key"));
    command.flag("-addext", "basicConstraints=critical,CA:FALSE");
    command.flag("-addext", "keyUsage=critical,digitalSignature");
    command.flag("-addext", "extendedKeyUsage=" + certificate.usage);
    if (!certificate.hosts.empty()) command.flag("-addext", "subjectAltName=" + certificate.hosts);
    add_step(plan, fmt::format("Make the certificate of {}", certificate.name), std::move(command), 30s);
  }
  add_step(plan, "Make the key of service accounts",
           {.program = "/usr/bin/openssl", .args = {"genrsa", "-out", node.pki("sa.key"), "2048"}}, 60s);
  add_step(plan, "Write its public half",
           {.program = "/usr/bin/openssl",
            .args = {"rsa", "-in", node.pki("sa.key"), "-pubout", "-out", node.pki("sa.pub")}},
           30s);
}

Node node_preparations(const EmbeddedNode& node) {
  auto list = Node::sequence();
  const Words exists{"File exists"};
  list.items.push_back(preparation({std::string(kIp), "link", "add", node.bridge, "type", "bridge"}, exists));
  list.items.push_back(preparation({std::string(kIp), "address", "add", node.address() + "/24", "dev", node.bridge},
                                   {"File exists", "already assigned"}));
  list.items.push_back(preparation({std::string(kIp), "link", "set", node.bridge, "up"}, {}));
  list.items.push_back(preparation({"/usr/sbin/sysctl", "-q", "-w", "net.ipv4.ip_forward=1"}, {}));
  // What pods send elsewhere leaves with the machine's address. One rule of ours: the bridge plugin's ipMasq would make
  // a chain per pod and leave it behind when a pod is not taken down by the kubelet.
  const Words rule{"POSTROUTING", "-s",      node.network(), "!",         "-d", node.network(),
                   "-m",          "comment", "--comment",    node.cgroup, "-j", "MASQUERADE"};
  Words remove{"/usr/sbin/iptables", "-w", "-t", "nat", "-D"};
  Words add{"/usr/sbin/iptables", "-w", "-t", "nat", "-A"};
  remove.insert(remove.end(), rule.begin(), rule.end());
  add.insert(add.end(), rule.begin(), rule.end());
  list.items.push_back(preparation(remove, {"does a matching rule exist", "No chain/target/match"}));
  list.items.push_back(preparation(add, {}));
  return list;
}

}  // namespace datamill::planner
