#include "sample.hpp"

#include "support/catch.hpp"

#include "datamill/support/text.hpp"

namespace datamill::diagnose {

using support::contains;

TEST_CASE("a finding names its chain, container, reason, exit code, log and event", "[diagnose]") {
  const auto finding = Sample("crash_loop").findings().front();
  REQUIRE(finding.chain.size() == 3);
  CHECK(finding.chain[0].kind == "Deployment");
  CHECK(finding.chain[1].kind == "ReplicaSet");
  CHECK(finding.chain[2].name == "web-5f7d8c9b6d-x2x7k");
  CHECK(finding.container == "app");
  CHECK(finding.reason == "CrashLoopBackOff");
  CHECK(finding.exit_code == 1);
  REQUIRE(finding.last_log.size() == 3);
  CHECK(finding.last_log.back() == "FATAL: password authentication failed for user \"web\"");
  CHECK(contains(finding.event, "Warning BackOff: Back-off restarting"));
  CHECK(finding.name == "CrashLoop");
}

TEST_CASE("pods of one owner in the same state are one finding", "[diagnose]") {
  const auto findings = Sample("crash_loop").findings();
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().count == 2);
  const auto node = domain::finding_node(findings.front());
  CHECK(node.text_at("count") == "2");
}

TEST_CASE("identity stays the same while times and counts change", "[diagnose]") {
  auto finding = Sample("crash_loop").findings().front();
  const auto before = identity(finding);
  finding.count = 20;
  finding.message = "back-off 10s restarting";
  finding.last_log.clear();
  CHECK(identity(finding) == before);
  finding.container = "proxy";
  CHECK(identity(finding) != before);
}

TEST_CASE("only what cannot become well by itself is hopeless", "[diagnose]") {
  for (const auto* name : {"image_name_invalid", "image_never", "hook_failed", "job_failed", "job_too_slow", "denied"})
    CHECK(Sample(name).findings().front().hopeless);
  for (const auto* name : {"image_not_found", "image_access", "crash_loop", "out_of_memory", "quota", "webhook",
                           "cron_job_failed", "class_missing", "cpu_never", "secret_missing"})
    CHECK_FALSE(Sample(name).findings().front().hopeless);
}

TEST_CASE("states that are normal at first are known as such", "[diagnose]") {
  CHECK(is_passing("DM825"));
  CHECK(is_passing("DM848"));
  CHECK_FALSE(is_passing("DM810"));
  CHECK_FALSE(is_passing("DM999"));
}

TEST_CASE("what was not read is not judged", "[diagnose]") {
  Sample sample("class_missing");
  World without;
  for (const auto* kind : {"StatefulSet", "Pod", "PersistentVolumeClaim"}) {
    for (const auto& entry : sample.world.of(kind))
      without.put(entry.second);
  }
  const auto findings = find(without, sample.scope);
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().code == "DM847");
  CHECK(findings.front().nodes.empty());
  without.mark_known("StorageClass");
  CHECK(find(without, sample.scope).front().code == "DM840");
}

TEST_CASE("what does not belong to the component is not told", "[diagnose]") {
  const Sample sample("crash_loop");
  CHECK(find(sample.world, {}).empty());
  CHECK(find(sample.world, {.holdings = {.releases = {{.ns = "shop", .name = "other"}}}}).empty());
  CHECK(objects_of(sample.world, sample.scope).size() == 4);
  // By our record instead of helm's annotation.
  const Scope recorded{.holdings = {.objects = {{.kind = "Deployment", .ns = "shop", .name = "web"}}}};
  CHECK(find(sample.world, recorded).size() == 1);
}

TEST_CASE("logs are wanted of one pod of each owner", "[diagnose]") {
  const Sample crash("crash_loop");
  const auto keys = wanted_logs(crash.world, crash.scope);
  REQUIRE(keys.size() == 1);
  CHECK(keys.front().pod == "web-5f7d8c9b6d-x2x7k");
  CHECK(keys.front().previous);
  const Sample failed("container_failed");
  REQUIRE(wanted_logs(failed.world, failed.scope).size() == 1);
  CHECK_FALSE(wanted_logs(failed.world, failed.scope).front().previous);
  const Sample image("image_not_found");
  CHECK(wanted_logs(image.world, image.scope).empty());
  const Sample well("crash_loop.well");
  CHECK(wanted_logs(well.world, well.scope).empty());
}

TEST_CASE("pods that are being deleted are not judged", "[diagnose]") {
  Sample sample("crash_loop");
  const auto pods = sample.world.of("Pod");
  for (const auto& entry : pods) {
    auto pod = entry.second;
    auto metadata = *pod.find("metadata");
    metadata.set("deletionTimestamp", support::Node::text("2026-11-21T11:09:00Z"));
    pod.set("metadata", std::move(metadata));
    sample.world.put(std::move(pod));
  }
  CHECK(sample.codes().empty());
}

TEST_CASE("an event of an earlier object of the same name does not count", "[diagnose]") {
  Sample sample("quota_statefulset");
  CHECK(sample.codes() == "DM851");
  auto set = *sample.world.find("StatefulSet", {.ns = "shop", .name = "web"});
  auto metadata = *set.find("metadata");
  metadata.set("uid", support::Node::text("another"));
  set.set("metadata", std::move(metadata));
  sample.world.put(std::move(set));
  CHECK(sample.codes().empty());
}

}  // namespace datamill::diagnose
