// Custom kinds: CustomResourceDefinitions.
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace datamill::diagnose {

using domain::ObjectRef;
using support::Node;

namespace {

std::string group_of(const ObjectRef& object) {
  const auto slash = object.api_version.find('/');
  return slash == std::string::npos ? std::string{} : object.api_version.substr(0, slash);
}

/// Groups of Kubernetes itself have no dot or end with .k8s.io; only x-k8s.io is for others.
bool is_custom_group(const std::string& group) {
  return support::contains(group, ".") && (!group.ends_with(".k8s.io") || group.ends_with(".x-k8s.io"));
}

/// A definition is named "plural.group"; where only its metadata was read, any of the group counts.
const Node* definition_of(const World& world, const ObjectRef& object) {
  const auto group = group_of(object);
  for (const auto& [key, definition] : world.of("CustomResourceDefinition")) {
    if (!key.name.ends_with("." + group)) continue;
    const auto kind = text_at(definition, {"spec", "names", "kind"});
    if (kind.empty() || kind == object.kind) return &definition;
  }
  return nullptr;
}

/// The group is served by an extension's own API server.
bool is_aggregated(const World& world, const std::string& group) {
  const auto& services = world.of("APIService");
  return std::any_of(services.begin(), services.end(), [&](const auto& entry) {
    return text_at(entry.second, {"spec", "group"}) == group &&
           !text_at(entry.second, {"spec", "service", "name"}).empty();
  });
}

}  // namespace

Findings kinds_missing(const Case& rules) {
  Findings found;
  const auto& world = rules.world();
  if (!world.knows("CustomResourceDefinition")) return found;
  for (const auto& object : rules.scope().holdings.objects) {
    const auto group = group_of(object);
    if (!is_custom_group(group) || definition_of(world, object) != nullptr || is_aggregated(world, group)) continue;
    found.push_back(
        {.chain = {object},
         .reason = "NoMatch",
         .message = fmt::format("no matches for kind \"{}\" in version \"{}\"", object.kind, object.api_version),
         .cause = fmt::format("the cluster does not know the kind {}: its CustomResourceDefinition is "
                              "missing",
                              object.kind),
         .next = fmt::format("install the operator that brings it; `kubectl get crd | grep {}` shows what "
                             "there is of its group",
                             group)});
  }
  return found;
}

Findings kinds_not_established(const Case& rules) {
  auto definitions = rules.of("CustomResourceDefinition");
  for (const auto& object : rules.scope().holdings.objects) {
    const auto* definition = is_custom_group(group_of(object)) ? definition_of(rules.world(), object) : nullptr;
    if (definition != nullptr && std::find(definitions.begin(), definitions.end(), definition) == definitions.end())
      definitions.push_back(definition);
  }
  Findings found;
  for (const auto* definition : definitions) {
    const auto* names = condition(*definition, "NamesAccepted");
    const auto* established = condition(*definition, "Established");
    const auto* ill = names != nullptr && names->text_at("status") == "False" ? names : established;
    if (ill == nullptr || ill->text_at("status") != "False") continue;
    auto finding = about(rules, *definition);
    finding.reason = std::string(ill->text_at("reason"));
    finding.message = one_line(ill->text_at("message"));
    finding.cause = ill == names ? "another definition has a name of this one, so the API server does not serve it"
                                 : "the API server does not serve this kind yet";
    finding.next = ill == names ? "find the other one with `kubectl get crd` and delete one of both"
                                : fmt::format("kubectl describe crd {}", name_of(*definition));
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace datamill::diagnose
