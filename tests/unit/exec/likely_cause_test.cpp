#include "datamill/support/text.hpp"
#include "exec/likely_cause.hpp"
#include "support/catch.hpp"

namespace datamill::exec {
namespace {

struct CauseCase {
  std::string line{};
  std::string part_of_cause{};
};

TEST_CASE("texts of the tools have plain causes", "[exec][cause]") {
  const auto c = GENERATE(values<CauseCase>({
      {"Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress", "cut off"},
      {"write /var/lib/x: no space left on device", "disk is full"},
      {"ERROR: No matching distribution found for no-such-package==1", "no index of pip"},
      {"ERROR: Invalid requirement: 'a b' (from line 2 of r.txt)", "list of packages"},
      {"E: Unable to locate package tni", "distribution has no package"},
      {R"(Error: building at STEP "COPY x /": copier: stat: ["/x"]: no such file or directory)", "build context"},
      {"ERROR: failed to solve: failed to compute cache key: \"/x\": not found", "build context"},
      {"[Errno -2] Name or service not known", "cannot be resolved"},
      {"Error: context deadline exceeded", "not become ready in time"},
      {"error: timed out waiting for the condition on pods/x", "not become ready in time"},
      {R"(resource mapping not found: no matches for kind "Cluster" in version "postgresql.cnpg.io/v1")", "CRD"},
      {R"(Internal error occurred: failed calling webhook "x": Post "https://y": dial tcp: connect: connection refused)",
       "webhook"},
      {"Error: INSTALLATION FAILED: cannot re-use a name that is still in use", "release of this name exists"},
      {"tls: failed to verify certificate: x509: certificate signed by unknown authority", "not trusted"},
      {"x509: certificate has expired or is not yet valid", "expired"},
      {"error: You must be logged in to the server (Unauthorized)", "credentials"},
      {R"(pods is forbidden: User "x" cannot list resource)", "may not do that"},
      {R"(pods "x" is forbidden: exceeded quota: compute)", "quota"},
      {R"(configmaps "x" is forbidden: unable to create new content in namespace y because it is being terminated)",
       "still being deleted"},
      {"Back-off pulling image: ImagePullBackOff", "image cannot be pulled"},
      {R"(Error from server (AlreadyExists): namespaces "x" already exists)", "exists already"},
      {"dial tcp: lookup charts.example.com: no such host", "cannot be resolved"},
      {"The connection to the server 127.0.0.1:6443 was refused: connect: connection refused", "nothing listens"},
      {"Last State: Terminated, Reason: OOMKilled", "memory"},
      {"dial tcp 10.0.0.1:443: i/o timeout", "no answer"},
      {"fork/exec /bin/x: permission denied", "may not read or write"},
      {R"(Error from server (NotFound): secrets "x" not found)", "should be there"},
  }));
  INFO(c.line);
  const auto cause = likely_cause({"starting", c.line, "exit"});
  CHECK(support::contains(cause.cause, c.part_of_cause));
  CHECK_FALSE(cause.hint.empty());
}

struct CodeCase {
  std::string line{};
  std::string code{};  ///< " " where it has none
  std::string part_of_cause{};
};

TEST_CASE("what findings say of objects has their code in the words of the tools too", "[exec][cause]") {
  const std::string throttled = "the server has received too many requests and has asked us to try again later";
  const auto c = GENERATE_COPY(values<CodeCase>({
      {"Error from server (TooManyRequests): " + throttled + " (get pods)", "DM809 ApiThrottled", "asked too often"},
      {"Error: UPGRADE FAILED: " + throttled + " (patch deployments.apps web)", "DM809 ApiThrottled", "asked too"},
      {"error: Too many requests, please try again later.", "DM809 ApiThrottled", "asked too often"},
      {"Error from server (TooManyRequests): storage is (re)initializing", " ", "still starting"},
      {"Error from server (TooManyRequests): Cannot evict pod as it would violate the pod's disruption budget.", " ",
       "PodDisruptionBudget"},
      {"toomanyrequests: You have reached your pull rate limit.", "DM813 ImageRateLimited", "no more pulls"},
      {"Failed to pull image \"nginx\": unexpected status code 429 Too Many Requests - Server message: "
       "toomanyrequests: You have reached your pull rate limit.",
       "DM813 ImageRateLimited", "no more pulls"},
      {"error: You must be logged in to the server (Unauthorized)", "DM859 CredentialsRefused", "expired"},
      {"error: You must be logged in to the server (the server has asked for the client to provide credentials)",
       "DM859 CredentialsRefused", "expired"},
      {"Error: Kubernetes cluster unreachable: the server has asked for the client to provide credentials",
       "DM859 CredentialsRefused", "expired"},
      {"Error: UPGRADE FAILED: Unauthorized", "DM859 CredentialsRefused", "expired"},
      {"Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255",
       "DM859 CredentialsRefused", "login helper"},
      {"Unable to connect to the server: failed to refresh token: oauth2: server responded with a 400 status",
       "DM859 CredentialsRefused", "cannot be renewed"},
      {"Error from server (Forbidden): pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\"",
       "DM859 CredentialsRefused", "no credentials"},
      {"unauthorized: authentication required", " ", "registry refuses the login"},
      {"Error: failed to fetch https://charts.example.com/index.yaml : 401 Unauthorized", " ", "wants a login"},
      {"Error from server (Forbidden): error when creating \"STDIN\": admission webhook \"validation.gatekeeper.sh\" "
       "denied the request: [all-must-have-owner] you must provide labels: {\"owner\"}",
       "DM854 AdmissionDenied", "admission webhook or policy"},
      {"Error: INSTALLATION FAILED: 1 error occurred: * admission webhook \"p.example.com\" denied the request: no",
       "DM854 AdmissionDenied", "admission webhook or policy"},
      {"Error from server (Forbidden): error when creating \"STDIN\": pods \"web\" is forbidden: violates PodSecurity "
       "\"restricted:latest\": allowPrivilegeEscalation != false",
       "DM854 AdmissionDenied", "security level"},
      {"The deployments \"web\" is invalid: : ValidatingAdmissionPolicy 'demo-policy.example.com' with binding "
       "'demo-binding-test.example.com' denied request: failed expression: object.spec.replicas <= 5",
       "DM854 AdmissionDenied", "admission webhook or policy"},
      {"Warning: would violate PodSecurity \"restricted:latest\": runAsNonRoot != true", " ", ""},
      {R"(Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "")",
       " ", "may not do that"},
      {R"(Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress)", "DM805 ReleasePending",
       "cut off"},
      {R"(pods "web" is forbidden: exceeded quota: compute, requested: pods=1)", "DM851 QuotaExceeded", "used up"},
      {R"(pods "web" is forbidden: failed quota: compute: must specify limits.cpu for: app)", "DM851 QuotaExceeded",
       "not set"},
      {R"(pods "web" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi)",
       "DM852 LimitRangeBroken", "LimitRange"},
      {R"(pods "web" is forbidden: error looking up service account n/web: serviceaccount "web" not found)",
       "DM850 ServiceAccountMissing", "ServiceAccount"},
      {R"(The Pod "web" is invalid: spec: Forbidden: pod updates may not change fields other than `image`)", " ",
       "a field of the object"},
      {R"(no matches for kind "Cluster" in version "postgresql.cnpg.io/v1")", "DM807 CustomKindMissing", "CRD"},
      {R"(Internal error occurred: failed calling webhook "x": failed to call webhook: context deadline exceeded)",
       "DM853 WebhookUnreachable", "webhook"},
  }));
  INFO(c.line);
  const auto cause = likely_cause({"starting", c.line});
  CHECK(cause.code + " " + cause.name == c.code);
  CHECK(support::contains(cause.cause, c.part_of_cause));
  CHECK(cause.cause.empty() == c.part_of_cause.empty());
}

TEST_CASE("the exact cause wins over the general one, wherever it stands", "[exec][cause]") {
  const std::string exact = "failed calling webhook \"x\"";
  CHECK(support::contains(likely_cause({exact, "context deadline exceeded"}).cause, "webhook"));
  CHECK(support::contains(likely_cause({"context deadline exceeded", exact}).cause, "webhook"));
}

TEST_CASE("nothing is said where nothing is known", "[exec][cause]") {
  // Without a network pip says both.
  CHECK(support::contains(
      likely_cause({"[Errno -3] Temporary failure in name resolution", "No matching distribution found"}).cause,
      "DNS"));
  CHECK(likely_cause({}).cause.empty());
  CHECK(likely_cause({"Error: something new"}).hint.empty());
}

}  // namespace
}  // namespace datamill::exec
