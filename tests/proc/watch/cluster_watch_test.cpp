#include "datamill/watch/cluster_watch.hpp"

#include "fake_api.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <optional>
#include <poll.h>
#include <sys/stat.h>

using datamill::exec::Observation;
using datamill::plan::Awaited;
using datamill::plan::Plan;
using datamill::plan::Step;
using datamill::tests::event;
using datamill::tests::FakeApi;
using datamill::tests::SocketServer;
using datamill::tests::TempFolder;
using datamill::watch::ClusterWatch;

namespace {

const std::string kPods = "/api/v1/pods";
const std::string kSets = "/apis/apps/v1/namespaces/data/statefulsets";
const std::string kJobs = "/apis/batch/v1/namespaces/data/jobs";
const Awaited kLake{.object = {.kind = "Release", .ns = "data", .name = "lake"}};
const Awaited kJob{.object = {.api_version = "batch/v1", .kind = "Job", .ns = "data", .name = "init"},
                   .condition = "condition=Complete"};

std::string set_of(int ready, int version) {
  return R"({"metadata":{"name":"lake","namespace":"data","generation":1,"resourceVersion":")" +
         std::to_string(version) +
         R"(","annotations":{"meta.helm.sh/release-name":"lake"}},"spec":{"replicas":2},"status":{
         "observedGeneration":1,"updatedReplicas":2,"readyReplicas":)" +
         std::to_string(ready) + "}}";
}

std::string pod(const std::string& name, const std::string& reason, int restarts, int version) {
  return R"({"metadata":{"name":")" + name + R"(","namespace":"data","resourceVersion":")" + std::to_string(version) +
         R"(","ownerReferences":[{"kind":"StatefulSet","name":"lake","controller":true}]},"status":{"phase":"Running",
         "conditions":[{"type":"PodScheduled","status":"True"}],"containerStatuses":[{"name":"app","restartCount":)" +
         std::to_string(restarts) + R"(,"state":{"waiting":{"reason":")" + reason +
         R"("}},"lastState":{"terminated":{"exitCode":3,"reason":"Error"}}}]}})";
}

std::string job(bool complete, int version) {
  return R"({"metadata":{"name":"init","namespace":"data","resourceVersion":")" + std::to_string(version) +
         R"("},"status":{"conditions":[)" + (complete ? R"({"type":"Complete","status":"True"})" : "") + "]}}";
}

struct Fixture {
  TempFolder folder{};
  FakeApi api{};
  Plan plan{};
  std::optional<SocketServer> server{};
  std::optional<ClusterWatch> watch{};

  explicit Fixture(const std::vector<Awaited>& awaits, bool only_waits = true) {
    plan.steps.push_back(Step{.id = 0, .awaits = awaits, .only_waits = only_waits});
    watch.emplace(plan, datamill::watch::ClusterWatchOptions{.kubectl = "/bin/kubectl", .folder = folder.path("run")});
  }
  void serve() {
    server.emplace(folder.path("run/proxy.sock"), [this](const std::string& path) { return api.answer(path); });
  }
  void start() {
    serve();
    watch->begin();
  }
  Observation look() { return watch->look(plan.steps[0]); }
  template <class Holds>
  bool wait_until(Holds holds) {
    for (int i = 0; i < 600; ++i) {
      if (holds(look())) return true;
      pollfd wake{.fd = watch->wake_descriptor(), .events = POLLIN, .revents = 0};
      (void)poll(&wake, 1, 50);
      (void)watch->take();
    }
    return false;
  }
  bool wait_for_text(const std::string& text) {
    const bool came = wait_until([&](const Observation& seen) { return seen.waits_for == text; });
    if (!came) UNSCOPED_INFO("seen last: " << look().waits_for);
    return came;
  }
  bool wait_for_fulfilled(std::optional<bool> fulfilled) {
    return wait_until([&](const Observation& seen) { return seen.fulfilled == fulfilled; });
  }
};

}  // namespace

TEST_CASE("a release is followed from the list through the stream", "[watch][proc]") {
  Fixture f({kLake}, false);
  f.api.set_list(kSets, set_of(0, 5));
  f.api.set_list(kPods, pod("lake-0", "ContainerCreating", 0, 6));
  f.start();
  CHECK(f.wait_for_text("0 of 2 pods: lake-0 ContainerCreating"));
  CHECK(f.look().fulfilled == false);
  REQUIRE(f.server->wait_for(kSets, 1, "watch=1"));
  f.server->push(kSets, event("MODIFIED", set_of(2, 11)));
  REQUIRE(f.server->wait_for(kPods, 1, "watch=1"));
  f.server->push(kPods, event("DELETED", pod("lake-0", "ContainerCreating", 0, 12)));
  CHECK(f.wait_for_fulfilled(true));
  CHECK(f.look().waits_for.empty());
  f.watch->end();
  CHECK(f.look().fulfilled == true);
}

TEST_CASE("the proxy may come late, go and come again", "[watch][proc]") {
  Fixture f({kLake}, false);
  f.api.set_list(kSets, set_of(1, 5));
  f.watch->begin();
  CHECK_FALSE(f.look().fulfilled.value_or(false));
  CHECK(f.look().waits_for.empty());
  f.serve();
  REQUIRE(f.wait_for_text("1 of 2 pods"));
  REQUIRE(f.server->wait_for(kSets, 1, "watch=1"));
  f.server->drop("");
  f.server.reset();
  f.serve();
  REQUIRE(f.server->wait_for(kSets, 1, "watch=1"));
  CHECK(f.look().waits_for == "1 of 2 pods");  // known meanwhile
  CHECK(f.server->requests(kSets + "?limit").empty());
  f.server->push(kSets, event("MODIFIED", set_of(2, 11)));
  CHECK(f.wait_for_fulfilled(true));
}

TEST_CASE("a server that throttles, fails and breaks off is asked again", "[watch][proc]") {
  Fixture f({kLake}, false);
  f.api.set(kSets, {.status = "429 Too Many Requests", .headers = "Retry-After: 1\r\n"});
  f.api.set(kPods, {.status = "500 Internal Server Error", .body = "etcdserver: leader changed"});
  f.start();
  REQUIRE(f.server->wait_for(kPods, 2));
  REQUIRE(f.server->wait_for(kSets, 1));
  f.api.set_list(kSets, set_of(1, 5));
  f.api.forget(kPods);
  CHECK(f.wait_for_text("1 of 2 pods"));
  REQUIRE(f.server->wait_for(kSets, 1, "watch=1"));
  f.server->push(kSets, R"({"type":"MODIFIED","obj)");  // and no more
  f.server->drop(kSets);
  REQUIRE(f.server->wait_for(kSets, 2, "watch=1"));
  f.server->push(kSets, event("MODIFIED", set_of(2, 11)));
  CHECK(f.wait_for_fulfilled(true));
}

TEST_CASE("what is gone while a version expired is gone after the next list", "[watch][proc]") {
  Fixture f({kLake}, false);
  f.api.set_list(kSets, set_of(0, 5));
  f.api.set_list(kPods, pod("lake-0", "ImagePullBackOff", 0, 6));
  f.start();
  REQUIRE(f.wait_for_text("0 of 2 pods: lake-0 ImagePullBackOff"));
  REQUIRE(f.server->wait_for(kPods, 1, "watch=1"));
  f.api.set_list(kPods, "", "30");
  f.server->push(kPods, event("ERROR", R"({"kind":"Status","code":410,"reason":"Expired"})"));
  f.server->drop(kPods);
  CHECK(f.wait_for_text("0 of 2 pods"));
  CHECK(f.server->requests(kPods + "?limit=500").size() == 2);
}

TEST_CASE("a kind that may not be read is no reason to wait for it", "[watch][proc]") {
  Fixture f({kJob});
  f.api.set(kJobs, {.status = "403 Forbidden", .body = "jobs.batch is forbidden"});
  f.start();
  CHECK(f.wait_for_fulfilled(std::nullopt));
}

TEST_CASE("a wait is fulfilled only by a state after its start", "[watch][proc]") {
  Fixture f({kJob});
  // The list is of the job before: it was deleted and made anew since.
  f.api.set_list(kJobs, job(true, 5));
  f.api.set(kJobs + "/init", {.body = job(false, 20)});
  f.start();
  REQUIRE(f.server->wait_for(kJobs, 1, "watch=1"));
  CHECK_FALSE(f.look().fulfilled.value_or(true));
  CHECK(f.wait_for_text("Complete is not known yet"));
  f.server->push(kJobs, event("MODIFIED", job(true, 6)));  // late news of the one before
  f.server->push(kJobs, event("MODIFIED", job(true, 21)));
  CHECK(f.wait_for_fulfilled(true));
  CHECK(f.server->requests(kJobs + "/init").size() == 1);
}

TEST_CASE("custom resources and definitions are watched when they are waited for", "[watch][proc]") {
  const Awaited database{
      .object = {.api_version = "postgresql.cnpg.io/v1", .kind = "Cluster", .ns = "data", .name = "db"},
      .condition = "condition=Ready"};
  const Awaited definition{.object = {.api_version = "apiextensions.k8s.io/v1",
                                      .kind = "CustomResourceDefinition",
                                      .name = "clusters.postgresql.cnpg.io"}};
  Fixture f({definition, database});
  const std::string group = "/apis/postgresql.cnpg.io/v1";
  const std::string one = R"({"metadata":{"name":"db","namespace":"data","resourceVersion":"12"},"status":{"conditions":
    [{"type":"Ready","status":"True"}]}})";
  const std::string crd = R"({"metadata":{"name":"clusters.postgresql.cnpg.io","resourceVersion":"9"},"spec":{
    "versions":[{"schema":{"openAPIV3Schema":{}}}]},"status":{"conditions":[{"type":"Established","status":"True"}]}})";
  const std::string crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  f.api.set(group, {.status = "404 Not Found"});
  f.api.set_list(crds, crd);
  f.api.set(crds + "/clusters.postgresql.cnpg.io", {.body = crd});
  f.start();
  CHECK(f.look().fulfilled == false);
  REQUIRE(f.server->wait_for(group, 2));
  f.api.set(group + "/namespaces/data/clusters/db", {.body = one});
  f.api.set_list(group + "/namespaces/data/clusters", one);
  f.api.set(group, {.body = R"({"resources":[{"name":"clusters","kind":"Cluster","namespaced":true}]})"});
  CHECK(f.wait_for_fulfilled(true));
}

TEST_CASE("the logs of containers that crash are read, once for each run of them", "[watch][proc]") {
  Fixture f({kLake}, false);
  const std::string log = "/api/v1/namespaces/data/pods/lake-0/log";
  f.api.set_list(kSets, set_of(0, 5));
  f.api.set_list(kPods, pod("lake-0", "CrashLoopBackOff", 4, 6));
  f.api.set(log, {.body = "starting\n\x1b[31mno database\n"});
  f.start();
  CHECK(f.wait_until([](const Observation& seen) {
    return std::any_of(seen.findings.begin(), seen.findings.end(), [](const auto& finding) {
      return finding.last_log == std::vector<std::string>{"starting", "[31mno database"};
    });
  }));
  REQUIRE(f.server->wait_for(kPods, 1, "watch=1"));
  CHECK(f.server->requests(log).size() == 1);
  CHECK(f.server->requests(log).front() == log + "?container=app&tailLines=20&limitBytes=16384&previous=true");
  f.server->push(kPods, event("MODIFIED", pod("lake-0", "CrashLoopBackOff", 5, 11)));
  CHECK(f.wait_until([&](const Observation&) { return f.server->requests(log).size() == 2; }));
}

TEST_CASE("the proxy serves one user, reads only, and its socket goes with the watch", "[watch][proc]") {
  Fixture f({kLake});
  const auto proxy = f.watch->companion();
  REQUIRE(proxy);
  const auto& args = proxy->command().args;
  const auto at = std::find(args.begin(), args.end(), "--unix-socket");
  REQUIRE(at != args.end());
  CHECK(*(at + 1) == f.folder.path("run/proxy.sock"));
  CHECK(std::find(args.begin(), args.end(), "^[^G]") != args.end());
  struct stat folder{};
  REQUIRE(stat(f.folder.path("run").c_str(), &folder) == 0);
  CHECK((folder.st_mode & 0777U) == 0700U);
  f.start();
  f.server.reset();
  f.watch.reset();
  CHECK_FALSE(std::filesystem::exists(f.folder.path("run/proxy.sock")));
}

TEST_CASE("a path too long for a socket is replaced by a private one", "[watch][proc]") {
  const TempFolder folder;
  Plan plan;
  plan.steps.push_back(Step{.awaits = {kLake}});
  std::string socket;
  {
    const ClusterWatch watch(plan, {.folder = folder.path(std::string(120, 'x')), .short_folder = folder.path()});
    const auto args = watch.companion()->command().args;
    socket = *(std::find(args.begin(), args.end(), "--unix-socket") + 1);
    CHECK(socket.size() <= 107);
    CHECK(std::filesystem::exists(std::filesystem::path(socket).parent_path()));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}
