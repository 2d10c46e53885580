// Helm's releases, by the labels of the Secrets in which helm keeps them.
#include "diagnose/rules.hpp"

#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace datamill::diagnose {

using domain::Finding;
using domain::ReleaseRef;
using support::Node;

namespace {

struct Revisions {
  const Node* newest = nullptr;
  std::int64_t number = 0;
  std::int64_t good = 0;  ///< the newest that was deployed; 0 if none was
};

std::int64_t revision_of(const Node& secret) {
  return support::parse_integer(label(secret, "version")).value_or(0);
}

Revisions revisions_of(const World& world, const ReleaseRef& release) {
  Revisions revisions;
  for (const auto& [key, secret] : world.of("Secret")) {
    if (key.ns != release.ns || label(secret, "owner") != "helm" || label(secret, "name") != release.name) continue;
    const auto number = revision_of(secret);
    const auto status = label(secret, "status");
    if (status == "deployed" || status == "superseded") revisions.good = std::max(revisions.good, number);
    if (number < revisions.number) continue;
    revisions.number = number;
    revisions.newest = &secret;
  }
  return revisions;
}

Finding about_release(const ReleaseRef& release, const Revisions& revisions) {
  return {.chain = {{.kind = "Release", .ns = release.ns, .name = release.name}},
          .reason = std::string(label(*revisions.newest, "status")),
          .message = fmt::format("revision {} of release {} is {}", revisions.number, release.name,
                                 label(*revisions.newest, "status"))};
}

std::string repair(const ReleaseRef& release, const Revisions& revisions) {
  const auto status = label(*revisions.newest, "status");
  if (status == "uninstalling" || (revisions.good == 0 && status == "pending-install"))
    return fmt::format("helm uninstall {} -n {}", release.name, release.ns);
  // Without a number helm takes the revision before.
  const auto revision = revisions.good > 0 ? fmt::format(" {}", revisions.good) : std::string{};
  return fmt::format("helm rollback {}{} -n {}", release.name, revision, release.ns);
}

}  // namespace

Findings releases_pending(const Case& rules) {
  Findings found;
  for (const auto& release : rules.scope().holdings.releases) {
    const auto revisions = revisions_of(rules.world(), release);
    if (revisions.newest == nullptr) continue;
    const auto status = label(*revisions.newest, "status");
    if (!status.starts_with("pending-") && status != "uninstalling") continue;
    auto finding = about_release(release, revisions);
    finding.cause = "another helm is at work on this release, or one was killed and has left its lock";
    finding.next =
        fmt::format("if no helm runs (`pgrep -a helm`, and on other machines): {}", repair(release, revisions));
    found.push_back(std::move(finding));
  }
  return found;
}

Findings releases_failed(const Case& rules) {
  Findings found;
  for (const auto& release : rules.scope().holdings.releases) {
    const auto revisions = revisions_of(rules.world(), release);
    if (revisions.newest == nullptr || label(*revisions.newest, "status") != "failed") continue;
    auto finding = about_release(release, revisions);
    finding.cause = "the last helm run on this release failed";
    finding.next = fmt::format("helm history {} -n {}", release.name, release.ns);
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace datamill::diagnose
