#include "datamill/tools/minikube.hpp"

#include <fmt/format.h>

namespace datamill::tools {

using command::Command;

Command to_command(const MinikubeStart& start) {
  Command command{.program = "minikube", .args = {"start"}};
  command.flag("--profile", start.profile);
  if (!start.driver.empty()) command.flag("--driver", start.driver);
  if (start.cpus > 0) command.flag("--cpus", fmt::format("{}", start.cpus));
  if (start.memory.count > 0) command.flag("--memory", fmt::format("{}mb", start.memory.count));
  if (start.disk.count > 0) command.flag("--disk-size", fmt::format("{}mb", start.disk.count));
  if (!start.kubernetes_version.empty()) command.flag("--kubernetes-version", start.kubernetes_version);
  if (start.nodes > 1) command.flag("--nodes", fmt::format("{}", start.nodes));
  if (start.gpus) command.flag("--gpus", "all");
  if (!start.registry_mirror.empty()) command.flag("--registry-mirror", start.registry_mirror);
  command.arg("--keep-context").arg("--embed-certs").flag("--wait", "all").arg("--interactive=false");
  command.flag("--output", "json");
  command.env.emplace_back("KUBECONFIG", start.kubeconfig);
  return command;
}

Command minikube_addon(const std::string& profile, const std::string& addon, bool enable) {
  return {.program = "minikube", .args = {"addons", enable ? "enable" : "disable", addon, "--profile", profile}};
}

Command minikube_stop(const std::string& profile) {
  return {.program = "minikube", .args = {"stop", "--profile", profile, "--keep-context-active"}};
}

Command minikube_load_image(const std::string& profile, const std::string& archive) {
  return {.program = "minikube", .args = {"image", "load", archive, "--profile", profile}};
}

Command minikube_delete(const std::string& profile) {
  return {.program = "minikube", .args = {"delete", "--profile", profile}};
}

}  // namespace datamill::tools
