// What hinders controllers from making pods (and claims): the API server refuses them.
#include "diagnose/containers.hpp"
#include "diagnose/rules.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace datamill::diagnose {

using domain::Finding;
using support::Node;

namespace {

enum class Refusal : std::uint8_t { none, service_account, quota, limit_range, webhook, denied, other };

/// A controller that lacks pods, and what the API server answered it.
struct Refused {
  const Node* object = nullptr;
  const Node* event = nullptr;  ///< nullptr where the condition says it
  std::string message{};
};

int number(const Node& object, std::string_view part, std::string_view field) {
  return number_at(object, {part, field}).value_or(0);
}

bool lacks_pods(const Node& object) {
  const auto kind = object.text_at("kind");
  if (kind == "DaemonSet")
    return number(object, "status", "currentNumberScheduled") < number(object, "status", "desiredNumberScheduled");
  if (kind == "Job") {
    return number(object, "status", "active") == 0 && !condition_is(object, "Complete", "True") &&
           !condition_is(object, "Failed", "True");
  }
  return number(object, "status", "replicas") < number_at(object, {"spec", "replicas"}).value_or(1);
}

/// ReplicaSets keep it as a condition; the others only send events.
Refused refusal_of(const Case& rules, const Node& object) {
  Refused refused{.object = &object};
  const auto* failure = condition(object, "ReplicaFailure");
  if (failure != nullptr && failure->text_at("status") == "True") refused.message = failure->text_at("message");
  if (!refused.message.empty()) return refused;
  refused.event = rules.warning(object, {"FailedCreate"});
  if (refused.event != nullptr) refused.message = refused.event->text_at("message");
  return refused;
}

/// Texts of the API server's admission plugins and of its calls of webhooks (apiserver, plugin/pkg/admission). A
/// webhook that denies may quote anything, so it comes first.
Refusal kind_of(const std::string& message) {
  if (message.empty()) return Refusal::none;
  const auto text = lower(message);
  if (has_any(text, {"denied the request", "denied request", "violates podsecurity"})) return Refusal::denied;
  if (has_any(text, {"failed calling webhook", "failed to call webhook"})) return Refusal::webhook;
  if (has_any(text, {"serviceaccount"}) && has_any(text, {"not found"})) return Refusal::service_account;
  if (has_any(text, {"exceeded quota", "failed quota"})) return Refusal::quota;
  if (has_any(text, {" usage per ", "limit to request ratio"})) return Refusal::limit_range;
  return Refusal::other;
}

std::vector<Refused> refused_for(const Case& rules, Refusal wanted) {
  std::vector<Refused> all;
  for (const auto* kind : {"StatefulSet", "DaemonSet", "ReplicaSet", "Job"}) {
    for (const auto* object : rules.of(kind)) {
      if (is_being_deleted(*object) || !lacks_pods(*object)) continue;
      auto refused = refusal_of(rules, *object);
      if (kind_of(refused.message) == wanted) all.push_back(std::move(refused));
    }
  }
  return all;
}

template <class Explain>
Findings findings_for(const Case& rules, Refusal wanted, Explain explain) {
  Findings found;
  for (const auto& refused : refused_for(rules, wanted)) {
    auto finding = about(rules, *refused.object);
    finding.reason = "FailedCreate";
    finding.message = one_line(refused.message);
    if (refused.event != nullptr) finding.event = event_text(*refused.event);
    explain(finding, refused);
    found.push_back(std::move(finding));
  }
  return found;
}

/// "https://SERVICE.NAMESPACE.svc:443/path" -> {SERVICE, NAMESPACE}; empty where it is no Service.
std::pair<std::string, std::string> service_of(const std::string& message) {
  const auto parts = support::split(between(message, "https://", ".svc"), '.');
  if (parts.size() != 2) return {};
  return {parts[0], parts[1]};
}

/// "exceeded quota: compute, requested: ..., used: ..., limited: ..." of a longer sentence.
std::string quota_words(const std::string& message) {
  const auto start = message.find("exceeded quota");
  return start == std::string::npos ? message : message.substr(start);
}

void explain_webhook(Finding& finding, const std::string& message) {
  const auto webhook = between(message, "calling webhook \"", "\"");
  const auto [service, ns] = service_of(message);
  const auto text = lower(message);
  std::string why = "does not answer";
  if (has_any(text, {"x509"})) why = "has a certificate that the API server does not trust";
  if (has_any(text, {"no endpoints available", "not found", "connection refused"})) why = "has nobody behind it";
  finding.cause = fmt::format("the admission webhook \"{}\" must allow every such pod, and it {}", webhook, why);
  finding.next = service.empty()
                     ? "look at its operator; if that was removed: `kubectl get validatingwebhookconfigurations,"
                       "mutatingwebhookconfigurations` and delete its own"
                     : fmt::format("kubectl get endpointslices -n {} -l kubernetes.io/service-name={}; if its operator "
                                   "was removed, delete its webhook configuration",
                                   ns, service);
}

}  // namespace

Findings service_accounts_missing(const Case& rules) {
  return findings_for(rules, Refusal::service_account, [](Finding& finding, const Refused& refused) {
    const auto& ns = finding.chain.back().ns;
    auto name = between(refused.message, "serviceaccount \"", "\"");
    if (name.empty()) name = "NAME";
    finding.cause = fmt::format("the ServiceAccount \"{}\" that the pods are to run as does not exist", name);
    finding.next =
        fmt::format("kubectl create serviceaccount {} -n {}, or name another one in {}", name, ns, owner_of(finding));
  });
}

Findings quotas_exceeded(const Case& rules) {
  return findings_for(rules, Refusal::quota, [](Finding& finding, const Refused& refused) {
    const auto& ns = finding.chain.back().ns;
    const bool unset = support::contains(refused.message, "must specify");
    finding.cause =
        unset ? fmt::format("the quota of namespace {} wants requests or limits that the pods do not set", ns)
              : fmt::format("the quota of namespace {} is used up: {}", ns, one_line(quota_words(refused.message)));
    finding.next = fmt::format("kubectl describe resourcequota -n {}, then ask for less in {} or raise the quota", ns,
                               owner_of(finding));
    if (unset) finding.next = fmt::format("set in {} what the message names", owner_of(finding));
  });
}

Findings limit_ranges_broken(const Case& rules) {
  return findings_for(rules, Refusal::limit_range, [](Finding& finding, const Refused&) {
    finding.cause = "the pods ask for more or less than a LimitRange of the namespace allows";
    finding.next = fmt::format("kubectl describe limitrange -n {}, then change resources in {} or the LimitRange",
                               finding.chain.back().ns, owner_of(finding));
  });
}

Findings webhooks_unreachable(const Case& rules) {
  return findings_for(rules, Refusal::webhook,
                      [](Finding& finding, const Refused& refused) { explain_webhook(finding, refused.message); });
}

Findings admission_denied(const Case& rules) {
  return findings_for(rules, Refusal::denied, [](Finding& finding, const Refused& refused) {
    const auto level = between(refused.message, "violates PodSecurity \"", "\"");
    if (!level.empty()) {
      finding.cause = fmt::format("the namespace only allows pods of the security level \"{}\"", level);
      finding.next = fmt::format("set in {} what the message asks for; the level is the label "
                                 "pod-security.kubernetes.io/enforce of namespace {}",
                                 owner_of(finding), finding.chain.back().ns);
      return;
    }
    finding.cause = "a rule of the cluster (admission webhook or policy) does not allow these pods";
    finding.next = fmt::format("change in {} what the message names, or ask who made the rule", owner_of(finding));
  });
}

Findings pods_not_created(const Case& rules) {
  return findings_for(rules, Refusal::other, [](Finding& finding, const Refused&) {
    finding.cause = "the API server refuses the pods";
    finding.next = fmt::format("kubectl describe {}", kubectl_words(finding.chain.back()));
  });
}

}  // namespace datamill::diagnose
