// Configuration files of a node's parts, as text: each is read by one program only.
#include "planner/providers/embedded_node.hpp"

#include <fmt/format.h>

namespace datamill::planner {

std::string containerd_config(const EmbeddedNode& node) {
  // imports: how layers are put on each other, which only the machine can tell (node::settle_layers).
  // restrict_oom_score_adj: without CAP_SYS_RESOURCE runc could not lower it. netns below our state: nothing of a pod
  // lies outside of our folder.
  return fmt::format(R"(version = 3
root = "{0}/containerd"
state = "{0}/run/containerd"
imports = ["{0}/containerd.d/*.toml"]

[grpc]
  address = "{1}"

[ttrpc]
  address = "{0}/run/ctr.ttrpc"

[plugins."io.containerd.internal.v1.opt"]
  path = "{0}/run/opt"

[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "datamill.local/busybox:1"

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "{0}/registry"

[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  drain_exec_sync_io_timeout = "0s"

[plugins."io.containerd.cri.v1.runtime".containerd]
  default_runtime_name = "runc"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
  BinaryName = "/usr/sbin/runc"
  Root = "{0}/run/runc"

[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["/usr/lib/cni"]
  conf_dir = "{0}/cni"
)",
                     node.folder, node.socket());
}

std::string cni_config(const EmbeddedNode& node) {
  return fmt::format(R"({{
  "cniVersion": "1.0.0",
  "name": "{0}",
  "plugins": [
    {{
      "type": "bridge", "bridge": "{1}", "isGateway": true, "ipMasq": false, "hairpinMode": true,
      "ipam": {{
        "type": "host-local", "dataDir": "{2}/run/leases", "ranges": [[{{"subnet": "{3}", "rangeStart": "{4}.2"}}]],
        "routes": [{{"dst": "0.0.0.0/0"}}]
      }}
    }},
    {{"type": "portmap", "capabilities": {{"portMappings": true}}}}
  ]
}}
)",
                     node.cgroup, node.bridge, node.folder, node.network(), node.prefix);
}

std::string kubelet_config(const EmbeddedNode& node) {
  return fmt::format(R"(apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
cgroupDriver: cgroupfs
cgroupRoot: /{0}
containerRuntimeEndpoint: unix://{1}
address: {2}
healthzBindAddress: 127.0.0.1
authentication: {{anonymous: {{enabled: false}}, webhook: {{enabled: true}}, x509: {{clientCAFile: {3}/pki/ca.crt}}}}
authorization: {{mode: Webhook}}
tlsCertFile: {3}/pki/kubelet-server.crt
tlsPrivateKeyFile: {3}/pki/kubelet-server.key
clusterDNS: [{4}]
clusterDomain: cluster.local
resolvConf: {3}/resolv.conf
failSwapOn: false
makeIPTablesUtilChains: false
podLogsDir: {3}/pod-logs
volumePluginDir: {3}/kubelet/plugins-volume
evictionHard: {{memory.available: 200Mi, nodefs.available: 2%, imagefs.available: 2%}}
imageGCHighThresholdPercent: 100
registerNode: true
)",
                     node.cgroup, node.socket(), node.address(), node.folder, node.dns());
}

std::string kube_proxy_config(const EmbeddedNode& node) {
  return fmt::format(R"(apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clientConnection: {{kubeconfig: {0}/pki/kube-proxy.kubeconfig}}
hostnameOverride: {1}
clusterCIDR: {2}
metricsBindAddress: 127.0.0.1:10249
healthzBindAddress: 127.0.0.1:10256
conntrack: {{maxPerCore: 0}}
)",
                     node.folder, node.name, node.network());
}

std::string node_kubeconfig(const EmbeddedNode& node, std::string_view user) {
  return fmt::format(R"(apiVersion: v1
kind: Config
clusters: [{{name: datamill, cluster: {{server: "https://{0}:6443", certificate-authority: "{1}/pki/ca.crt"}}}}]
users: [{{name: "{2}", user: {{client-certificate: "{1}/pki/{2}.crt", client-key: "{1}/pki/{2}.key"}}}}]
contexts: [{{name: datamill, context: {{cluster: datamill, user: "{2}"}}}}]
current-context: datamill
)",
                     node.address(), node.folder, user);
}

std::string dns_service(const EmbeddedNode& node) {
  return fmt::format(R"(apiVersion: v1
kind: Service
metadata: {{name: kube-dns, namespace: kube-system, labels: {{k8s-app: kube-dns}}}}
spec:
  selector: {{k8s-app: kube-dns}}
  clusterIP: {}
  ports:
    - {{name: dns, port: 53, protocol: UDP}}
    - {{name: dns-tcp, port: 53, protocol: TCP}}
    - {{name: metrics, port: 9153, protocol: TCP}}
)",
                     node.dns());
}

std::string simulated_nodes(const EmbeddedNode& node) {
  std::string text;
  for (int i = 0; i < node.simulated_nodes; ++i) {
    text += fmt::format(R"(---
apiVersion: v1
kind: Node
metadata:
  name: {0}
  annotations: {{kwok.x-k8s.io/node: fake}}
  labels:
    {{type: kwok, datamill.io/simulated-node: "{1}", kubernetes.io/hostname: {0}, kubernetes.io/os: linux}}
spec: {{taints: [{{key: kwok.x-k8s.io/node, value: fake, effect: NoSchedule}}]}}
)",
                        node.simulated_name(i), i);
  }
  return text;
}

}  // namespace datamill::planner
