#include "datamill/tools/kubectl_lease.hpp"

#include "datamill/support/node.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace datamill::tools {

using command::Command;
using domain::KubeAccess;
using support::Node;

namespace {

constexpr std::string_view kName = "datamill";
constexpr std::string_view kNamespace = "default";
constexpr std::string_view kManager = "datamill-lock";

Node lease_object(const Lease& lease) {
  auto metadata = Node::map();
  metadata.set("name", Node::text(std::string(kName)));
  metadata.set("namespace", Node::text(std::string(kNamespace)));
  if (!lease.resource_version.empty()) metadata.set("resourceVersion", Node::text(lease.resource_version));
  auto spec = Node::map();
  spec.set("holderIdentity", Node::text(lease.holder));
  spec.set("leaseDurationSeconds", Node::integer(lease.duration_seconds));
  spec.set("acquireTime", Node::text(lease.renewed));
  spec.set("renewTime", Node::text(lease.renewed));
  auto object = Node::map();
  object.set("apiVersion", Node::text("coordination.k8s.io/v1"));
  object.set("kind", Node::text("Lease"));
  object.set("metadata", std::move(metadata));
  object.set("spec", std::move(spec));
  return object;
}

Command kubectl(std::vector<std::string> args, const KubeAccess& kube) {
  Command command{.program = "kubectl", .args = std::move(args)};
  add_kube_access(command, kube, "--context");
  return command;
}

Command on_lease(std::vector<std::string> args, const KubeAccess& kube) {
  auto command = kubectl(std::move(args), kube);
  command.flag("--namespace", std::string(kNamespace));
  return command;
}

Command with_object(std::string verb, const Lease& lease, const KubeAccess& kube) {
  auto command = kubectl({std::move(verb)}, kube);
  command.flag("--filename", "-").flag("--field-manager", std::string(kManager));
  command.stdin_text = command::SymbolicText{support::write_json(lease_object(lease))};
  return command;
}

Node patch_operation(std::string operation, std::string path, std::string value) {
  auto node = Node::map();
  node.set("op", Node::text(std::move(operation)));
  node.set("path", Node::text(std::move(path)));
  node.set("value", Node::text(std::move(value)));
  return node;
}

}  // namespace

Command create_lease(const Lease& lease, const KubeAccess& kube) {
  return with_object("create", lease, kube);
}

Command replace_lease(const Lease& lease, const KubeAccess& kube) {
  return with_object("replace", lease, kube);
}

Command read_lease(const KubeAccess& kube) {
  auto command = on_lease({"get", "lease", std::string(kName)}, kube);
  command.flag("--output", "json");
  return command;
}

Command renew_lease(const Lease& lease, const KubeAccess& kube) {
  auto command = on_lease({"patch", "lease", std::string(kName)}, kube);
  const auto patch = Node::sequence({patch_operation("test", "/spec/holderIdentity", lease.holder),
                                     patch_operation("replace", "/spec/renewTime", lease.renewed)});
  command.flag("--type", "json").flag("--patch", support::write_json(patch));
  return command;
}

Command delete_lease(const KubeAccess& kube) {
  return on_lease({"delete", "lease", std::string(kName), "--ignore-not-found", "--wait=false"}, kube);
}

Lease parse_lease(std::string_view json) {
  const auto object = support::read_json(json, "the lock in the cluster");
  const auto text = [&](std::string_view part, std::string_view key) {
    const auto* value = object.find_path({part, key});
    return value == nullptr ? std::string{} : value->scalar;
  };
  const auto duration = support::parse_integer(text("spec", "leaseDurationSeconds"));
  return {.holder = text("spec", "holderIdentity"),
          .renewed = text("spec", "renewTime"),
          .duration_seconds = static_cast<int>(duration.value_or(0)),
          .resource_version = text("metadata", "resourceVersion")};
}

std::string micro_time(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(time - seconds).count();
  return fmt::format("{:%FT%T}.{:06}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), us);
}

std::optional<std::chrono::system_clock::time_point> parse_micro_time(const std::string& text) {
  std::tm parts{};
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return std::nullopt;
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

}  // namespace datamill::tools
