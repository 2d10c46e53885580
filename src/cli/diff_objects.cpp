#include "cli/diff_objects.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using domain::ObjectRef;
using support::Node;

namespace {

void set_below_metadata(Node& object, const std::string& map, const std::string& key, const std::string& value) {
  const auto* old = object.find("metadata");
  auto metadata = old == nullptr ? Node::map() : *old;
  const auto* known = metadata.find(map);
  auto entries = known == nullptr ? Node::map() : *known;
  entries.set(key, Node::text(value));
  metadata.set(map, std::move(entries));
  object.set("metadata", std::move(metadata));
}

}  // namespace

Kinds parse_kinds(std::string_view output) {
  Kinds kinds;
  for (const auto& line : support::split_lines(output)) {
    // NAME SHORTNAMES APIVERSION NAMESPACED KIND; there may be no short names.
    const auto words = support::split_list(line, " ");
    if (words.size() < 4) continue;
    const auto at = words.size() - 3;
    kinds[fmt::format("{} {}", words[at], words[at + 2])] = words[at + 1] == "true";
  }
  return kinds;
}

ObjectRef ref_of(const Node& object, const std::string& default_ns, const Kinds& kinds) {
  ObjectRef ref{.api_version = std::string(object.text_at("apiVersion")), .kind = std::string(object.text_at("kind"))};
  if (const auto* metadata = object.find("metadata")) {
    ref.name = std::string(metadata->text_at("name"));
    ref.ns = std::string(metadata->text_at("namespace"));
  }
  const auto kind = kinds.find(fmt::format("{} {}", ref.api_version, ref.kind));
  if (kind != kinds.end() && !kind->second)
    ref.ns.clear();
  else if (ref.ns.empty())
    ref.ns = default_ns;
  return ref;
}

std::string display_name(const ObjectRef& object) {
  return object.ns.empty() ? fmt::format("{} {}", object.kind, object.name)
                           : fmt::format("{} {}/{}", object.kind, object.ns, object.name);
}

std::string file_of(const ObjectRef& object) {
  auto version = object.api_version;
  std::replace(version.begin(), version.end(), '/', '.');
  return fmt::format("{}.{}.{}.{}", version, object.kind, object.ns, object.name);
}

const Node* annotation(const Node& object, std::string_view name) {
  const auto* annotations = object.find_path({"metadata", "annotations"});
  return annotations == nullptr ? nullptr : annotations->find(name);
}

Node as_helm_applies(Node object, const planner::ReleaseRendering& release) {
  set_below_metadata(object, "labels", "app.kubernetes.io/managed-by", "Helm");
  set_below_metadata(object, "annotations", "meta.helm.sh/release-name", release.name);
  set_below_metadata(object, "annotations", "meta.helm.sh/release-namespace", release.ns);
  return object;
}

}  // namespace datamill::cli
