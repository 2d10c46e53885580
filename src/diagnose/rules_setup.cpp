// Between the scheduler and the container's first instruction: configuration, volumes, network, the runtime.
#include "diagnose/containers.hpp"
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace datamill::diagnose {

using domain::Finding;
using support::Node;

namespace {

/// A Secret or ConfigMap that is missing, or a key in one.
struct Missing {
  std::string kind{};  ///< "secret", "configmap"
  std::string name{};
  std::string key{};  ///< "" where all of it is missing
};

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// The kubelet's texts (pkg/kubelet/kubelet_pods.go, pkg/volume): `secret "db" not found`, `couldn't find key password
/// in Secret shop/db`, `references non-existent secret key: tls.crt`.
Missing missing_in(const std::string& message) {
  for (const std::string_view kind : {"secret", "configmap"}) {
    const auto name = between(message, fmt::format("{} \"", kind), "\" not found");
    if (!name.empty() && !support::contains(name, "\"")) return {.kind = std::string(kind), .name = name};
    if (support::contains(message, kind == "secret" ? "non-existent secret key" : "non-existent config key"))
      return {.kind = std::string(kind), .key = message.substr(message.rfind(' ') + 1)};
  }
  const auto key = between(message, "couldn't find key ", " in ");
  if (key.empty()) return {};
  const auto rest = message.substr(message.find(" in ", message.find("couldn't find key")) + 4);
  const auto words = support::split_list(rest, " ");
  if (words.size() < 2) return {};
  return {.kind = lower(words[0]), .name = last_part(words[1]), .key = key};
}

void explain_missing(Finding& finding, const Missing& missing) {
  const auto& ns = finding.chain.back().ns;
  const auto kind = std::string(missing.kind == "secret" ? "Secret" : "ConfigMap");
  if (missing.name.empty()) {
    finding.cause = fmt::format("a {} that the pod mounts has no key \"{}\"", kind, missing.key);
    finding.next = fmt::format("kubectl describe {}", kubectl_words(finding.chain.back()));
  } else if (!missing.key.empty()) {
    finding.cause = fmt::format("the {} \"{}\" has no key \"{}\"", kind, missing.name, missing.key);
    finding.next = fmt::format("kubectl describe {} {} -n {} shows the keys it has; add the key, or correct {}",
                               missing.kind, missing.name, ns, place_of(finding));
  } else {
    finding.cause = fmt::format("the {} \"{}\" does not exist in namespace {}", kind, missing.name, ns);
    finding.next =
        fmt::format("create it (kubectl create {} {} -n {} ...), or correct its name in {}",
                    missing.kind == "secret" ? "secret generic" : "configmap", missing.name, ns, place_of(finding));
  }
}

bool waits_for_volumes(const Node& pod) {
  if (text_at(pod, {"status", "phase"}) != "Pending" || condition_is(pod, "PodScheduled", "False")) return false;
  for (const auto& container : containers_of(pod)) {
    if (!container.waits_with({"ContainerCreating", "PodInitializing"})) return false;
  }
  return true;
}

/// What the event tells is over: the kubelet has gone on to images since.
bool is_overtaken(const Case& rules, const Node& pod, const Node& event) {
  const auto events = rules.events(pod);
  return std::any_of(std::find(events.begin(), events.end(), &event), events.end(), [](const Node* later) {
    const auto reason = later->text_at("reason");
    return reason == "Pulling" || reason == "Pulled" || reason == "Created";
  });
}

/// The newest event of a kind about a pod whose containers are not being made, with its text.
template <class Explain>
void add_for_event(const Case& rules, std::initializer_list<std::string_view> reasons, Findings& found,
                   Explain explain) {
  for (const auto* pod : rules.pods()) {
    const auto* event = waits_for_volumes(*pod) ? rules.warning(*pod, reasons) : nullptr;
    if (event == nullptr || is_overtaken(rules, *pod, *event)) continue;
    auto finding = about(rules, *pod);
    finding.reason = std::string(event->text_at("reason"));
    finding.message = one_line(event->text_at("message"));
    finding.event = event_text(*event);
    if (explain(finding, std::string(event->text_at("message")))) found.push_back(std::move(finding));
  }
}

void explain_mount(Finding& finding, const std::string& message) {
  const auto text = lower(message);
  const auto driver = between(message, "driver name ", " not found");
  finding.next = fmt::format("kubectl describe {}", kubectl_words(finding.chain.back()));
  if (!driver.empty()) {
    finding.cause = fmt::format("the storage driver {} does not run on the pod's node", driver);
    finding.next = fmt::format("see whether its pods run on every node: kubectl get pods -A -o wide | grep {}",
                               driver.substr(0, driver.find('.')));
  } else if (has_any(text, {"mount.nfs", "nfs"})) {
    finding.cause = "the NFS server does not answer or refuses, or the node has no NFS client";
  } else if (has_any(text, {"hostpath type check failed"})) {
    finding.cause = "the path that the volume names is not on the node, or is of another kind";
  } else if (has_any(text, {"timed out", "deadline exceeded"})) {
    finding.cause = "a volume is not ready on the node in time: it is not attached, or its driver does not answer";
  } else {
    finding.cause = "a volume of the pod cannot be mounted on the node";
  }
}

void explain_start(Finding& finding) {
  const auto text = lower(finding.message);
  const auto place = place_of(finding);
  finding.next = fmt::format("kubectl describe {}", kubectl_words(finding.chain.back()));
  if (has_any(text, {"executable file not found", "no such file or directory"})) {
    finding.cause = "the command of the container does not exist in its image";
    finding.next = fmt::format("correct command: or args: in {}, or use another image", place);
  } else if (has_any(text, {"permission denied"})) {
    finding.cause = "the command of the container may not be executed by its user";
    finding.next = fmt::format("make it executable in the image, or correct command: in {}", place);
  } else if (has_any(text, {"exec format error"})) {
    finding.cause = "the image is for another kind of processor";
    finding.next = fmt::format("use an image for the node's processor in {}", place);
  } else if (has_any(text, {"runasnonroot", "run as root"})) {
    finding.cause = "the pod must not run as root, and its image does";
    finding.next = fmt::format("set securityContext.runAsUser in {} to a number above 0", place);
  } else if (has_any(text, {"subpath"})) {
    finding.cause = "a subPath of a volume cannot be prepared";
  } else {
    finding.cause = "the container runtime could not make or start the container";
  }
}

}  // namespace

Findings configuration_missing(const Case& rules) {
  Findings found;
  for (const auto& container : containers(rules)) {
    if (!container.waits_with({"CreateContainerConfigError"})) continue;
    const auto missing = missing_in(std::string(text_at(*container.status, {"state", "waiting", "message"})));
    if (missing.kind.empty()) continue;
    auto finding = about(rules, container);
    explain_missing(finding, missing);
    found.push_back(std::move(finding));
  }
  add_for_event(rules, {"FailedMount"}, found, [](Finding& finding, const std::string& message) {
    const auto missing = missing_in(message);
    if (missing.kind.empty()) return false;
    explain_missing(finding, missing);
    return true;
  });
  return found;
}

Findings volumes_not_attached(const Case& rules) {
  Findings found;
  add_for_event(rules, {"FailedAttachVolume"}, found, [](Finding& finding, const std::string& message) {
    const bool elsewhere = support::contains(message, "Multi-Attach");
    finding.cause = elsewhere ? "the volume can be on one node at a time, and another one still has it"
                              : "the volume cannot be attached to the pod's node";
    finding.next = elsewhere ? "see who has it: kubectl get volumeattachments; it goes when the pod on the other node "
                               "is gone"
                             : fmt::format("kubectl describe {}", kubectl_words(finding.chain.back()));
    return true;
  });
  return found;
}

Findings volumes_not_mounted(const Case& rules) {
  Findings found;
  add_for_event(rules, {"FailedMount", "FailedMapVolume"}, found, [](Finding& finding, const std::string& message) {
    if (!missing_in(message).kind.empty()) return false;
    explain_mount(finding, message);
    return true;
  });
  return found;
}

Findings sandboxes_not_made(const Case& rules) {
  Findings found;
  add_for_event(rules, {"FailedCreatePodSandBox"}, found, [](Finding& finding, const std::string& message) {
    const bool network = has_any(lower(message), {"network", "cni", "plugin type"});
    finding.cause = network ? "the node's network plugin cannot give the pod an address"
                            : "the container runtime on the node cannot set the pod up";
    finding.next = network ? "look at the network plugin's pods: kubectl get pods -n kube-system -o wide"
                           : fmt::format("kubectl describe {}", kubectl_words(finding.chain.back()));
    return true;
  });
  return found;
}

Findings containers_not_started(const Case& rules) {
  Findings found;
  for (const auto& container : containers(rules)) {
    const auto* end = container.last_end();
    const auto end_reason = end == nullptr ? std::string_view{} : end->text_at("reason");
    // containerd's word for it is StartError, docker's ContainerCannotRun.
    const bool ended = !container.is_ready() && (end_reason == "StartError" || end_reason == "ContainerCannotRun");
    const bool waits = container.waits_with({"CreateContainerConfigError", "CreateContainerError", "RunContainerError",
                                             "PreCreateHookError", "PreStartHookError", "PostStartHookError"});
    if (!ended && !waits) continue;
    auto finding = about(rules, container);
    if (waits && !missing_in(finding.message).kind.empty()) continue;
    if (ended) {
      finding.reason = std::string(end_reason);
      finding.message = one_line(end->text_at("message"));
    }
    explain_start(finding);
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace datamill::diagnose
