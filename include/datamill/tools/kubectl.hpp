#pragma once

#include "datamill/command/command.hpp"
#include "datamill/domain/snapshot.hpp"
#include "datamill/domain/target.hpp"
#include "datamill/support/node.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace datamill::tools {

/// Who we are for server-side apply (kubernetes docs: a field manager owns the fields it applies).
inline constexpr std::string_view kFieldManager = "datamill";
inline constexpr std::string_view kManagedByLabel = "app.kubernetes.io/managed-by";
inline constexpr std::string_view kManagedByValue = "datamill";
inline constexpr std::string_view kComponentLabel = "datamill.io/component";

/// `kubectl apply --server-side` of objects on stdin. `take_over` adds --force-conflicts: only for objects that nobody
/// else writes (our own ConfigMaps and namespaces).
struct KubectlApply {
  command::SymbolicText objects{};
  std::string ns{};  ///< default namespace of the objects; "" = none given
  bool take_over = false;
};
[[nodiscard]] command::Command to_command(const KubectlApply& apply, const domain::KubeAccess& kube);

/// `kubectl apply --server-side -f URL` or `-k DIRECTORY`.
struct KubectlApplyFrom {
  std::string source{};
  bool kustomize = false;
  std::string ns{};
};
[[nodiscard]] command::Command to_command(const KubectlApplyFrom& apply, const domain::KubeAccess& kube);

/// `kubectl create -f -`: fails where an object exists already, so nothing foreign is overwritten.
struct KubectlCreate {
  command::SymbolicText objects{};
};
[[nodiscard]] command::Command to_command(const KubectlCreate& create, const domain::KubeAccess& kube);

/// `kubectl delete -f - --ignore-not-found --wait`: by kind and name, so no file of the time of the installation is
/// needed.
struct KubectlDelete {
  std::vector<domain::ObjectRef> objects{};
  std::chrono::seconds timeout{120};
  bool wait = true;  ///< false: only marks them as to be deleted (--wait=false)
};
[[nodiscard]] command::Command to_command(const KubectlDelete& erase, const domain::KubeAccess& kube);

/// `kubectl patch -f - --type=merge` that takes all finalizers off: for objects whose operator is gone. Goes on where
/// one of them is not there, and ends with an error that has "NotFound" then.
struct KubectlDropFinalizers {
  std::vector<domain::ObjectRef> objects{};
};
[[nodiscard]] command::Command to_command(const KubectlDropFinalizers& drop, const domain::KubeAccess& kube);

/// `kubectl wait RESOURCE --for=...` (kubectl docs: --for=condition=X or --for=jsonpath='{...}'=value).
struct KubectlWait {
  std::vector<std::string> resources{};
  std::string ns{};
  std::string condition{};
  std::string jsonpath{};
  std::string value{};
  std::chrono::seconds timeout{600};
};
[[nodiscard]] command::Command to_command(const KubectlWait& wait, const domain::KubeAccess& kube);

/// `kubectl get KIND,... --all-namespaces -o name`: the names of all objects of these kinds, given as "plural.group".
struct KubectlGetNames {
  std::vector<std::string> kinds{};
};
[[nodiscard]] command::Command to_command(const KubectlGetNames& get, const domain::KubeAccess& kube);

struct KubectlAnnotate {
  domain::ObjectRef object{};
  std::string annotation{};  ///< "key=value"
};
[[nodiscard]] command::Command to_command(const KubectlAnnotate& annotate, const domain::KubeAccess& kube);

/// `kubectl get secret NAME -o json`; its output is sensitive.
struct KubectlGetSecret {
  std::string ns{};
  std::string name{};
};
[[nodiscard]] command::Command to_command(const KubectlGetSecret& get, const domain::KubeAccess& kube);

/// `kubectl get KINDS -o go-template=...`; ns "" = all namespaces.
struct KubectlGetTemplate {
  std::vector<std::string> kinds{};
  std::string ns{};
  std::string selector{};
  std::string go_template{};
  std::chrono::seconds request_timeout{10};
};
[[nodiscard]] command::Command to_command(const KubectlGetTemplate& get, const domain::KubeAccess& kube);

/// `kubectl get KINDS -o json`; ns "" = all namespaces.
struct KubectlGetJson {
  std::vector<std::string> kinds{};
  std::string ns{};
  std::chrono::seconds request_timeout{20};
};
[[nodiscard]] command::Command to_command(const KubectlGetJson& get, const domain::KubeAccess& kube);

/// `kubectl diff --server-side` of objects on stdin: the API server says what they would become. With `diff` of whole
/// files, so that each changed object is printed as it is and as it would be. Exit code 1: something differs.
struct KubectlDiff {
  std::string objects{};  ///< JSON
  std::string ns{};       ///< of objects that name none
  std::string manager{};  ///< who applies them: what it owns and no longer mentions would go
};
[[nodiscard]] command::Command to_command(const KubectlDiff& diff, const domain::KubeAccess& kube);

/// `kubectl api-resources`: a line each with name, short names, apiVersion, whether in namespaces, kind.
[[nodiscard]] command::Command api_resources(const domain::KubeAccess& kube);

/// `kubectl get -f - --ignore-not-found`: which of these objects are there; "KIND namespace name" a line, no content.
struct KubectlFind {
  std::vector<domain::ObjectRef> objects{};
};
[[nodiscard]] command::Command to_command(const KubectlFind& find, const domain::KubeAccess& kube);

/// `kubectl auth can-i VERB RESOURCE`: exit code 1 and "no" where it is not allowed.
struct KubectlCanI {
  std::string verb{};
  std::string resource{};
  std::string ns{};
};
[[nodiscard]] command::Command to_command(const KubectlCanI& can, const domain::KubeAccess& kube);

/// "clusters.postgresql.cnpg.io" for "postgresql.cnpg.io/v1" Cluster is not derivable without the API; kubectl also
/// takes "Cluster.v1.postgresql.cnpg.io/name": kind, version, group.
[[nodiscard]] std::string resource_argument(const domain::ObjectRef& object);

/// Adds --kubeconfig and --context; a list of files ("a:b") goes into KUBECONFIG, which --kubeconfig does not take.
void add_kube_access(command::Command& command, const domain::KubeAccess& kube, std::string_view context_flag);

}  // namespace datamill::tools
