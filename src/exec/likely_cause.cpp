#include "exec/likely_cause.hpp"

#include "datamill/support/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace datamill::exec {
namespace {

/// Of the finding that says the same of objects in the cluster, where there is one.
struct Code {
  std::string_view id{};
  std::string_view name{};
};

struct Row {
  std::string_view part{};  ///< of the tool's text, lower case
  std::string_view cause{};
  std::string_view hint{};
  Code code{};
  bool only_waited = false;
};

constexpr Code kNamespaceTerminating{"DM803", "NamespaceTerminating"};
constexpr Code kReleasePending{"DM805", "ReleasePending"};
constexpr Code kCustomKindMissing{"DM807", "CustomKindMissing"};
constexpr Code kApiThrottled{"DM809", "ApiThrottled"};
constexpr Code kImageRateLimited{"DM813", "ImageRateLimited"};
constexpr Code kServiceAccountMissing{"DM850", "ServiceAccountMissing"};
constexpr Code kQuotaExceeded{"DM851", "QuotaExceeded"};
constexpr Code kLimitRangeBroken{"DM852", "LimitRangeBroken"};
constexpr Code kWebhookUnreachable{"DM853", "WebhookUnreachable"};
constexpr Code kAdmissionDenied{"DM854", "AdmissionDenied"};
constexpr Code kCredentialsRefused{"DM859", "CredentialsRefused"};

constexpr std::string_view kThrottledCause =
    "the API server is asked too often: somebody floods it, or its priority and fairness lets too little through";
constexpr std::string_view kThrottledHint =
    "see who is turned away with `kubectl get --raw /metrics | grep flowcontrol_rejected_requests_total`; ask less at "
    "a time with `-j 1`";
constexpr std::string_view kLoginCause = "the API server refuses the credentials: they are expired, missing or wrong";
constexpr std::string_view kLoginHint = "log in again, or use another context (--kube-context)";

/// Texts of apt, pip, buildah and docker, of Go's net and os packages, of client-go, helm 3 and 4, kubectl and the API
/// server. The first row that any line matches wins, so what is more exact stands higher: tools end with "context
/// deadline exceeded" whatever the reason.
constexpr std::array kRows{
    Row{"another operation (install/upgrade/rollback) is in progress",
        "an earlier helm run on this release was cut off, or another one is at work",
        "look with `helm history`; if nothing runs, `helm rollback` or `helm uninstall` the release", kReleasePending},
    Row{"violates podsecurity", "the namespace only allows pods of a stricter security level",
        "set what the message asks for; the level is the label pod-security.kubernetes.io/enforce of the namespace",
        kAdmissionDenied},
    Row{"denied the request", "a rule of the cluster (admission webhook or policy) does not allow this object",
        "change what the message names, or ask who made the rule", kAdmissionDenied},
    Row{"denied request", "a rule of the cluster (admission webhook or policy) does not allow this object",
        "change what the message names, or ask who made the rule", kAdmissionDenied},
    Row{"no space left on device", "a disk is full", "make room (`df -h` shows where)"},
    Row{"disk quota exceeded", "the disk quota of this user is used up", "make room"},
    Row{"exceeded quota", "the namespace's resource quota is used up",
        "look with `kubectl describe resourcequota`, then ask for less or raise it", kQuotaExceeded},
    Row{"failed quota", "the namespace's resource quota wants requests or limits that are not set",
        "set what the message names", kQuotaExceeded},
    Row{" usage per ", "more or less is asked for than a LimitRange of the namespace allows",
        "look with `kubectl describe limitrange`, then change the resources or the LimitRange", kLimitRangeBroken},
    Row{"error looking up service account", "the ServiceAccount that the pod is to run as does not exist",
        "make it with `kubectl create serviceaccount`, or name another one", kServiceAccountMissing},
    Row{"invalid requirement", "a line of the list of packages is none",
        "correct the line that the text names: one package per line, as numpy==2.1"},
    Row{"resolutionimpossible", "two packages want different versions of a third",
        "loosen a version in the list of packages, or in images/constraints.txt"},
    Row{"unable to locate package", "the distribution has no package of this name",
        "check the name; `apt-get update` must stand before it in the same RUN"},
    Row{"temporary failure resolving", "the DNS server gave no answer", "check this machine's DNS (/etc/resolv.conf)"},
    Row{"copier: stat:", "COPY names a file that is not in the build context",
        "write the file, or let `files:` in image.yaml bring it; .dockerignore may leave it out"},
    Row{"failed to compute cache key", "COPY names a file that is not in the build context",
        "write the file, or let `files:` in image.yaml bring it; .dockerignore may leave it out"},
    Row{"failed calling webhook", "an operator's webhook does not answer yet, or its operator is gone",
        "wait until the operator's pods are Ready; if it was removed, delete its webhook configuration",
        kWebhookUnreachable},
    Row{"storage is (re)initializing", "the API server is still starting", "wait a minute, then run it again"},
    Row{"violate the pod's disruption budget", "a PodDisruptionBudget does not let this pod go now",
        "look with `kubectl get pdb -A`"},
    Row{"(toomanyrequests)", kThrottledCause, kThrottledHint, kApiThrottled},
    Row{"the server has received too many requests", kThrottledCause, kThrottledHint, kApiThrottled},
    Row{"no matches for kind", "the cluster does not know this kind of object: its CRD is missing",
        "install the operator that brings the CRD first, or wait until the CRD is Established", kCustomKindMissing},
    Row{"ensure crds are installed first", "the cluster does not know this kind of object: its CRD is missing",
        "install the operator that brings the CRD first, or wait until the CRD is Established", kCustomKindMissing},
    Row{"cannot re-use a name that is still in use", "a release of this name exists already",
        "look with `helm list -A`, then choose another name or adopt it with --adopt"},
    Row{"invalid ownership metadata", "an object of this release exists already and belongs to something else",
        "delete the object that the text names, or adopt it with --adopt"},
    Row{"field is immutable", "a field changed that Kubernetes does not let change",
        "delete the object that the text names (a StatefulSet with --cascade=orphan keeps its pods)"},
    Row{"updates to statefulset spec for fields other than",
        "a field of a StatefulSet changed that Kubernetes does not let change",
        "delete the StatefulSet with `kubectl delete statefulset NAME --cascade=orphan`"},
    Row{" is invalid: ", "the API server finds a field of the object wrong", "correct what the message names"},
    Row{"oomkilled", "a container was killed because it used more memory than its limit",
        "raise its memory limit, or give the cluster more memory"},
    Row{"out of memory", "the memory ran out", "close something, or give the cluster more memory"},
    Row{"cannot allocate memory", "the memory ran out", "close something, or give the cluster more memory"},
    Row{"toomanyrequests", "the registry allows no more pulls for now",
        "wait, log in to the registry, or set `registry_mirror:` in the target", kImageRateLimited},
    Row{"429 too many requests", "the registry or chart repository allows no more pulls for now",
        "wait, log in to it, or set `registry_mirror:` in the target", kImageRateLimited},
    Row{"imagepullbackoff", "an image cannot be pulled", "check the image's name and that its registry can be reached"},
    Row{"errimagepull", "an image cannot be pulled", "check the image's name and that its registry can be reached"},
    Row{"failed to pull image", "an image cannot be pulled",
        "check the image's name and that its registry can be reached"},
    Row{"too many requests, please try again later", kThrottledCause, kThrottledHint, kApiThrottled},
    Row{"crashloopbackoff", "a container ends again and again right after its start",
        "look at its log with `kubectl logs --previous`"},
    Row{"insufficient cpu", "no node has enough free CPU", "give the cluster more, or ask for less"},
    Row{"insufficient memory", "no node has enough free memory", "give the cluster more, or ask for less"},
    Row{"x509: certificate has expired", "a certificate has expired, or this machine's clock is wrong",
        "check the clock with `date`, then renew the certificate"},
    Row{"x509:", "a TLS certificate is not trusted",
        "check that the kubeconfig belongs to this cluster and that no proxy stands in between"},
    Row{"tls: failed to verify certificate", "a TLS certificate is not trusted",
        "check that the kubeconfig belongs to this cluster and that no proxy stands in between"},
    Row{"is being terminated", "the namespace is still being deleted", "wait until it is gone", kNamespaceTerminating},
    Row{"getting credentials: exec", "the kubeconfig's login helper is missing or failed: there are no credentials",
        "run the helper that the text names by hand, and log in again", kCredentialsRefused},
    Row{"failed to refresh token", "the login of the kubeconfig has expired and cannot be renewed", kLoginHint,
        kCredentialsRefused},
    Row{"asked for the client to provide credentials", kLoginCause, kLoginHint, kCredentialsRefused},
    Row{"must be logged in to the server", kLoginCause, kLoginHint, kCredentialsRefused},
    Row{"user \"system:anonymous\" cannot", "the kubeconfig has no credentials, so the API server knows nobody here",
        kLoginHint, kCredentialsRefused},
    Row{"unauthorized: ", "the registry refuses the login: it is missing, wrong or expired",
        "log in to the registry again"},
    Row{"unauthorized to access repository", "the registry refuses the login: it is missing, wrong or expired",
        "log in to the registry again"},
    Row{"401 unauthorized", "the server that the text names wants a login, or refuses this one", "log in there again"},
    Row{"unauthorized", kLoginCause, kLoginHint, kCredentialsRefused},
    Row{"forbidden", "this user may not do that", "ask for the right, or use another context (--kube-context)"},
    Row{"exec plugin", "the kubeconfig's login helper failed", "run the helper that the text names by hand"},
    Row{"the object has been modified", "somebody else changed the object at the same moment", "run it again"},
    Row{"already exists", "something of this name exists already",
        "delete it, or choose another name; `kubectl get` shows whose it is"},
    Row{"no such host", "a host name cannot be resolved", "check the name and this machine's DNS"},
    Row{"name or service not known", "a host name cannot be resolved", "check the name and this machine's DNS"},
    Row{"server misbehaving", "the DNS server gave no answer", "check this machine's DNS (/etc/resolv.conf)"},
    Row{"temporary failure in name resolution", "the DNS server gave no answer",
        "check this machine's DNS (/etc/resolv.conf)"},
    Row{"connection refused", "nothing listens at that address: the cluster or a service in it is not running",
        "look with `datamill status`; start the cluster with `datamill start`"},
    Row{"network is unreachable", "there is no network route to that address", "check the network"},
    Row{"no route to host", "there is no network route to that address", "check the network"},
    Row{"i/o timeout", "no answer came in time", "check the network and any proxy or firewall"},
    Row{"connection reset by peer", "the other side broke the connection off", "run it again"},
    Row{"context deadline exceeded",
        "something did not become ready in time",
        "look at the pods with `kubectl get pods -A`; if they only need longer, raise the component's `timeout:`",
        {},
        true},
    Row{"timed out waiting for the condition",
        "something did not become ready in time",
        "look at the pods with `kubectl get pods -A`; if they only need longer, raise the component's `timeout:`",
        {},
        true},
    Row{"permission denied", "this user may not read or write a file", "check the owner of the file that is named"},
    Row{"read-only file system", "the file system is mounted read-only", "check the disk, or use another --state-dir"},
    Row{"too many open files", "the limit of open files is reached", "raise it with `ulimit -n`"},
    Row{"address already in use", "another program uses that port", "find it with `ss -ltnp`, then stop it"},
    Row{"port is already allocated", "another container uses that port", "find it with `docker ps`, then stop it"},
    Row{"cannot connect to the docker daemon", "docker is not running", "start it with `sudo systemctl start docker`"},
    Row{"no matching distribution found",
        "no index of pip has this package for the images' Python, or not this version",
        "check its name and version; packages without a wheel cannot be had"},
    Row{"notfound", "something that should be there is not", "look with `datamill status`"},
    Row{"not found", "something that should be there is not", "look with `datamill status`"},
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

LikelyCause likely_cause(const std::vector<std::string>& last_lines) {
  const Row* best = nullptr;
  for (auto line = last_lines.rbegin(); line != last_lines.rend(); ++line) {
    const std::string text = lower(*line);
    for (const Row& row : kRows) {
      if (best != nullptr && &row >= best) break;
      if (support::contains(text, row.part)) best = &row;
    }
  }
  if (best == nullptr) return {};
  return {.code = std::string{best->code.id},
          .name = std::string{best->code.name},
          .cause = std::string{best->cause},
          .hint = std::string{best->hint},
          .only_waited = best->only_waited};
}

}  // namespace datamill::exec
