#include "datamill/capacity/wanted.hpp"
#include "support/catch.hpp"

#include <string>

namespace datamill::capacity {

namespace {

using support::Node;

Node json(const std::string& text) {
  return support::read_json(text, "a test");
}

PodShape pod(const std::string& spec) {
  const auto node = json(spec);
  return read_pod(nullptr, node, "data-mill");
}

Wanted wanted(const std::string& object) {
  Wanted all;
  add_object(json(object), "lake", "data-mill", all);
  return all;
}

std::string deployment(const std::string& kind, const std::string& spec,
                       const std::string& metadata = R"("name":"x")") {
  return R"({"apiVersion":"apps/v1","kind":")" + kind + R"(","metadata":{)" + metadata + R"(},"spec":{)" + spec +
         R"("template":{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"m","image":"busybox:1"}]}}}})";
}

}  // namespace

TEST_CASE("init containers count by their largest, sidecars and overhead on top", "[capacity][read]") {
  const auto shape = pod(R"({"overhead":{"cpu":"50m"},
    "initContainers":[{"resources":{"requests":{"cpu":"3"}}},
                      {"restartPolicy":"Always","resources":{"requests":{"cpu":"100m","memory":"1Gi"}}},
                      {"resources":{"requests":{"cpu":"1","memory":"4Gi"}}}],
    "containers":[{"resources":{"requests":{"cpu":"500m"}}},{"resources":{"limits":{"memory":"1Gi","nvidia.com/gpu":1}}}]})");
  CHECK(shape.requests.at("cpu") == 3050);
  CHECK(shape.requests.at("memory") == std::int64_t{5} * 1000 * 1024 * 1024 * 1024);  // sidecar and the init after it
  CHECK(shape.requests.at("nvidia.com/gpu") == 1000);
  CHECK(shape.requests.at("pods") == 1000);
}

TEST_CASE("a request wins over the limit, the pod's own over the sum", "[capacity][read]") {
  const auto shape = pod(R"({"containers":[{"resources":{"requests":{"cpu":"0.25"},"limits":{"cpu":"4"}}}]})");
  CHECK(shape.requests.at("cpu") == 250);
  CHECK(pod(R"({"resources":{"requests":{"cpu":"2"}},"containers":[{"resources":{"requests":{"cpu":"9"}}}]})")
            .requests.at("cpu") == 2000);
}

TEST_CASE("only required rules are read", "[capacity][read]") {
  const auto shape = pod(R"({"hostNetwork":true,"nodeSelector":{"disk":"ssd"},
    "tolerations":[{"key":"gpu","operator":"Exists"}],
    "containers":[{"ports":[{"containerPort":9100},{"containerPort":53,"protocol":"UDP"}]}],
    "affinity":{
      "nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
          {"matchExpressions":[{"key":"zone","operator":"In","values":["x","y"]}],
           "matchFields":[{"key":"metadata.name","operator":"In","values":["n1"]}]}]},
        "preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"preference":{"matchExpressions":[{"key":"no"}]}}]},
      "podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"podAffinityTerm":{"topologyKey":"no"}}],
        "requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"x"}},"topologyKey":"zone"}]}},
    "topologySpreadConstraints":[{"maxSkew":2,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule",
        "labelSelector":{"matchLabels":{"app":"x"}}},{"whenUnsatisfiable":"ScheduleAnyway","topologyKey":"no"}]})");
  CHECK(shape.host_ports == std::vector<HostPort>{{9100, "TCP"}, {53, "UDP"}});
  REQUIRE(shape.node_affinity.size() == 1);
  CHECK(shape.node_affinity.front().size() == 2);
  CHECK(shape.node_affinity.front().back().key == "metadata.name");
  REQUIRE(shape.anti_affinity.size() == 1);
  CHECK(shape.anti_affinity.front().topology == "zone");
  CHECK(shape.anti_affinity.front().namespaces == std::vector<std::string>{"data-mill"});
  REQUIRE(shape.spreads.size() == 1);
  CHECK(shape.spreads.front().max_skew == 2);
  // hostPort counts without the host's network; containerPort does not.
  CHECK(pod(R"({"containers":[{"ports":[{"containerPort":1,"hostPort":80},{"containerPort":2}]}]})").host_ports ==
        std::vector<HostPort>{{80, "TCP"}});
}

TEST_CASE("each kind of workload makes its pods", "[capacity][read]") {
  CHECK(wanted(deployment("Deployment", R"("replicas":3,)")).workloads.front().replicas == 3);
  CHECK(wanted(deployment("Deployment", "")).workloads.front().replicas == 1);
  CHECK(wanted(deployment("DaemonSet", "")).workloads.front().per_node);
  CHECK(wanted(deployment("Job", R"("parallelism":4,"completions":2,)")).workloads.front().replicas == 2);
  CHECK(wanted(deployment("CronJob", "")).workloads.empty());
  CHECK(wanted(deployment("Job", "", R"("name":"x","annotations":{"helm.sh/hook":"pre-install"})")).workloads.empty());
  CHECK(wanted(deployment("Deployment", "", R"("name":"x","namespace":"else")")).workloads.front().pod.ns == "else");
  const auto one = wanted(deployment("Deployment", ""));
  CHECK(one.workloads.front().pod.labels.at("app") == "x");
  CHECK(one.images.front().reference == "busybox:1");
  CHECK_FALSE(one.custom_resources);
  CHECK(wanted(R"({"apiVersion":"postgresql.cnpg.io/v1","kind":"Cluster","metadata":{"name":"db"}})").custom_resources);
  CHECK_FALSE(
      wanted(R"({"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"i"}})").custom_resources);
}

TEST_CASE("volumes are asked for by claims and by templates", "[capacity][read]") {
  const auto set = wanted(deployment(
      "StatefulSet",
      R"("replicas":2,"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"resources":{"requests":{"storage":"2Gi"}}}}],)"));
  REQUIRE(set.claims.size() == 2);
  CHECK(set.claims.back().name == "data-x-1");
  CHECK(set.claims.back().bytes == std::int64_t{2} * 1024 * 1024 * 1024);
  CHECK_FALSE(set.claims.back().storage_class);
  const auto claim = wanted(
      R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"c"},"spec":{"storageClassName":"fast"}})");
  CHECK(claim.claims.front().storage_class == "fast");
  CHECK(
      wanted(R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"c"},"spec":{"volumeName":"pv"}})")
          .claims.empty());
}

TEST_CASE("a cluster is read from one list", "[capacity][read]") {
  const auto cluster = read_cluster(json(R"({"kind":"List","items":[
    {"kind":"Node","metadata":{"name":"b","labels":{"zone":"x"}},"spec":{"unschedulable":true,"taints":[
        {"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule"},{"key":"node.kubernetes.io/not-ready","effect":"NoSchedule"},
        {"key":"gpu","value":"yes","effect":"NoExecute"}]},"status":{"allocatable":{"cpu":"1500m","memory":"1Ki","pods":"110"}}},
    {"kind":"Node","metadata":{"name":"a"}},
    {"kind":"Pod","metadata":{"name":"w-7d4f-x","namespace":"n","labels":{"pod-template-hash":"7d4f"},
        "ownerReferences":[{"kind":"ReplicaSet","name":"w-7d4f"}]},"spec":{"nodeName":"a","containers":[]},"status":{"phase":"Running"}},
    {"kind":"Pod","metadata":{"name":"done","namespace":"n"},"spec":{"nodeName":"a"},"status":{"phase":"Succeeded"}},
    {"kind":"Pod","metadata":{"name":"waits","namespace":"n"},"spec":{},"status":{"phase":"Pending"}},
    {"kind":"Service","metadata":{"name":"s","namespace":"n"},"spec":{"ports":[{"port":80,"nodePort":30080}]}},
    {"kind":"StorageClass","metadata":{"name":"std","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}},
    {"kind":"PersistentVolumeClaim","metadata":{"name":"c","namespace":"n"}}]})"));
  REQUIRE(cluster.nodes.size() == 2);
  CHECK(cluster.nodes[0].name == "a");
  CHECK(cluster.nodes[0].allocatable.empty());
  const auto& b = cluster.nodes[1];
  CHECK(b.cordoned);
  REQUIRE(b.taints.size() == 1);
  CHECK(b.taints.front().key == "gpu");
  CHECK(b.allocatable.at("cpu") == 1500);
  CHECK(b.allocatable.at("memory") == 1024'000);
  CHECK(b.labels.at("metadata.name") == "b");
  REQUIRE(cluster.pods.size() == 1);
  CHECK(cluster.pods.front().owner.kind == "Deployment");
  CHECK(cluster.pods.front().owner.name == "w");
  CHECK(cluster.node_ports.at({.port = 30080}) == "n/s");
  CHECK(cluster.classes.front().is_default);
  CHECK(cluster.claims == std::vector<std::string>{"n/c"});
  CHECK_FALSE(cluster.autoscaled);
  CHECK(read_cluster(json(R"({"items":[{"kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[
      {"image":"registry.k8s.io/autoscaling/cluster-autoscaler:v1.33.0"}]}}]})"))
            .autoscaled);
}

}  // namespace datamill::capacity
