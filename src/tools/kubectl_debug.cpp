#include "datamill/tools/kubectl_debug.hpp"

#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

namespace datamill::tools {

using command::Command;
using domain::KubeAccess;

namespace {

void add_words(Command& command, const std::vector<std::string>& words) {
  command.arg("--");
  command.args.insert(command.args.end(), words.begin(), words.end());
}

}  // namespace

Command to_command(const KubectlExecIn& run, const KubeAccess& kube) {
  Command command{.program = "kubectl", .args = {"exec", run.pod}, .interactive = run.foreground};
  add_kube_access(command, kube, "--context");
  command.flag("--namespace", run.ns).flag("--container", run.container).arg("--quiet");
  if (run.foreground || run.input) command.arg("--stdin");
  if (run.terminal) command.arg("--tty");
  add_words(command, run.words);
  return command;
}

Command to_command(const KubectlDebug& debug, const KubeAccess& kube) {
  Command command{.program = "kubectl", .args = {"debug", debug.pod}};
  add_kube_access(command, kube, "--context");
  command.flag("--namespace", debug.ns).flag("--container", debug.container).flag("--image", debug.image);
  command.arg("--profile=general").arg("--quiet");
  for (const auto& [name, value] : debug.environment)
    command.arg(fmt::format("--env={}={}", name, value));
  add_words(command, debug.words);
  return command;
}

Command to_command(const KubectlDeletePods& erase, const KubeAccess& kube) {
  Command command{.program = "kubectl", .args = {"delete", "pod"}};
  command.args.insert(command.args.end(), erase.names.begin(), erase.names.end());
  add_kube_access(command, kube, "--context");
  command.flag("--namespace", erase.ns).arg("--ignore-not-found").arg("--now").arg("--wait=false");
  return command;
}

}  // namespace datamill::tools
