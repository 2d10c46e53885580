#include "planner/desired_objects.hpp"

#include "datamill/planner/references.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::planner {

using command::SymbolicText;
using domain::ObjectRef;
using support::Node;

namespace {

// kubernetes docs: kinds that live outside of namespaces, as far as manifests of components have them.
constexpr std::array<std::string_view, 10> kClusterKinds{
    "Namespace",        "ClusterRole",  "ClusterRoleBinding", "StorageClass", "CustomResourceDefinition",
    "PersistentVolume", "IngressClass", "PriorityClass",      "Stage",        "APIService"};

bool is_cluster_kind(std::string_view kind) {
  return std::find(kClusterKinds.begin(), kClusterKinds.end(), kind) != kClusterKinds.end() ||
         kind.ends_with("WebhookConfiguration");
}

}  // namespace

ObjectRef object_ref(const Node& document, const std::string& default_ns) {
  ObjectRef object{.api_version = std::string(document.text_at("apiVersion")),
                   .kind = std::string(document.text_at("kind"))};
  if (const auto* metadata = document.find("metadata")) {
    object.name = std::string(metadata->text_at("name"));
    object.ns = std::string(metadata->text_at("namespace"));
  }
  if (is_cluster_kind(object.kind)) {
    object.ns.clear();
  } else if (object.ns.empty()) {
    object.ns = default_ns;
  }
  object.holds_data = object.kind == "PersistentVolumeClaim";
  return object;
}

/// A symbolic text whose secrets go in as they are, for values of Secrets.
SymbolicText raw_symbolic(const std::string& text) {
  auto symbolic = to_symbolic(text);
  for (auto& part : symbolic.parts) {
    if (auto* secret = std::get_if<command::SecretPart>(&part)) secret->encoding = command::Encoding::raw;
  }
  return symbolic;
}

std::optional<DesiredSeed> seed_of(const domain::BucketNeed& need, const std::string& bucket,
                                   const domain::Component& component, const Context& context) {
  const auto config = context.workspace.configs.find(component.name);
  if (context.facts.simulated || config == context.workspace.configs.end()) return std::nullopt;
  const auto seed = config->second.seeds.find(need.seed.text);
  if (seed == config->second.seeds.end()) return std::nullopt;
  const auto root = context.places.root + "/";
  const auto& path = seed->second;
  return DesiredSeed{.bucket = bucket, .path = path, .shown = path.starts_with(root) ? path.substr(root.size()) : path};
}

std::string rest_digest(const DesiredComponent& desired) {
  std::vector<std::string> parts = desired.crds;
  for (const auto& secret : desired.secrets) {
    parts.push_back(
        fmt::format("secret {}/{} {} {}", secret.ns, secret.name, secret.type, support::join(secret.keys, ",")));
  }
  for (const auto* list : {&desired.provisions, &desired.objects}) {
    for (const auto& objects : *list)
      parts.push_back(objects.source + objects.ns + objects.text.display());
  }
  for (const auto& seed : desired.seeds)
    parts.push_back(fmt::format("seed {} {}", seed.bucket, seed.shown));
  return support::sha256_hex(support::join(parts, "\n"));
}

}  // namespace datamill::planner
