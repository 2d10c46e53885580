#include "readiness_samples.hpp"

#include "datamill/diagnose/readiness.hpp"

#include <optional>
#include <vector>

using datamill::diagnose::judge;
using datamill::diagnose::World;
using datamill::domain::ObjectRef;
using datamill::tests::known_world;

TEST_CASE("jobs, claims, services, definitions are ready as their kinds mean it", "[diagnose][readiness]") {
  struct Case {
    std::string why{};
    std::string kind{};
    std::string rest{};
    bool ready = false;
    std::string text{};
  };
  const std::vector<Case> cases{
      {"a job that runs", "Job", R"("status":{"active":1})", false, "running"},
      {"a job that tries again", "Job", R"("status":{"active":1,"failed":2})", false, "running, 2 of its pods failed"},
      {"a job that is done", "Job", R"("status":{"succeeded":1,"conditions":[{"type":"Complete","status":"True"}]})",
       true, ""},
      {"a job that failed", "Job",
       R"("status":{"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded"}]})", false,
       "failed (BackoffLimitExceeded)"},
      {"a claim", "PersistentVolumeClaim", R"("spec":{"storageClassName":"fast"},"status":{"phase":"Bound"})", true,
       ""},
      {"a claim that pends", "PersistentVolumeClaim",
       R"("spec":{"storageClassName":"fast"},"status":{"phase":"Pending"})", false, "Pending"},
      {"a claim that waits for its first pod", "PersistentVolumeClaim",
       R"("spec":{"storageClassName":"late"},"status":{"phase":"Pending"})", true, ""},
      {"a service inside", "Service", R"("spec":{"type":"ClusterIP"},"status":{"loadBalancer":{}})", true, ""},
      {"a balancer without address", "Service", R"("spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{}})", false,
       "has no address yet"},
      {"a balancer", "Service",
       R"("spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"hostname":"a.example"}]}})", true, ""},
      {"a definition", "CustomResourceDefinition",
       R"("status":{"conditions":[{"type":"NamesAccepted","status":"True"},{"type":"Established","status":"True"}]})",
       true, ""},
      {"a definition too early", "CustomResourceDefinition", R"("spec":{})", false, "not established yet"},
      {"a definition in conflict", "CustomResourceDefinition",
       R"("status":{"conditions":[{"type":"NamesAccepted","status":"False","reason":"ListKindConflict"}]})", false,
       "has names that are taken (ListKindConflict)"},
      {"a namespace that goes", "Namespace", R"("status":{"phase":"Terminating"})", false, "Terminating"},
      {"a node", "Node", R"("status":{"conditions":[{"type":"Ready","status":"Unknown"}]})", false, "not ready"},
      {"a custom resource", "Cluster", R"("status":{"conditions":[{"type":"Ready","status":"True"}]})", true, ""},
      {"a custom resource that says why", "Cluster",
       R"("status":{"conditions":[{"type":"Ready","status":"False","reason":"X","message":"Setting up\n primary"}]})",
       false, "Ready is False: Setting up primary"},
  };
  for (const auto& c : cases) {
    INFO(c.why);
    const auto object = R"({"kind":")" + c.kind + R"(","metadata":{"name":"x","namespace":"data"},)" + c.rest + "}";
    const auto seen = known_world({object, R"({"kind":"StorageClass","metadata":{"name":"late"},
      "volumeBindingMode":"WaitForFirstConsumer"})"});
    const auto readiness = judge(seen, {.kind = c.kind, .ns = "data", .name = "x"}, "");
    CHECK(readiness.ready == c.ready);
    CHECK(readiness.text == c.text);
  }
}

TEST_CASE("a claim that a pod waits for has to be bound", "[diagnose][readiness]") {
  const auto seen = known_world({R"({"kind":"PersistentVolumeClaim","metadata":{"name":"x","namespace":"data"},
    "spec":{"storageClassName":"late"},"status":{"phase":"Pending"}})",
                                 R"({"kind":"StorageClass","metadata":{"name":"late"},
    "volumeBindingMode":"WaitForFirstConsumer"})",
                                 R"({"kind":"Pod","metadata":{"name":"p","namespace":"data"},"spec":{"volumes":[
    {"name":"v","persistentVolumeClaim":{"claimName":"x"}}]},"status":{"phase":"Pending"}})"});
  CHECK(judge(seen, {.kind = "PersistentVolumeClaim", .ns = "data", .name = "x"}, "").ready == false);
}

TEST_CASE("conditions are read as kubectl wait reads them", "[diagnose][readiness]") {
  struct Case {
    std::string condition{};
    std::optional<bool> ready{};
    std::string text{};
  };
  constexpr std::string_view kObject = R"({"kind":"Cluster","metadata":{"name":"x","namespace":"data","generation":3,
    "annotations":{"a.b/c":"yes"}},"spec":{"instances":2},"status":{"phase":"Healthy","applied":true,"empty":null,
    "list":[{"name":"a","value":1},{"name":"b","value":2}],"conditions":[
    {"type":"Ready","status":"True"},{"type":"Archiving","status":"False","reason":"Off"},
    {"type":"Old","status":"True","observedGeneration":2}]}})";
  const std::vector<Case> cases{
      {"condition=Ready", true, ""},
      {"condition=ready=true", true, ""},
      {"condition=Ready=False", false, "Ready is True"},
      {"condition=Archiving", false, "Archiving is False: Off"},
      {"condition=Archiving=False", true, ""},
      {"condition=Old", false, "is not seen by its controller yet"},
      {"condition=Absent", false, "Absent is not known yet"},
      {"jsonpath={.status.phase}=Healthy", true, ""},
      {"jsonpath={.status.phase}=Ill", false, ".status.phase is Healthy, not Ill"},
      {"jsonpath=.status.phase=Healthy", true, ""},
      {"jsonpath={.status.applied}=true", true, ""},
      {"jsonpath={.status.absent}=true", false, ".status.absent is not set yet"},
      {"jsonpath={.status.absent}", false, ".status.absent is not set yet"},
      {"jsonpath={.status.phase}", true, ""},
      {"jsonpath={.spec.instances}=2", true, ""},
      {"jsonpath={.metadata.annotations.a\\.b/c}=yes", true, ""},
      {"jsonpath={.metadata.annotations['a.b/c']}=yes", true, ""},
      {"jsonpath={.status.list[1].value}=2", true, ""},
      {R"(jsonpath={.status.conditions[?(@.type=="Ready")].status}=True)", true, ""},
      {R"(jsonpath={.status.list[?(@.name=='b')].value}=3)", false, ".status.list[?(@.name=='b')].value is 2, not 3"},
      {"jsonpath={.status.list[*].value}=1", std::nullopt, ""},
      {"jsonpath={.status.list}=1", std::nullopt, ""},
      {"jsonpath={range .items[*]}{.x}{end}=1", std::nullopt, ""},
      {"jsonpath={..phase}=Healthy", std::nullopt, ""},
      {"delete", false, "still there"},
      {"create", std::nullopt, ""},
  };
  for (const auto& c : cases) {
    INFO(c.condition);
    const auto readiness = judge(known_world({kObject}), {.kind = "Cluster", .ns = "data", .name = "x"}, c.condition);
    CHECK(readiness.ready == c.ready);
    CHECK(readiness.text == c.text);
  }
}

TEST_CASE("what is absent is not there yet, or gone, or unknown", "[diagnose][readiness]") {
  const ObjectRef object{.kind = "Cluster", .ns = "data", .name = "x"};
  CHECK(judge(known_world({}), object, "condition=Ready").text == "not there yet");
  CHECK(judge(known_world({}), object, "condition=Ready").ready == false);
  CHECK(judge(known_world({}), object, "delete").ready == true);
  CHECK_FALSE(judge(World{}, object, "delete").ready);
  CHECK_FALSE(judge(World{}, object, "condition=Ready").ready);
  World one;  // of a kind that was not read as a whole
  one.put(datamill::tests::json(R"({"kind":"Cluster","metadata":{"name":"x","namespace":"data"},"status":{"conditions":
    [{"type":"Ready","status":"True"}]}})"));
  CHECK(judge(one, object, "condition=Ready").ready == true);
  CHECK(judge(one, object, "delete").ready == false);
}

TEST_CASE("the pods of a custom resource say why it is not ready", "[diagnose][readiness]") {
  const auto seen = known_world({R"({"apiVersion":"postgresql.cnpg.io/v1","kind":"Cluster","metadata":{"name":"db",
    "namespace":"data"},"status":{"conditions":[{"type":"Ready","status":"False","message":"Setting up primary"}]}})",
                                 R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"db-1","namespace":"data",
    "ownerReferences":[{"apiVersion":"postgresql.cnpg.io/v1","kind":"Cluster","name":"db","controller":true}]},
    "status":{"phase":"Pending","containerStatuses":[{"name":"pg","state":{"waiting":{"reason":"ImagePullBackOff"}}}]}})"});
  const ObjectRef cluster{.api_version = "postgresql.cnpg.io/v1", .kind = "Cluster", .ns = "data", .name = "db"};
  CHECK(judge(seen, cluster, "condition=Ready").text == "0 of 1 pods: db-1 ImagePullBackOff");
}
