// Stands in for helm, kubectl, kwokctl and the others in tests: started under their names through links, it notes each
// call in $FAKE_LOG, keeps a pretended cluster in $FAKE_STATE and fails as $FAKE_RULES say.
#include "datamill/config/yaml.hpp"
#include "datamill/support/text.hpp"
#include "tools.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <utility>

namespace datamill::fake {

namespace {

using Tool = int (*)(const Desk&);
constexpr std::array<std::pair<std::string_view, Tool>, 6> kTools{{{"kubectl", kubectl},
                                                                   {"helm", helm},
                                                                   {"kwokctl", kwokctl},
                                                                   {"minikube", minikube},
                                                                   {"docker", docker},
                                                                   {"python3", python}}};

std::string pinned_version(const std::string& tool) {
  support::Diagnostics diagnostics;
  const auto path = std::string(DATAMILL_SOURCE_DIR) + "/tools.yaml";
  const auto documents = config::parse_yaml(read_file(path), path, config::Documents::one, diagnostics);
  if (!documents || documents->empty()) return {};
  const auto* row = documents->front().find_path({"tools", tool});
  if (row == nullptr) return {};
  const auto version = row->text_at("version");
  return std::string(version.empty() ? row->text_at("minimum") : version);
}

int run(const Desk& desk) {
  if (desk.call.probe) {
    const auto ended = play(desk.rule, desk.call, desk.log);
    return ended ? *ended : print_version(desk);
  }
  for (const auto& [name, tool] : kTools) {
    if (name == desk.call.tool) return tool(desk);
  }
  return fail(fmt::format("nothing pretends to be {}", desk.call.line()));
}

}  // namespace

Cluster Desk::cluster(const std::string& kubeconfig) const {
  const auto path = kubeconfig.empty() ? "/none" : kubeconfig;
  return {environment("FAKE_STATE"), std::filesystem::absolute(path).lexically_normal().string()};
}

int fail(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return 1;
}

int print_version(const Desk& desk) {
  const auto& tool = desk.call.tool;
  const auto version = pinned_version(tool);
  std::string text = fmt::format("{} version v{} go1.26.6 (linux/amd64)", tool, version);
  if (tool == "helm" || tool == "minikube") text = "v" + version;
  if (tool == "kubectl") text = fmt::format("Client Version: v{}\nKustomize Version: v5.8.0", version);
  if (tool == "etcd") text = fmt::format("etcd Version: {}\nGit SHA: abcdef0\nGo Version: go1.26.6", version);
  if (tool.starts_with("kube-")) text = "Kubernetes v" + version;
  if (tool == "docker") text = fmt::format("Docker version {}, build abcdef0", version);
  std::printf("%s\n", text.c_str());
  return 0;
}

}  // namespace datamill::fake

int main(int argc, char** argv) {
  using namespace datamill::fake;
  hold_signals();
  const auto call = read_call(argc, argv);
  const CallLog log(call);
  const auto code = run({.call = call, .log = log, .rule = find_rule(call)});
  std::fflush(stdout);
  log.end(code);
  // As the real ones do: who ends because of a signal dies of it.
  if (code > 128 && call.tool != "helm") unblock_and_raise(code - 128);
  return code > 128 ? 1 : code;
}
