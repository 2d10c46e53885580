// Every rule with objects in the state that it knows, and with the same objects after they became well: events of the
// time before are still there then.
#include "sample.hpp"

#include "diagnose/rules.hpp"

#include "support/catch.hpp"

#include "datamill/support/text.hpp"

#include <array>
#include <set>

namespace datamill::diagnose {

namespace {

struct Expected {
  std::string_view sample{};
  std::string_view codes{};  ///< all of them, in their order
  std::string_view cause{};  ///< a part of the first one's
  std::string_view next{};
};

constexpr std::array kImages{
    Expected{"image_not_found", "DM810", "the registry ghcr.io has no image \"ghcr.io/acme/web:1.4.2\"",
             "correct image: in container app of Deployment web, or push it"},
    Expected{"image_platform", "DM810", "not for the node's kind of processor", "correct image: in"},
    Expected{"image_name_invalid", "DM811", "\"Acme/Web:1.0\" is no name of an image",
             "correct image: in container app"},
    Expected{"image_never", "DM815", "imagePullPolicy: Never forbids to pull it", "bring the image to node worker-1"},
    Expected{"image_rate", "DM813", "docker.io allows no more pulls", "imagePullSecrets"},
    Expected{"image_access", "DM812", "it needs a login, or the repository does not exist",
             "kubectl create secret docker-registry registry-login -n shop --docker-server=ghcr.io"},
    Expected{"image_network", "DM814", "cannot resolve the name of the registry registry.example.com",
             "proxy of node worker-1"},
    Expected{"image_disk", "DM816", "the disk of node worker-1 is full", "make room"},
};

constexpr std::array kContainers{
    Expected{"crash_loop", "DM820", "a password does not fit",
             "kubectl logs web-5f7d8c9b6d-x2x7k -c app -n shop --previous"},
    Expected{"container_failed", "DM830", "exit code 3", "kubectl logs web-5f7d8c9b6d-x2x7k -c app -n shop"},
    Expected{"out_of_memory", "DM823", "more than its limit of 256Mi", "raise resources.limits.memory above 256Mi"},
    Expected{"init_failing", "DM824", "needs another service that does not answer", "-c migrate -n shop --previous"},
    Expected{"sidecar_failing", "DM833", "a sidecar does not stay up", "-c proxy -n shop --previous"},
    Expected{"secret_missing", "DM821", "the Secret \"web-db\" does not exist in namespace shop",
             "kubectl create secret generic web-db -n shop"},
    Expected{"secret_key_missing", "DM821", "the Secret \"web-db\" has no key \"password\"",
             "kubectl describe secret web-db -n shop"},
    Expected{"run_as_root", "DM822", "must not run as root", "securityContext.runAsUser in container app"},
    Expected{"command_missing", "DM822", "the command of the container does not exist", "correct command:"},
    Expected{"configmap_missing", "DM821", "the ConfigMap \"web-config\" does not exist",
             "kubectl create configmap web-config -n shop"},
    Expected{"mount_failed", "DM829", "the storage driver ebs.csi.aws.com does not run", "grep ebs"},
    Expected{"attach_failed", "DM828", "another one still has it", "volumeattachments"},
    Expected{"sandbox", "DM831", "network plugin cannot give the pod an address", "kube-system"},
    Expected{"readiness", "DM825", "answers the readiness probe with HTTP 503", "readinessProbe.timeoutSeconds"},
    Expected{"readiness_refused", "DM825", "nothing listens at the port", "kubectl logs web-5f7d8c9b6d-x2x7k -c app"},
    Expected{"liveness", "DM826", "no answer within its 1 s, so the kubelet restarts",
             "livenessProbe.failureThreshold"},
    Expected{"startup", "DM827", "nothing listens at the port", "startupProbe.failureThreshold"},
};

constexpr std::array kAdmission{
    Expected{"service_account", "DM850", "ServiceAccount \"web\"", "kubectl create serviceaccount web -n shop"},
    Expected{"quota", "DM851", "exceeded quota: compute, requested: limits.cpu=2",
             "kubectl describe resourcequota -n shop"},
    Expected{"quota_unset", "DM851", "wants requests or limits", "set in Deployment web"},
    Expected{"quota_statefulset", "DM851", "exceeded quota: pods", "kubectl describe resourcequota -n shop"},
    Expected{"limit_range", "DM852", "LimitRange", "kubectl describe limitrange -n shop"},
    Expected{"webhook", "DM853", "\"pods.policy.example.com\" must allow every such pod, and it has nobody behind it",
             "kubectl get endpointslices -n policy-system -l kubernetes.io/service-name=policy"},
    Expected{"denied", "DM854", "does not allow these pods", "change in Deployment web"},
    Expected{"pod_security", "DM854", "security level \"restricted:latest\"",
             "set in Deployment web what the message asks for"},
    Expected{"refused", "DM855", "the API server refuses the pods",
             "kubectl describe replicaset web-5f7d8c9b6d -n shop"},
};

constexpr std::array kStorage{
    Expected{"class_missing", "DM840 DM847", "no StorageClass \"fast\"; there is slow, standard",
             "kubectl delete persistentvolumeclaim data-web-0 -n shop"},
    Expected{"no_default_class", "DM841 DM847", "no default one; there is standard",
             "kubectl annotate storageclass standard storageclass.kubernetes.io/is-default-class=true"},
    Expected{"provisioner_missing", "DM842 DM847", "no pod of the provisioner ebs.csi.aws.com",
             "install the provisioner"},
    Expected{"provisioning_failed", "DM843 DM847", "the storage has no room",
             "kubectl describe persistentvolumeclaim data-web-0 -n shop"},
    Expected{"volume_zone", "DM844 DM847", "in the zone where the pod is to run",
             "kubectl describe storageclass standard"},
    Expected{"volume_by_hand", "DM846 DM847", "made by hand", "of at least 10Gi"},
    Expected{"claim_lost", "DM845", "volume pvc-11 was deleted", "restore the PersistentVolume"},
    Expected{"load_balancer", "DM848", "no load balancer, or no free address",
             "port-forward service/web -n shop 8080:80"},
    Expected{"load_balancer_failed", "DM848", "has failed", "kubectl describe service web -n shop"},
};

constexpr std::array kCluster{
    Expected{"node_not_ready", "DM800", "has stopped to report", "kubectl describe node worker-1"},
    Expected{"node_pressure", "DM801", "a disk of the node is nearly full", "df -h"},
    Expected{"evicted", "DM802", "worker-1 ran short of memory", "set requests for memory in Deployment web"},
    Expected{"namespace_finalizers", "DM803", "objects in the namespace have finalizers",
             "kubectl get all,pvc -n shop"},
    Expected{"namespace_api", "DM803", "does not answer", "kubectl delete apiservice v1beta1.metrics.k8s.io"},
    Expected{"kind_missing", "DM807", "does not know the kind Cluster", "kubectl get crd | grep postgresql.cnpg.io"},
    Expected{"kind_names", "DM808", "another definition has a name of this one", "kubectl get crd"},
    Expected{"release_pending", "DM805", "another helm is at work", "helm rollback web 2 -n shop"},
    Expected{"release_pending_first", "DM805", "another helm is at work", "helm uninstall web -n shop"},
    Expected{"release_failed", "DM806", "the last helm run", "helm history web -n shop"},
    Expected{"hook_failed", "DM857", "helm's pre-install,pre-upgrade hook failed",
             "kubectl delete job web-migrate -n shop"},
    Expected{"cron_job_failed", "DM835", "its CronJob makes the next one",
             "kubectl logs web-migrate-4xk2p -c app -n shop"},
    Expected{"job_failed", "DM856", "has failed 3 times", "kubectl logs web-migrate-4xk2p -c app -n shop"},
    Expected{"job_too_slow", "DM858", "within its 600 s", "kubectl describe job web-migrate -n shop"},
    Expected{"sidecar_keeps_job", "DM834", "while the container proxy runs", "restartPolicy: Always"},
};

void check(const Expected& expected) {
  INFO(expected.sample);
  const Sample ill{std::string(expected.sample)};
  REQUIRE(ill.there);
  CHECK(ill.codes() == expected.codes);
  const auto findings = ill.findings();
  REQUIRE_FALSE(findings.empty());
  const auto& first = findings.front();
  INFO(first.cause);
  INFO(first.next);
  CHECK(support::contains(first.cause, expected.cause));
  CHECK(support::contains(first.next, expected.next));
  CHECK_FALSE(first.cause.ends_with('.'));
  CHECK_FALSE(first.chain.empty());
  CHECK_FALSE(first.reason.empty());
  const Sample well{std::string(expected.sample) + ".well"};
  CHECK(well.codes().empty());
}

template <std::size_t N>
void check_all(const std::array<Expected, N>& cases) {
  for (const auto& expected : cases)
    check(expected);
}

template <std::size_t N>
void add_codes(const std::array<Expected, N>& cases, std::set<std::string>& seen, std::set<std::string>& well) {
  for (const auto& expected : cases) {
    for (auto& code : support::split_list(expected.codes, " ")) {
      if (Sample{std::string(expected.sample) + ".well"}.there) well.insert(code);
      seen.insert(std::move(code));
    }
  }
}

}  // namespace

TEST_CASE("images that cannot be pulled", "[diagnose]") {
  check_all(kImages);
}
TEST_CASE("containers that do not start, stay or get ready", "[diagnose]") {
  check_all(kContainers);
}
TEST_CASE("pods that the API server refuses", "[diagnose]") {
  check_all(kAdmission);
}
TEST_CASE("claims and addresses that nobody gives", "[diagnose]") {
  check_all(kStorage);
}
TEST_CASE("nodes, namespaces, kinds, releases and Jobs", "[diagnose]") {
  check_all(kCluster);
}

TEST_CASE("every rule has a sample, ill and well", "[diagnose]") {
  std::set<std::string> seen{"DM847"};  // tests/unit/diagnose/scheduling_test.cpp
  std::set<std::string> well{"DM847"};
  add_codes(kImages, seen, well);
  add_codes(kContainers, seen, well);
  add_codes(kAdmission, seen, well);
  add_codes(kStorage, seen, well);
  add_codes(kCluster, seen, well);
  std::set<std::string_view> names;
  for (const auto& rule : all_rules()) {
    INFO(rule.code);
    CHECK(seen.contains(std::string(rule.code)));
    CHECK(well.contains(std::string(rule.code)));
    CHECK(names.insert(rule.code).second);
    CHECK(names.insert(rule.name).second);
  }
}

}  // namespace datamill::diagnose
