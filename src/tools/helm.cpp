#include "datamill/tools/helm.hpp"

#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

namespace datamill::tools {

using command::Command;
using domain::KubeAccess;

namespace {

Command helm(std::vector<std::string> args) {
  Command command{.program = "helm", .args = std::move(args)};
  // helm marks the release as failed on SIGTERM; killed at once it would leave it "pending".
  command.stop = {.first = SIGTERM, .whole_group = true, .grace = std::chrono::seconds{20}};
  return command;
}

void add_timeout(Command& command, std::chrono::seconds timeout) {
  command.flag("--timeout", fmt::format("{}s", timeout.count()));
}

/// Where it goes and which values it gets.
void add_content(Command& command, const HelmUpgrade& upgrade) {
  command.flag("--namespace", upgrade.ns);
  for (const auto& file : upgrade.values)
    command.flag("--values", file);
  if (upgrade.set.parts.empty()) return;
  command.flag("--values", "-");
  command.stdin_text = upgrade.set;
}

/// Without --server-side a release that helm 3 made would be refused --force-conflicts.
void add_server_side(Command& command) {
  command.arg("--server-side=true").arg("--force-conflicts");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> own_folders(const std::string& cache) {
  return {{"HELM_CACHE_HOME", cache + "/helm/cache"},
          {"HELM_CONFIG_HOME", cache + "/helm/config"},
          {"HELM_DATA_HOME", cache + "/helm/data"},
          {"KUBECACHEDIR", cache + "/kubectl"}};
}

Command to_command(const HelmUpgrade& upgrade, const KubeAccess& kube) {
  auto command = helm({"upgrade", upgrade.release, upgrade.chart, "--install"});
  add_content(command, upgrade);
  std::vector<std::string> labels;
  for (const auto& [key, value] : upgrade.labels)
    labels.push_back(fmt::format("{}={}", key, value));
  if (!labels.empty()) command.flag("--labels", support::join(labels, ","));
  if (upgrade.server_side) add_server_side(command);
  command.arg("--wait");
  add_timeout(command, upgrade.timeout);
  command.flag("--history-max", "5").flag("--output", "json");
  add_kube_access(command, kube, "--kube-context");
  // `-o json` prints the whole release, its values among it.
  command.sensitive_output = true;
  return command;
}

Command to_command(const HelmTemplate& render) {
  auto command = helm({"template", render.upgrade.release, render.upgrade.chart});
  add_content(command, render.upgrade);
  if (!render.kube_version.empty()) command.flag("--kube-version", render.kube_version);
  for (const auto& version : render.api_versions)
    command.flag("--api-versions", version);
  if (render.exists) command.arg("--is-upgrade");
  command.arg("--skip-tests");
  // A chart may put values into objects that are no Secrets.
  command.sensitive_output = true;
  return command;
}

Command to_command(const HelmGetManifest& get, const KubeAccess& kube) {
  auto command = helm({"get", "manifest", get.release});
  command.flag("--namespace", get.ns);
  add_kube_access(command, kube, "--kube-context");
  command.sensitive_output = true;
  return command;
}

Command to_command(const HelmUninstall& uninstall, const KubeAccess& kube) {
  auto command = helm({"uninstall", uninstall.release, "--ignore-not-found", "--wait"});
  command.flag("--namespace", uninstall.ns);
  add_timeout(command, uninstall.timeout);
  add_kube_access(command, kube, "--kube-context");
  return command;
}

Command to_command(const HelmRollback& rollback, const KubeAccess& kube) {
  auto command = helm({"rollback", rollback.release});
  if (rollback.revision > 0) command.arg(fmt::format("{}", rollback.revision));
  command.arg("--wait");
  if (rollback.server_side) add_server_side(command);
  command.flag("--namespace", rollback.ns);
  add_timeout(command, rollback.timeout);
  add_kube_access(command, kube, "--kube-context");
  return command;
}

Command to_command(const HelmPull& pull) {
  auto command = helm({"pull", pull.chart});
  if (!pull.repo.empty()) command.flag("--repo", pull.repo);
  command.flag("--version", pull.version).flag("--destination", pull.destination);
  return command;
}

}  // namespace datamill::tools
