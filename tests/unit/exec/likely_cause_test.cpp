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
