// Images that cannot be pulled. The kubelet's reasons are those of pkg/kubelet/images/types.go; what stands behind them
// is text of containerd and of registries.
#include "diagnose/containers.hpp"
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <string>

namespace datamill::diagnose {

using domain::Finding;

namespace {

enum class Trouble : std::uint8_t { none, name, never, rate, network, access, absent, other };

/// All that is said: the waiting state's message often only repeats that it backs off, and the event has the reason.
std::string said_of(const Case& rules, const Container& container) {
  std::string text(text_at(*container.status, {"state", "waiting", "message"}));
  const auto image = container.image();
  const auto* event = warning_of(rules, container, "Failed", {"Failed to pull image"});
  if (event != nullptr && support::contains(event->text_at("message"), image))
    text += fmt::format("\n{}", event->text_at("message"));
  // The image's own name must not decide: it may have "denied" in it.
  return image.empty() ? text : support::replace_all(text, image, "");
}

Trouble trouble_of(const Case& rules, const Container& container) {
  if (container.waits_with({"InvalidImageName"})) return Trouble::name;
  if (container.waits_with({"ErrImageNeverPull"})) return Trouble::never;
  if (!container.waits_with({"ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable",
                             "SignatureValidationFailed"}))
    return Trouble::none;
  const auto text = lower(said_of(rules, container));
  if (has_any(text, {"invalid reference format", "couldn't parse image"})) return Trouble::name;
  if (has_any(text, {"toomanyrequests", "too many requests", "rate limit"})) return Trouble::rate;
  if (has_any(text,
              {"dial tcp", "no such host", "i/o timeout", "connection refused", "connection reset",
               "network is unreachable", "no route to host", "tls handshake", "deadline exceeded", "x509",
               "server misbehaving", "server gave http response", "unexpected eof", "503 service", "502 bad gateway"}))
    return Trouble::network;
  if (has_any(text, {"unauthorized", "authorization failed", "denied", "403 forbidden", "no basic auth credentials",
                     "insufficient_scope", "authentication required"}))
    return Trouble::access;
  if (has_any(text, {"not found", "notfound", "manifest unknown", "name unknown", "no match for platform"}))
    return Trouble::absent;
  return Trouble::other;
}

template <class Explain>
Findings findings_for(const Case& rules, Trouble wanted, Explain explain) {
  Findings found;
  for (const auto& container : containers(rules)) {
    if (trouble_of(rules, container) != wanted) continue;
    auto finding = about(rules, container);
    finding.last_log.clear();
    finding.exit_code.reset();
    if (const auto* event = warning_of(rules, container, "Failed", {"Failed to pull image"}); event != nullptr)
      finding.event = event_text(*event);
    explain(finding, container);
    found.push_back(std::move(finding));
  }
  return found;
}

/// "ghcr.io" of "ghcr.io/acme/web:1"; Docker Hub where the name has no host.
std::string registry_of(const std::string& image) {
  const auto slash = image.find('/');
  const auto host = image.substr(0, slash);
  const bool is_host = slash != std::string::npos && (has_any(host, {".", ":"}) || host == "localhost");
  return is_host ? host : "docker.io";
}

void explain_network(Finding& finding, const Container& container, const std::string& said) {
  const auto registry = registry_of(container.image());
  finding.next = fmt::format("check the network and proxy of node {}, or set registry_mirror: in the target",
                             text_at(*container.pod, {"spec", "nodeName"}));
  if (has_any(said, {"no such host", "server misbehaving"})) {
    finding.cause = fmt::format("the node cannot resolve the name of the registry {}", registry);
  } else if (has_any(said, {"x509"})) {
    finding.cause = fmt::format("the node does not trust the certificate of the registry {}", registry);
    finding.next = "give the node's container runtime the registry's CA certificate";
  } else if (has_any(said, {"server gave http response"})) {
    finding.cause = fmt::format("the registry {} speaks plain HTTP, and the node expects HTTPS", registry);
    finding.next = "allow the registry as an insecure one in the node's container runtime, or give it a certificate";
  } else {
    finding.cause = fmt::format("the node does not reach the registry {}", registry);
  }
}

}  // namespace

Findings image_names_invalid(const Case& rules) {
  return findings_for(rules, Trouble::name, [](Finding& finding, const Container& container) {
    finding.cause =
        fmt::format("\"{}\" is no name of an image: upper case, a blank or a stray character", container.image());
    finding.next = fmt::format("correct image: in {}", place_of(finding));
  });
}

Findings images_never_pulled(const Case& rules) {
  return findings_for(rules, Trouble::never, [](Finding& finding, const Container& container) {
    finding.cause = fmt::format(
        "the node does not have the image \"{}\", and imagePullPolicy: Never forbids to pull it", container.image());
    finding.next = fmt::format("bring the image to node {} (`datamill images load`), or set imagePullPolicy: "
                               "IfNotPresent in {}",
                               text_at(*container.pod, {"spec", "nodeName"}), place_of(finding));
  });
}

Findings pull_rates_limited(const Case& rules) {
  return findings_for(rules, Trouble::rate, [](Finding& finding, const Container& container) {
    finding.cause = fmt::format("the registry {} allows no more pulls for now", registry_of(container.image()));
    finding.next = "wait, add a login (imagePullSecrets), or set registry_mirror: in the target";
  });
}

Findings registries_unreachable(const Case& rules) {
  return findings_for(rules, Trouble::network, [&](Finding& finding, const Container& container) {
    explain_network(finding, container, lower(said_of(rules, container)));
  });
}

Findings image_access_denied(const Case& rules) {
  return findings_for(rules, Trouble::access, [](Finding& finding, const Container& container) {
    const bool has_secret = !items_at(*container.pod, {"spec", "imagePullSecrets"}).empty();
    const auto& ns = finding.chain.back().ns;
    finding.cause = fmt::format("the registry {} does not give \"{}\" to the node: {}", registry_of(container.image()),
                                container.image(),
                                has_secret ? "the login of the pod's imagePullSecrets is wrong, or the repository does "
                                             "not exist"
                                           : "it needs a login, or the repository does not exist");
    finding.next = fmt::format("kubectl create secret docker-registry registry-login -n {} --docker-server={} "
                               "--docker-username=USER --docker-password=..., and name it under imagePullSecrets of {}",
                               ns, registry_of(container.image()), owner_of(finding));
  });
}

Findings images_not_found(const Case& rules) {
  return findings_for(rules, Trouble::absent, [&](Finding& finding, const Container& container) {
    const bool platform = has_any(lower(said_of(rules, container)), {"no match for platform"});
    finding.cause =
        platform ? fmt::format("the image \"{}\" exists, but not for the node's kind of processor", container.image())
                 : fmt::format("the registry {} has no image \"{}\": the name or the tag is wrong, or nobody "
                               "has pushed it",
                               registry_of(container.image()), container.image());
    finding.next =
        fmt::format("correct image: in {}, or push it; the kubelet tries again by itself", place_of(finding));
  });
}

Findings image_pulls_failed(const Case& rules) {
  return findings_for(rules, Trouble::other, [&](Finding& finding, const Container& container) {
    const bool full = has_any(lower(said_of(rules, container)), {"no space left"});
    finding.cause = full ? fmt::format("the disk of node {} is full", text_at(*container.pod, {"spec", "nodeName"}))
                         : fmt::format("the image \"{}\" cannot be pulled", container.image());
    finding.next = full ? "make room on the node, or give it a bigger disk"
                        : fmt::format("kubectl describe {}", kubectl_words(finding.chain.back()));
  });
}

}  // namespace datamill::diagnose
