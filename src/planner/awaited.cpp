#include "planner/awaited.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::planner {

namespace {

using domain::ObjectRef;

struct ResourceName {
  std::string_view names{};  ///< as kubectl takes them, between blanks
  std::string_view api_version{};
  std::string_view kind{};
  bool namespaced = true;
};

// kubectl api-resources, those that become ready.
constexpr std::array kNames{
    ResourceName{" pod pods po ", "v1", "Pod"},
    ResourceName{" job jobs job.batch jobs.batch ", "batch/v1", "Job"},
    ResourceName{" deployment deployments deploy deployment.apps deployments.apps ", "apps/v1", "Deployment"},
    ResourceName{" statefulset statefulsets sts statefulset.apps statefulsets.apps ", "apps/v1", "StatefulSet"},
    ResourceName{" daemonset daemonsets ds daemonset.apps daemonsets.apps ", "apps/v1", "DaemonSet"},
    ResourceName{" persistentvolumeclaim persistentvolumeclaims pvc ", "v1", "PersistentVolumeClaim"},
    ResourceName{" service services svc ", "v1", "Service"},
    ResourceName{" node nodes no ", "v1", "Node", false},
    ResourceName{" namespace namespaces ns ", "v1", "Namespace", false},
    ResourceName{" crd crds customresourcedefinition customresourcedefinitions ", "apiextensions.k8s.io/v1",
                 "CustomResourceDefinition", false},
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// Whether kubectl's word for a resource ("cluster.postgresql.cnpg.io", its plural or with its version) is this kind.
bool names(const std::string& word, const ObjectRef& object) {
  const auto slash = object.api_version.find('/');
  if (slash == std::string::npos) return false;
  const auto group = object.api_version.substr(0, slash);
  const auto kind = lower(object.kind);
  const auto with_version = fmt::format("{}.{}.{}", kind, object.api_version.substr(slash + 1), group);
  return word == fmt::format("{}.{}", kind, group) || word == fmt::format("{}s.{}", kind, group) ||
         word == with_version;
}

std::string condition_of(const DesiredWait& wait) {
  if (!wait.condition.empty()) return "condition=" + wait.condition;
  return fmt::format("jsonpath={}={}", wait.jsonpath, wait.value);
}

}  // namespace

std::vector<plan::Awaited> awaited_by(const DesiredWait& wait, const std::vector<ObjectRef>& applied) {
  const auto slash = wait.resource.find('/');
  if (slash == std::string::npos) return {};
  const auto word = lower(std::string_view(wait.resource).substr(0, slash));
  const auto name = wait.resource.substr(slash + 1);
  const auto known = std::find_if(kNames.begin(), kNames.end(), [&](const ResourceName& resource) {
    return resource.names.find(fmt::format(" {} ", word)) != std::string_view::npos;
  });
  if (known != kNames.end()) {
    return {{.object = {.api_version = std::string(known->api_version),
                        .kind = std::string(known->kind),
                        .ns = known->namespaced ? wait.ns : std::string{},
                        .name = name},
             .condition = condition_of(wait)}};
  }
  const auto object = std::find_if(applied.begin(), applied.end(), [&](const ObjectRef& candidate) {
    return candidate.name == name && names(word, candidate);
  });
  if (object == applied.end()) return {};
  return {{.object = {.api_version = object->api_version, .kind = object->kind, .ns = object->ns, .name = name},
           .condition = condition_of(wait)}};
}

std::vector<plan::Awaited> gone_of(const std::vector<ObjectRef>& objects) {
  std::vector<plan::Awaited> awaits;
  for (const auto& object : objects)
    awaits.push_back({.object = object, .condition = "delete"});
  return awaits;
}

}  // namespace datamill::planner
