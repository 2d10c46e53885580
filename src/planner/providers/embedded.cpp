#include "datamill/support/map_reader.hpp"
#include "datamill/tools/kubectl.hpp"
#include "planner/providers/embedded_node.hpp"
#include "planner/providers/providers.hpp"

#include <fmt/format.h>

#include <array>

namespace datamill::planner {

using namespace std::chrono_literals;
using command::Command;
using command::SymbolicText;
using domain::Target;
using plan::Effect;
using plan::Plan;

namespace {

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
           "IP:10.96.0.1," +
               server},
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
          {"service-addresses", "/CN=datamill:service-addresses", "clientAuth", {}}};
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

void add_configuration(const Context& context, const EmbeddedNode& node, Plan& plan) {
  for (const auto* user : {"kubelet", "controller-manager", "scheduler", "kube-proxy", "service-addresses"})
    add_file(plan, fmt::format("Write the kubeconfig of {}", user), node.pki(fmt::format("{}.kubeconfig", user)),
             node_kubeconfig(node, user));
  add_file(plan, "Write the kubeconfig", context.access.kubeconfig, node_kubeconfig(node, "admin"));
  add_file(plan, "Configure containerd", node.folder + "/containerd.toml", containerd_config(node));
  add_file(plan, "Configure the pods' network", node.folder + "/cni/10-datamill.conflist", cni_config(node));
  add_file(plan, "Configure kubelet", node.folder + "/kubelet.yaml", kubelet_config(node));
  add_file(plan, "Configure kube-proxy", node.folder + "/kube-proxy.yaml", kube_proxy_config(node));
  if (!context.target.registry_mirror.empty()) {
    add_file(plan, "Configure the registry mirror", node.folder + "/registry/_default/hosts.toml",
             fmt::format("[host.\"{}\"]\n  capabilities = [\"pull\", \"resolve\"]\n", context.target.registry_mirror));
  }
}

/// The supervisor outlives this run: a session of its own, its outputs in its own log. Parts that run it takes over.
void add_supervisor(const EmbeddedNode& node, std::string title, Plan& plan) {
  add_step(plan, std::move(title),
           {.program = "/usr/bin/setsid", .args = {"--fork", node.tool("datamill"), "node", "run", node.spec_file()}},
           30s);
}

void add_node_start(const Context& context, const EmbeddedNode& node, Plan& plan) {
  add_supervisor(node, "Start the node", plan);
  add_step(plan, "Wait for the API server", kubectl(context, {"get", "--raw", "/readyz"}), 60s,
           {.attempts = 12, .first_delay = 500ms}, Effect::read);
  add_step(plan, "Wait for the node",
           kubectl(context, {"wait", "--for=condition=Ready", "node", node.name, "--timeout", "60s"}), 90s,
           {.attempts = 12, .first_delay = 500ms}, Effect::read);
}

/// An image of the cluster's own, made of a static program and loaded without a registry.
void add_image(const EmbeddedNode& node, const std::string& reference, const std::string& entrypoint,
               const std::vector<std::string>& content, Plan& plan) {
  const auto file = fmt::format("{}/images/{}.tar", node.folder, reference.substr(0, reference.find(':')));
  Command make{.program = node.tool("datamill"),
               .args = {"node", "image", file, "datamill.local/" + reference, entrypoint}};
  make.args.insert(make.args.end(), content.begin(), content.end());
  add_step(plan, fmt::format("Make image {}", reference), std::move(make), 120s);
  add_step(plan, fmt::format("Load image {}", reference),
           {.program = node.tool("ctr"),
            .args = {"--address", node.socket(), "--namespace", "k8s.io", "images", "import", file}},
           120s);
}

void add_images(const EmbeddedNode& node, Plan& plan) {
  std::vector<std::string> busybox{"bin/busybox=/bin/busybox"};
  for (const auto* applet :
       {"sh", "sleep", "mkdir", "rm", "cat", "ls", "echo", "chmod", "chown", "nslookup", "wget", "test"})
    busybox.push_back(fmt::format("bin/{}@busybox", applet));
  // Also what a pod's namespaces hang on: it ends at once when it is asked to.
  add_image(node, "busybox:1", R"(["/bin/sh","-c","trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"])",
            busybox, plan);
  add_image(node, "coredns:1.15.0", R"(["/coredns"])", {"coredns=" + node.tool("coredns")}, plan);
  add_image(node, "local-path-provisioner:0.0.30", R"(["/usr/bin/local-path-provisioner"])",
            {"usr/bin/local-path-provisioner=" + node.tool("local-path-provisioner")}, plan);
}

void add_addons(const Context& context, const EmbeddedNode& node, Plan& plan) {
  add_step(plan, "Apply DNS and volumes",
           kubectl(context, {"apply", "--server-side", fmt::format("--field-manager={}", tools::kFieldManager),
                             "--filename", context.places.root + "/data/embedded/addons.yaml"}),
           60s, {.attempts = 6, .first_delay = 500ms});
  const auto config = fmt::format(
      R"({{"nodePathMap":[{{"node":"DEFAULT_PATH_FOR_NON_LISTED_NODES","paths":["{}/volumes"]}}]}})", node.folder);
  add_step(
      plan, "Say where volumes lie",
      kubectl(context,
              {"patch", "configmap", "local-path", "--namespace", "kube-system", "--type", "merge", "--patch",
               fmt::format(R"({{"data":{{"config.json":{}}}}})", support::write_json(support::Node::text(config)))}),
      30s);
  for (const auto* name : {"coredns", "local-path-provisioner"})
    add_step(plan, fmt::format("Wait for {}", name),
             kubectl(context, {"rollout", "status", fmt::format("deployment/{}", name), "--namespace", "kube-system",
                               "--timeout", "120s"}),
             130s, {.attempts = 2, .first_delay = 1s}, Effect::read);
}

void ensure(const Context& context, Plan& plan) {
  const EmbeddedNode node(context);
  if (context.cluster_state == ClusterState::stopped) {
    add_file(plan, "Write what runs on the node", node.spec_file(), node_spec(node));
    add_node_start(context, node, plan);
    return;
  }
  if (context.cluster_state == ClusterState::partial) {
    add_step(plan, "Remove what an interrupted run left",
             {.program = node.tool("datamill"), .args = {"node", "clean", node.spec_file()}}, 120s, {},
             Effect::destroy);
  }
  add_file(plan, "Write what runs on the node", node.spec_file(), node_spec(node));
  add_step(plan, "Check that a node can run here",
           {.program = node.tool("datamill"), .args = {"node", "check", node.spec_file()}}, 30s, {}, Effect::read);
  add_packages(node, plan);
  add_certificates(node, plan);
  add_configuration(context, node, plan);
  add_node_start(context, node, plan);
  add_images(node, plan);
  add_addons(context, node, plan);
  add_made_marker(context, "embedded", plan);
}

void refresh(const Context& context, Plan& plan) {
  if (context.unsupervised) add_supervisor(EmbeddedNode(context), "Watch the node's parts again", plan);
}

void stop(const Context& context, Plan& plan) {
  const EmbeddedNode node(context);
  add_step(plan, "Stop the node", {.program = node.tool("datamill"), .args = {"node", "stop", node.spec_file()}}, 150s);
}

void destroy(const Context& context, Plan& plan) {
  const EmbeddedNode node(context);
  add_step(plan, "Stop the node and take its traces off the machine",
           {.program = node.tool("datamill"), .args = {"node", "clean", node.spec_file()}}, 200s, {}, Effect::destroy);
  add_folder_removal(context, plan);
}

}  // namespace

Provider embedded_provider() {
  return {.name = "embedded",
          .location = domain::Location::local,
          .summary = "one real node on this Linux machine, as root: containerd, kubelet and their control plane",
          .check = [](const Target& target,
                      support::Diagnostics& diagnostics) { check_keys(target, {"network_prefix"}, diagnostics); },
          .facts = [](const Target&) { return domain::Facts{.load_balancer = true, .storage_class = "local-path"}; },
          .access =
              [](const Target&, const Places& places) {
                return domain::KubeAccess{.kubeconfig = places.cluster + "/kubeconfig", .context = "datamill"};
              },
          .tools =
              [](const Target&) {
                return std::vector<std::string>{"etcd",
                                                "kube-apiserver",
                                                "kube-controller-manager",
                                                "kube-scheduler",
                                                "kubelet",
                                                "kube-proxy",
                                                "containerd",
                                                "ctr",
                                                "containerd-shim-runc-v2",
                                                "coredns",
                                                "local-path-provisioner"};
              },
          .ensure = ensure,
          .refresh = refresh,
          .stop = stop,
          .destroy = destroy,
          .load_image =
              [](const Context& context, const std::string& archive) {
                const EmbeddedNode node(context);
                return Command{.program = node.tool("ctr"),
                               .args = {"--address", node.socket(), "--namespace", "k8s.io", "images", "import",
                                        "--local", archive}};
              },
          .begun_marker = [](const Target&) { return std::string("node/node.json"); },
          .made_marker = kMadeMarker,
          .pid_folder = [](const Target&) { return std::string(); },
          .node_folder = "node",
          .needs_root = true,
          .remark = "a single-node development cluster; for more, use kind, k3s or EKS"};
}

}  // namespace datamill::planner
