#include "datamill/tools/kubectl.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl_pods.hpp"

#include <fmt/format.h>

namespace datamill::tools {

using command::Command;
using domain::KubeAccess;
using support::Node;

namespace {

Command kubectl(std::vector<std::string> args, const KubeAccess& kube) {
  Command command{.program = "kubectl", .args = std::move(args)};
  add_kube_access(command, kube, "--context");
  return command;
}

void add_namespace(Command& command, const std::string& ns) {
  if (!ns.empty()) command.flag("--namespace", ns);
}

Node object_stub(const domain::ObjectRef& object) {
  auto metadata = Node::map();
  metadata.set("name", Node::text(object.name));
  if (!object.ns.empty()) metadata.set("namespace", Node::text(object.ns));
  auto stub = Node::map();
  stub.set("apiVersion", Node::text(object.api_version));
  stub.set("kind", Node::text(object.kind));
  stub.set("metadata", std::move(metadata));
  return stub;
}

command::SymbolicText stub_list(const std::vector<domain::ObjectRef>& objects) {
  auto items = Node::sequence();
  for (const auto& object : objects)
    items.items.push_back(object_stub(object));
  auto list = Node::map();
  list.set("apiVersion", Node::text("v1"));
  list.set("kind", Node::text("List"));
  list.set("items", std::move(items));
  return command::SymbolicText{support::write_json(list)};
}

}  // namespace

void add_kube_access(Command& command, const KubeAccess& kube, std::string_view context_flag) {
  if (support::contains(kube.kubeconfig, ":")) {
    command.env.emplace_back("KUBECONFIG", kube.kubeconfig);
  } else if (!kube.kubeconfig.empty()) {
    command.flag("--kubeconfig", kube.kubeconfig);
  }
  if (!kube.context.empty()) command.flag(context_flag, kube.context);
}

std::string resource_argument(const domain::ObjectRef& object) {
  const auto slash = object.api_version.find('/');
  if (slash == std::string::npos) return fmt::format("{}/{}", object.kind, object.name);
  return fmt::format("{}.{}.{}/{}", object.kind, object.api_version.substr(slash + 1),
                     object.api_version.substr(0, slash), object.name);
}

Command to_command(const KubectlApply& apply, const KubeAccess& kube) {
  auto command = kubectl({"apply", "--server-side", fmt::format("--field-manager={}", kFieldManager)}, kube);
  if (apply.take_over) command.arg("--force-conflicts");
  add_namespace(command, apply.ns);
  command.flag("--filename", "-");
  command.stdin_text = apply.objects;
  return command;
}

Command to_command(const KubectlApplyFrom& apply, const KubeAccess& kube) {
  auto command = kubectl({"apply", "--server-side", fmt::format("--field-manager={}", kFieldManager)}, kube);
  add_namespace(command, apply.ns);
  command.flag(apply.kustomize ? "--kustomize" : "--filename", apply.source);
  return command;
}

Command to_command(const KubectlCreate& create, const KubeAccess& kube) {
  auto command = kubectl({"create", fmt::format("--field-manager={}", kFieldManager)}, kube);
  command.flag("--filename", "-");
  command.stdin_text = create.objects;
  return command;
}

Command to_command(const KubectlDelete& erase, const KubeAccess& kube) {
  auto command = kubectl({"delete", "--ignore-not-found", erase.wait ? "--wait" : "--wait=false"}, kube);
  if (erase.wait) command.flag("--timeout", fmt::format("{}s", erase.timeout.count()));
  command.flag("--filename", "-");
  command.stdin_text = stub_list(erase.objects);
  return command;
}

Command to_command(const KubectlDropFinalizers& drop, const KubeAccess& kube) {
  auto command = kubectl({"patch", "--type=merge", R"(--patch={"metadata":{"finalizers":null}})"}, kube);
  command.flag("--filename", "-");
  command.stdin_text = stub_list(drop.objects);
  return command;
}

Command to_command(const KubectlGetNames& get, const KubeAccess& kube) {
  return kubectl({"get", support::join(get.kinds, ","), "--all-namespaces", "--output=name"}, kube);
}

Command to_command(const KubectlWait& wait, const KubeAccess& kube) {
  std::vector<std::string> args{"wait"};
  args.insert(args.end(), wait.resources.begin(), wait.resources.end());
  auto command = kubectl(std::move(args), kube);
  add_namespace(command, wait.ns);
  if (!wait.condition.empty()) {
    command.arg(fmt::format("--for=condition={}", wait.condition));
  } else {
    command.arg(fmt::format("--for=jsonpath={}={}", wait.jsonpath, wait.value));
  }
  command.flag("--timeout", fmt::format("{}s", wait.timeout.count()));
  return command;
}

Command to_command(const KubectlAnnotate& annotate, const KubeAccess& kube) {
  auto command = kubectl({"annotate", resource_argument(annotate.object), annotate.annotation, "--overwrite"}, kube);
  add_namespace(command, annotate.object.ns);
  return command;
}

Command to_command(const KubectlGetSecret& get, const KubeAccess& kube) {
  auto command = kubectl({"get", "secret", get.name}, kube);
  add_namespace(command, get.ns);
  command.flag("--output", "json");
  command.sensitive_output = true;
  return command;
}

Command to_command(const KubectlGetTemplate& get, const KubeAccess& kube) {
  auto command = kubectl({"get", support::join(get.kinds, ",")}, kube);
  if (get.ns.empty()) {
    command.arg("--all-namespaces");
  } else {
    add_namespace(command, get.ns);
  }
  if (!get.selector.empty()) command.flag("--selector", get.selector);
  command.flag("--request-timeout", fmt::format("{}s", get.request_timeout.count()));
  command.arg("--output=go-template=" + get.go_template);
  return command;
}

Command to_command(const KubectlGetJson& get, const KubeAccess& kube) {
  auto command = kubectl({"get", support::join(get.kinds, ",")}, kube);
  if (get.ns.empty()) {
    command.arg("--all-namespaces");
  } else {
    add_namespace(command, get.ns);
  }
  command.arg(fmt::format("--request-timeout={}s", get.request_timeout.count()));
  command.arg("--output=json");
  return command;
}

Command to_command(const KubectlDiff& diff, const KubeAccess& kube) {
  auto command = kubectl({"diff", "--server-side", "--force-conflicts", "--concurrency=8"}, kube);
  command.arg("--field-manager=" + diff.manager);
  add_namespace(command, diff.ns);
  command.flag("--filename", "-");
  command.stdin_text = command::SymbolicText{diff.objects};
  // kubectl docs: KUBECTL_EXTERNAL_DIFF gets two folders; its arguments may hold letters, digits, "-" and "=".
  command.env.emplace_back("KUBECTL_EXTERNAL_DIFF", "diff -N -U1000000");
  command.env.emplace_back("LC_ALL", "C");
  command.sensitive_output = true;
  return command;
}

Command api_resources(const KubeAccess& kube) {
  return kubectl({"api-resources", "--no-headers"}, kube);
}

Command to_command(const KubectlFind& find, const KubeAccess& kube) {
  auto command = kubectl({"get", "--ignore-not-found"}, kube);
  command.flag("--filename", "-");
  // One object comes as itself, several as a List.
  constexpr std::string_view kLine = "{{.kind}} {{with .metadata.namespace}}{{.}}{{end}} {{.metadata.name}}{{\"\\n\"}}";
  command.arg(fmt::format(
      "--output=go-template={{{{if .items}}}}{{{{range .items}}}}{0}{{{{end}}}}{{{{else}}}}{0}{{{{end}}}}", kLine));
  command.stdin_text = stub_list(find.objects);
  return command;
}

Command to_command(const KubectlCanI& can, const KubeAccess& kube) {
  auto command = kubectl({"auth", "can-i", can.verb, can.resource}, kube);
  if (can.ns.empty()) {
    command.arg("--all-namespaces");
  } else {
    add_namespace(command, can.ns);
  }
  return command;
}

Command to_command(const KubectlLogs& logs, const KubeAccess& kube) {
  auto command = kubectl({"logs", logs.pod}, kube);
  add_namespace(command, logs.ns);
  command.flag("--container", logs.container);
  if (logs.follow) command.arg("--follow");
  if (logs.previous) command.arg("--previous");
  if (logs.timestamps) command.arg("--timestamps");
  if (logs.since) command.arg(fmt::format("--since={}s", logs.since->count()));
  if (logs.tail) command.arg(fmt::format("--tail={}", *logs.tail));
  return command;
}

Command to_command(const KubectlExec& exec, const KubeAccess& kube) {
  auto command = kubectl({"exec", exec.pod}, kube);
  add_namespace(command, exec.ns);
  if (!exec.container.empty()) command.flag("--container", exec.container);
  command.arg("--stdin");
  if (exec.terminal) command.arg("--tty");
  command.arg("--");
  command.args.insert(command.args.end(), exec.words.begin(), exec.words.end());
  command.interactive = true;
  return command;
}

Command to_command(const KubectlPortForward& forward, const KubeAccess& kube) {
  const auto local = forward.local_port == 0 ? std::string{} : fmt::format("{}", forward.local_port);
  auto command =
      kubectl({"port-forward", "service/" + forward.service, fmt::format("{}:{}", local, forward.port)}, kube);
  add_namespace(command, forward.ns);
  command.flag("--address", "127.0.0.1");
  return command;
}

Command to_command(const KubectlProxy& proxy, const KubeAccess& kube) {
  auto command = kubectl({"proxy", fmt::format("--port={}", proxy.port)}, kube);
  command.flag("--address", "127.0.0.1");
  return command;
}

Command to_command(const KubectlSocketProxy& proxy, const KubeAccess& kube) {
  auto command = kubectl({"proxy"}, kube);
  command.flag("--unix-socket", proxy.socket);
  // A list of expressions: every method that does not begin with G, so that only GET is left.
  command.flag("--reject-methods", "^[^G]");
  // For servers behind a path, as Rancher's are; others have none.
  command.arg("--append-server-path");
  return command;
}

Command to_command(const KubectlShowSecret& show, const KubeAccess& kube) {
  auto command = kubectl({"get", "secret", show.name}, kube);
  add_namespace(command, show.ns);
  // `index`: a key may hold dots and dashes, which a path in a template cannot.
  command.flag("--output", fmt::format(R"(go-template={{{{index .data "{}" | base64decode}}}}{{{{"\n"}}}})", show.key));
  return command;
}

}  // namespace datamill::tools
