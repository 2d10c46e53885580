#include "datamill/tools/kubectl_jobs.hpp"

#include "datamill/tools/kubectl.hpp"

namespace datamill::tools {

using command::Command;
using domain::KubeAccess;

Command to_command(const KubectlDeleteJob& erase, const KubeAccess& kube) {
  Command command{.program = "kubectl", .args = {"delete", "job", erase.name}};
  add_kube_access(command, kube, "--context");
  command.flag("--namespace", erase.ns).arg("--ignore-not-found").arg("--cascade=background").arg("--wait=false");
  return command;
}

Command to_command(const KubectlKillPods& kill, const KubeAccess& kube) {
  Command command{.program = "kubectl", .args = {"delete", "pods"}};
  add_kube_access(command, kube, "--context");
  command.flag("--namespace", kill.ns).flag("--selector", kill.selector);
  command.arg("--ignore-not-found").arg("--grace-period=0").arg("--force").arg("--wait=false");
  return command;
}

}  // namespace datamill::tools
