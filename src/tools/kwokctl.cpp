#include "datamill/tools/kwokctl.hpp"

#include <fmt/format.h>

namespace datamill::tools {

using command::Command;

namespace {

std::string path_of(const Kwokctl& cluster, const std::string& tool) {
  const auto found = cluster.tool_paths.find(tool);
  return found == cluster.tool_paths.end() ? tool : found->second;
}

Command kwokctl(const Kwokctl& cluster, std::vector<std::string> args) {
  Command command{.program = "kwokctl", .args = {"--name", cluster.name}};
  command.args.insert(command.args.end(), args.begin(), args.end());
  command.env.emplace_back("KWOK_WORKDIR", cluster.work_directory);
  const auto kubectl = path_of(cluster, "kubectl");
  const auto slash = kubectl.rfind('/');
  const auto folder = slash == std::string::npos ? std::string("$TOOLS") : kubectl.substr(0, slash);
  command.env.emplace_back("PATH", search_path(folder));
  return command;
}

}  // namespace

std::string search_path(const std::string& folder) {
  return folder + ":/usr/local/bin:/usr/bin:/bin";
}

const std::vector<std::string>& kwok_binaries() {
  static const std::vector<std::string> names{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler",
                                              "kwok"};
  return names;
}

Command kwokctl_create(const Kwokctl& cluster, const std::string& config) {
  auto command = kwokctl(cluster, {"create", "cluster"});
  command.flag("--config", config);
  for (const auto& binary : kwok_binaries()) {
    const auto flag = binary == "kwok" ? std::string("kwok-controller") : binary;
    command.flag(fmt::format("--{}-binary", flag), path_of(cluster, binary));
  }
  command.flag("--kubeconfig", cluster.kubeconfig);
  // By default kwok's controller holds a lease of 200 s per node: started again, it would leave all pods alone until
  // the lease of its predecessor has run out (kwok 0.8: node_lease_controller.go; in the file 0 means the default).
  command.flag("--node-lease-duration-seconds", "0");
  return command;
}

Command kwokctl_scale_nodes(const Kwokctl& cluster, int nodes) {
  return kwokctl(cluster, {"scale", "node", "--replicas", fmt::format("{}", nodes)});
}

Command kwokctl_start(const Kwokctl& cluster) {
  return kwokctl(cluster, {"start", "cluster"});
}

Command kwokctl_stop(const Kwokctl& cluster) {
  return kwokctl(cluster, {"stop", "cluster"});
}

Command kwokctl_delete(const Kwokctl& cluster) {
  auto command = kwokctl(cluster, {"delete", "cluster"});
  command.flag("--kubeconfig", cluster.kubeconfig);
  return command;
}

}  // namespace datamill::tools
