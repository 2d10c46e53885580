#include "datamill/diagnose/readiness.hpp"

#include "readiness_samples.hpp"

#include <vector>

using datamill::diagnose::judge;
using datamill::diagnose::pod_state;
using datamill::diagnose::World;
using datamill::domain::ObjectRef;
using datamill::tests::json;
using datamill::tests::known_world;
using datamill::tests::with;

namespace {

const ObjectRef kLake{.api_version = "apps/v1", .kind = "StatefulSet", .ns = "data", .name = "lake"};
const ObjectRef kRelease{.kind = "Release", .ns = "data", .name = "lake"};

const std::string kStatefulSet = R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"lake",
  "namespace":"data","generation":2,"annotations":{"meta.helm.sh/release-name":"lake",
  "meta.helm.sh/release-namespace":"data"}},"spec":{"replicas":3,"updateStrategy":{"type":"RollingUpdate",
  "rollingUpdate":{"partition":0}}},"status":{"observedGeneration":2,"replicas":3,"readyReplicas":1,
  "availableReplicas":1,"updatedReplicas":3}})";

std::string pod(const std::string& name, const std::string& owner, const std::string& status) {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name +
         R"(","namespace":"data","ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":")" + owner +
         R"(","controller":true}]},"status":{)" + status + "}}";
}
const std::string kCreating =
    pod("lake-0", "lake", R"("phase":"Pending","conditions":[{"type":"PodScheduled","status":"True"},
  {"type":"Ready","status":"False","reason":"ContainersNotReady"}],"containerStatuses":[{"name":"lake","ready":false,
  "restartCount":0,"started":false,"state":{"waiting":{"reason":"ContainerCreating"}}}])");
const std::string kUnschedulable =
    pod("lake-1", "lake", R"("phase":"Pending","conditions":[{"type":"PodScheduled","status":"False",
  "reason":"Unschedulable","message":"0/1 nodes are available: 1 Insufficient cpu."}])");
const std::string kRunning = pod("lake-2", "lake", R"("phase":"Running","conditions":[{"type":"Ready","status":"True"}],
  "containerStatuses":[{"name":"lake","ready":true,"restartCount":0,"state":{"running":{}}}])");

const std::string kAllReady = with(kStatefulSet, R"("readyReplicas":1)", R"("readyReplicas":3)");

}  // namespace

TEST_CASE("a release says how many pods are ready and what the others do", "[diagnose][readiness]") {
  const auto seen = known_world({kStatefulSet, kCreating, kUnschedulable, kRunning});
  const auto readiness = judge(seen, kRelease, "");
  CHECK(readiness.ready == false);
  CHECK(readiness.text == "1 of 3 pods: lake-0 ContainerCreating, lake-1 Pending (Unschedulable)");
  CHECK(judge(seen, kLake, "").text == readiness.text);
}

TEST_CASE("a release is ready with all that belongs to it, and nothing else counts", "[diagnose][readiness]") {
  const auto foreign = pod("other-0", "other", R"("phase":"Pending")");
  auto seen = known_world({kAllReady, kRunning, foreign});
  CHECK(judge(seen, kRelease, "").ready == true);
  CHECK(judge(seen, kRelease, "").text.empty());
  CHECK(judge(seen, kLake, "").ready == true);
  seen.put(json(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"lake-s3","namespace":"data","annotations":
    {"meta.helm.sh/release-name":"lake"}},"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{}}})"));
  CHECK(judge(seen, kRelease, "").ready == false);
  CHECK(judge(seen, kRelease, "").text == "service lake-s3 has no address yet");
}

TEST_CASE("a job of a release counts, one of a schedule does not", "[diagnose][readiness]") {
  const std::string job = R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"init","namespace":"data",
    "annotations":{"meta.helm.sh/release-name":"lake"}},"status":{"active":1}})";
  CHECK(judge(known_world({kAllReady, job}), kRelease, "").text == "job init running");
  const auto scheduled =
      with(job, R"("annotations")", R"("ownerReferences":[{"kind":"CronJob","name":"nightly"}],"annotations")");
  CHECK(judge(known_world({kAllReady, scheduled}), kRelease, "").ready == true);
}

TEST_CASE("a release that is not there yet, or whose kinds are unknown, is not judged", "[diagnose][readiness]") {
  CHECK_FALSE(judge(known_world({}), kRelease, "").ready);
  World blind;
  blind.put(json(kStatefulSet));
  CHECK_FALSE(judge(blind, kRelease, "").ready);
}

TEST_CASE("a release is gone with its workloads", "[diagnose][readiness]") {
  CHECK(judge(known_world({}), kRelease, "delete").ready == true);
  const auto readiness = judge(known_world({kStatefulSet, kRunning}), kRelease, "delete");
  CHECK(readiness.ready == false);
  CHECK(readiness.text == "still there: statefulset lake, pod lake-2");
}

TEST_CASE("controllers are ready as kubectl rollout status means it", "[diagnose][readiness]") {
  struct Case {
    std::string why{};
    std::string object{};
    bool ready = false;
    std::string text{};
  };
  const std::string deployment = R"({"kind":"Deployment","metadata":{"name":"web","namespace":"data","generation":4},
    "spec":{"replicas":2},"status":{"observedGeneration":4,"replicas":2,"updatedReplicas":2,"readyReplicas":2,
    "availableReplicas":2,"conditions":[{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable"}]}})";
  const std::string none = R"({"kind":"Deployment","metadata":{"name":"web","namespace":"data","generation":4},
    "spec":{"replicas":0},"status":{"observedGeneration":4}})";
  const std::string daemons = R"({"kind":"DaemonSet","metadata":{"name":"web","namespace":"data","generation":1},
    "spec":{"updateStrategy":{"type":"RollingUpdate"}},"status":{"observedGeneration":1,"desiredNumberScheduled":2,
    "updatedNumberScheduled":2,"numberAvailable":2}})";
  const auto set = with(kAllReady, R"("name":"lake")", R"("name":"web")");
  const auto old_daemons = with(daemons, R"("updatedNumberScheduled":2)", R"("updatedNumberScheduled":1)");
  const std::vector<Case> cases{
      {"all there", deployment, true, ""},
      {"its controller is behind", with(deployment, R"("observedGeneration":4)", R"("observedGeneration":3)"), false,
       "is not seen by its controller yet"},
      {"half updated", with(deployment, R"("updatedReplicas":2)", R"("updatedReplicas":1)"), false,
       "has 1 of 2 pods of the new version"},
      {"old pods", with(deployment, R"("replicas":2,"updated)", R"("replicas":3,"updated)"), false,
       "has 1 pods of the old version left"},
      {"not available", with(deployment, R"("availableReplicas":2)", R"("availableReplicas":1)"), false, "1 of 2 pods"},
      {"no progress", with(deployment, "NewReplicaSetAvailable", "ProgressDeadlineExceeded"), false,
       "makes no progress (ProgressDeadlineExceeded)"},
      {"scaled to none", none, true, ""},
      {"not yet seen at all", with(none, R"("observedGeneration":4)", R"("replicas":0)"), false,
       "is not seen by its controller yet"},
      {"every node", daemons, true, ""},
      {"one node is missing", with(daemons, R"("numberAvailable":2)", R"("numberAvailable":1)"), false, "1 of 2 pods"},
      {"one node is old", old_daemons, false, "has 1 of 2 pods of the new version"},
      {"nobody updates", with(old_daemons, "RollingUpdate", "OnDelete"), true, ""},
      {"ordered", set, true, ""},
      {"partitioned",
       with(with(set, R"("partition":0)", R"("partition":2)"), R"("updatedReplicas":3)", R"("updatedReplicas":1)"),
       true, ""},
      {"not yet updated", with(set, R"("updatedReplicas":3)", R"("updatedReplicas":2)"), false,
       "has 2 of 3 pods of the new version"},
  };
  for (const auto& c : cases) {
    INFO(c.why);
    const auto kind = std::string(json(c.object).text_at("kind"));
    const auto readiness = judge(known_world({c.object}), {.kind = kind, .ns = "data", .name = "web"}, "");
    CHECK(readiness.ready == c.ready);
    CHECK(readiness.text == c.text);
  }
}

TEST_CASE("a pod's state is told as kubectl tells it", "[diagnose][readiness]") {
  struct Case {
    std::string status{};
    std::string state{};
  };
  const std::vector<Case> cases{
      {R"("phase":"Running","conditions":[{"type":"Ready","status":"True"}])", ""},
      {R"("phase":"Succeeded")", ""},
      {R"("phase":"Running","conditions":[{"type":"Ready","status":"False"}],
          "containerStatuses":[{"name":"a","ready":false,"state":{"running":{}}}])",
       "not ready"},
      {R"("phase":"Running","containerStatuses":[{"name":"a","state":{"running":{}}},
          {"name":"b","state":{"waiting":{"reason":"CrashLoopBackOff"}}}])",
       "CrashLoopBackOff"},
      {R"("phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},
          {"name":"j","state":{"running":{}}}])",
       "Init:1/2"},
      {R"("phase":"Pending","initContainerStatuses":[{"name":"i","state":{"waiting":{"reason":"ErrImagePull"}}}])",
       "Init:ErrImagePull"},
      {R"("phase":"Running","initContainerStatuses":[{"name":"sidecar","ready":true,"started":true,
          "state":{"running":{}}}],"containerStatuses":[{"name":"a","state":{"running":{}}}])",
       "not ready"},
      {R"("phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":137,
          "reason":"OOMKilled"}}}])",
       "OOMKilled"},
      {R"("phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":2,"reason":"Error"}}}])",
       "Error (exit code 2)"},
      {R"("phase":"Failed","reason":"Evicted","message":"The node was low on resource")", "Evicted"},
      {R"("phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}])",
       "Pending (SchedulingGated)"},
      {R"("phase":"Pending")", "Pending"},
  };
  for (const auto& c : cases) {
    INFO(c.status);
    CHECK(pod_state(json(R"({"kind":"Pod","metadata":{"name":"p"},"status":{)" + c.status + "}}")) == c.state);
  }
  CHECK(pod_state(json(R"({"kind":"Pod","metadata":{"name":"p","deletionTimestamp":"2026-11-21T10:00:00Z"},
    "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}})")) == "Terminating");
}
