// PersistentVolumeClaims that have no volume.
#include "diagnose/containers.hpp"
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace datamill::diagnose {

using domain::Finding;
using support::Node;

namespace {

constexpr std::string_view kDefaultClass = "storageclass.kubernetes.io/is-default-class";
constexpr std::string_view kNoProvisioner = "kubernetes.io/no-provisioner";

/// The class that the claim names; nullopt where it names none, "" where it says that it wants none.
std::optional<std::string> class_of(const Node& claim) {
  if (const auto* named = claim.find_path({"spec", "storageClassName"}); named != nullptr) return named->scalar;
  const auto old = annotation(claim, "volume.beta.kubernetes.io/storage-class");
  return old.empty() ? std::nullopt : std::optional(std::string(old));
}

Objects pending_claims(const Case& rules) {
  auto claims = rules.claims();
  std::erase_if(claims, [](const Node* claim) {
    const auto phase = text_at(*claim, {"status", "phase"});
    return phase == "Bound" || phase == "Lost" || is_being_deleted(*claim);
  });
  return claims;
}

/// From what mounts it: "StatefulSet web -> PersistentVolumeClaim data-web-0".
Finding about_claim(const Case& rules, const Node& claim) {
  auto finding = about(rules, claim);
  const auto users = rules.pods_with_claim(claim);
  if (finding.chain.size() == 1 && !users.empty()) {
    auto chain = rules.chain(*users.front());
    chain.pop_back();
    finding.chain.insert(finding.chain.begin(), chain.begin(), chain.end());
  }
  finding.reason = std::string(text_at(claim, {"status", "phase"}));
  const auto* event = rules.warning(claim, {"ProvisioningFailed", "FailedBinding"});
  if (event != nullptr) {
    finding.message = one_line(event->text_at("message"));
    finding.event = event_text(*event);
  }
  return finding;
}

std::string class_names(const World& world) {
  std::vector<std::string> names;
  for (const auto& entry : world.of("StorageClass"))
    names.push_back(entry.first.name);
  return names.empty() ? "there is none" : fmt::format("there is {}", support::join(names, ", "));
}

bool has_default_class(const World& world) {
  const auto& classes = world.of("StorageClass");
  return std::any_of(classes.begin(), classes.end(),
                     [](const auto& entry) { return annotation(entry.second, kDefaultClass) == "true"; });
}

/// Volumes that are made by hand may name a class that does not exist as an object.
bool has_free_volume(const World& world, const std::string& storage_class) {
  const auto& volumes = world.of("PersistentVolume");
  return std::any_of(volumes.begin(), volumes.end(), [&](const auto& entry) {
    return text_at(entry.second, {"spec", "storageClassName"}) == storage_class &&
           text_at(entry.second, {"status", "phase"}) == "Available";
  });
}

/// The claim's own StorageClass, where it exists.
const Node* class_object(const Case& rules, const Node& claim) {
  const auto name = class_of(claim);
  return name && !name->empty() ? rules.world().find("StorageClass", {.name = *name}) : nullptr;
}

/// A claim of a class that binds late is well until a pod with it has got a node.
bool waits_for_pod(const Case& rules, const Node& claim) {
  const auto* storage_class = class_object(rules, claim);
  return storage_class != nullptr && storage_class->text_at("volumeBindingMode") == "WaitForFirstConsumer" &&
         annotation(claim, "volume.kubernetes.io/selected-node").empty();
}

const Node* provisioning_failure(const Case& rules, const Node& claim) {
  return rules.warning(claim, {"ProvisioningFailed"});
}

bool is_about_zones(const Node& event) {
  return has_any(lower(event.text_at("message")), {"topology", "zone", "accessible from the selected node"});
}

/// What the provisioner's pods are called, by its name: "rancher.io/local-path" -> local-path, "ebs.csi.aws.com" ->
/// ebs.
std::string short_name(std::string_view provisioner) {
  if (support::contains(provisioner, "minikube-hostpath")) return "storage-provisioner";
  const auto slash = provisioner.find('/');
  if (slash != std::string_view::npos) return std::string(provisioner.substr(slash + 1));
  return std::string(provisioner.substr(0, provisioner.find('.')));
}

const Node* provisioner_pod(const World& world, const std::string& name) {
  for (const auto& [key, pod] : world.of("Pod")) {
    if (support::contains(key.name, name)) return &pod;
  }
  return nullptr;
}

void explain_provisioner(const World& world, std::string_view provisioner, Finding& finding) {
  const auto name = short_name(provisioner);
  const auto* pod = provisioner_pod(world, name);
  if (pod == nullptr) {
    finding.cause = fmt::format("no pod of the provisioner {} is there, so nobody makes the volume", provisioner);
    finding.next = fmt::format("install the provisioner, or use a StorageClass of another one: {}", class_names(world));
  } else if (!condition_is(*pod, "Ready", "True")) {
    finding.cause = fmt::format("the provisioner {} does not run: pod {} is not ready", provisioner, name_of(*pod));
    finding.next = fmt::format("kubectl describe {}", kubectl_words(ref_of(*pod)));
  } else {
    finding.cause = fmt::format("the provisioner {} has not made the volume yet", provisioner);
    finding.next = fmt::format("kubectl logs {} -n {}", name_of(*pod), namespace_of(*pod));
  }
}

}  // namespace

Findings classes_missing(const Case& rules) {
  Findings found;
  const auto& world = rules.world();
  if (!world.knows("StorageClass")) return found;
  for (const auto* claim : pending_claims(rules)) {
    const auto name = class_of(*claim).value_or("");
    if (name.empty() || class_object(rules, *claim) != nullptr || has_free_volume(world, name)) continue;
    auto finding = about_claim(rules, *claim);
    if (finding.message.empty()) finding.message = fmt::format("storageclass.storage.k8s.io \"{}\" not found", name);
    finding.cause = fmt::format("there is no StorageClass \"{}\"; {}", name, class_names(world));
    finding.next = fmt::format("name one that exists in {} (a claim's class cannot be changed: `kubectl delete {}` "
                               "first), or create the class",
                               owner_of(finding), kubectl_words(finding.chain.back()));
    found.push_back(std::move(finding));
  }
  return found;
}

Findings default_class_missing(const Case& rules) {
  Findings found;
  const auto& world = rules.world();
  if (!world.knows("StorageClass") || has_default_class(world)) return found;
  for (const auto* claim : pending_claims(rules)) {
    if (class_of(*claim)) continue;
    auto finding = about_claim(rules, *claim);
    finding.cause =
        fmt::format("the claim names no StorageClass, and the cluster has no default one; {}", class_names(world));
    const auto& classes = world.of("StorageClass");
    finding.next = classes.empty() ? "install a storage provisioner with a StorageClass"
                                   : fmt::format("kubectl annotate storageclass {} {}=true",
                                                 classes.begin()->first.name, kDefaultClass);
    found.push_back(std::move(finding));
  }
  return found;
}

Findings volume_zones_missing(const Case& rules) {
  Findings found;
  for (const auto* claim : pending_claims(rules)) {
    const auto* event = provisioning_failure(rules, *claim);
    if (event == nullptr || !is_about_zones(*event) || class_object(rules, *claim) == nullptr) continue;
    auto finding = about_claim(rules, *claim);
    finding.cause = "the storage cannot make a volume in the zone where the pod is to run";
    finding.next =
        fmt::format("see allowedTopologies with `kubectl describe storageclass {}` and the nodes' zones with "
                    "`kubectl get nodes -L topology.kubernetes.io/zone`",
                    class_of(*claim).value_or(""));
    found.push_back(std::move(finding));
  }
  return found;
}

Findings provisioning_failed(const Case& rules) {
  Findings found;
  for (const auto* claim : pending_claims(rules)) {
    const auto* event = provisioning_failure(rules, *claim);
    if (event == nullptr || is_about_zones(*event) || class_object(rules, *claim) == nullptr) continue;
    auto finding = about_claim(rules, *claim);
    finding.cause = has_any(lower(event->text_at("message")), {"quota", "insufficient", "no space", "exhausted"})
                        ? "the storage has no room for the volume"
                        : "the provisioner tried to make the volume and failed";
    finding.next = fmt::format("kubectl describe {}", kubectl_words(finding.chain.back()));
    found.push_back(std::move(finding));
  }
  return found;
}

Findings provisioners_missing(const Case& rules) {
  Findings found;
  for (const auto* claim : pending_claims(rules)) {
    const auto* storage_class = class_object(rules, *claim);
    if (storage_class == nullptr || waits_for_pod(rules, *claim)) continue;
    const auto provisioner = storage_class->text_at("provisioner");
    if (provisioner == kNoProvisioner || provisioning_failure(rules, *claim) != nullptr) continue;
    auto finding = about_claim(rules, *claim);
    if (finding.message.empty()) {
      finding.message = fmt::format("waiting for a volume to be created by the external provisioner '{}'", provisioner);
    }
    explain_provisioner(rules.world(), provisioner, finding);
    found.push_back(std::move(finding));
  }
  return found;
}

Findings claims_without_volume(const Case& rules) {
  Findings found;
  for (const auto* claim : pending_claims(rules)) {
    const auto name = class_of(*claim);
    const auto* storage_class = class_object(rules, *claim);
    const bool by_hand = (name && name->empty()) ||
                         (storage_class != nullptr && storage_class->text_at("provisioner") == kNoProvisioner);
    if (!by_hand || waits_for_pod(rules, *claim)) continue;
    auto finding = about_claim(rules, *claim);
    finding.cause = "volumes for this claim are made by hand, and no free one fits its size and access modes";
    finding.next = fmt::format("see `kubectl get pv`, then create a PersistentVolume of at least {}",
                               text_at(*claim, {"spec", "resources", "requests", "storage"}));
    found.push_back(std::move(finding));
  }
  return found;
}

Findings claims_lost(const Case& rules) {
  Findings found;
  for (const auto* claim : rules.claims()) {
    if (text_at(*claim, {"status", "phase"}) != "Lost") continue;
    auto finding = about_claim(rules, *claim);
    finding.cause =
        fmt::format("the claim's volume {} was deleted, and its data with it", text_at(*claim, {"spec", "volumeName"}));
    finding.next = fmt::format("restore the PersistentVolume from a backup, or `kubectl delete {}` to begin anew",
                               kubectl_words(finding.chain.back()));
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace datamill::diagnose
