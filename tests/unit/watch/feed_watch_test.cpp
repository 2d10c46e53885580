#include "watch/feed_watch.hpp"

#include "support/catch.hpp"
#include "watch/slim.hpp"

#include <string>

using namespace std::chrono_literals;
using datamill::plan::Awaited;
using datamill::support::Node;
using datamill::watch::Change;
using datamill::watch::Clock;
using datamill::watch::Feed;
using datamill::watch::feed_of;
using datamill::watch::FeedWatch;
using datamill::watch::first_feeds;
using datamill::watch::Listed;
using datamill::watch::Put;
using datamill::watch::Removed;
using datamill::watch::Unreadable;

namespace {

struct Fixture {
  FeedWatch watch;
  std::minstd_rand random{1};
  std::vector<Change> changes{};
  Clock::time_point now{};

  explicit Fixture(Feed feed) : watch(std::move(feed), [](Node&) { return true; }) {}
  std::string path() { return watch.next(random).path; }
  std::chrono::milliseconds end(long status, const std::string& body = {}, std::chrono::seconds retry_after = {}) {
    if (!body.empty()) watch.on_data(body, changes);
    return watch.on_end({.status = status, .problem = status == 0 ? "nobody there" : "", .retry_after = retry_after},
                        now, random, changes);
  }
  template <class T>
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::count_if(changes.begin(), changes.end(), [](const Change& c) { return std::holds_alternative<T>(c); }));
  }
};

Feed pods() {
  return {.kind = "Pod", .root = "/api/v1", .plural = "pods", .ns = "data"};
}

const std::string kList = R"({"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a","namespace":"data",
  "managedFields":[1],"resourceVersion":"5"}}]})";

}  // namespace

TEST_CASE("a feed lists, then watches from there", "[watch]") {
  Fixture f(pods());
  CHECK(f.path() == "/api/v1/namespaces/data/pods?limit=500&resourceVersion=0");
  CHECK(f.end(200, kList) == 0ms);
  REQUIRE(f.changes.size() == 2);
  CHECK(datamill::support::write_json(std::get<Put>(f.changes[0]).object) ==
        R"({"metadata":{"name":"a","namespace":"data","resourceVersion":"5"},"kind":"Pod","apiVersion":"v1"})");
  CHECK(std::get<Listed>(f.changes[1]).present.size() == 1);
  CHECK(f.path().starts_with("/api/v1/namespaces/data/pods?watch=1&allowWatchBookmarks=true&resourceVersion=7&"));
  f.watch.on_data(R"({"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"data","resourceVersion":"9"}}})",
                  f.changes);
  f.watch.on_data(R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"12"}}})", f.changes);
  f.watch.on_data(R"({"type":"DELETED","object":{"metadata":{"name":"a","namespace":"data","resourceVersion":"11"}}})",
                  f.changes);
  CHECK(f.count<Put>() == 2);
  CHECK(std::get<Removed>(f.changes.back()).key.name == "a");
  CHECK(f.end(200) <= 200ms);
  CHECK(f.path().find("resourceVersion=11&") != std::string::npos);
}

TEST_CASE("pages belong together", "[watch]") {
  Fixture f(pods());
  CHECK(f.end(200, R"({"metadata":{"resourceVersion":"7","continue":"to ken"},"items":[
    {"metadata":{"name":"a"}}]})") == 0ms);
  CHECK(f.count<Listed>() == 0);
  CHECK(f.path() == "/api/v1/namespaces/data/pods?limit=500&continue=to%20ken");
  CHECK(f.end(200, R"({"metadata":{"resourceVersion":"8"},"items":[{"metadata":{"name":"b"}}]})") == 0ms);
  CHECK(std::get<Listed>(f.changes.back()).present.size() == 2);
  CHECK(f.path().find("watch=1") != std::string::npos);
}

TEST_CASE("a page that is gone begins the list anew", "[watch]") {
  Fixture f(pods());
  (void)f.end(200, R"({"metadata":{"resourceVersion":"7","continue":"x"},"items":[{"metadata":{"name":"a"}}]})");
  CHECK(f.end(410) > 0ms);
  CHECK(f.path().find("continue") == std::string::npos);
  (void)f.end(200, kList);
  CHECK(std::get<Listed>(f.changes.back()).present.size() == 1);
}

TEST_CASE("a version that is too old is listed anew, and newest", "[watch]") {
  Fixture f(pods());
  (void)f.end(200, kList);
  SECTION("by status") {
    (void)f.end(410);
  }
  SECTION("inside the stream") {
    f.watch.on_data(R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}})", f.changes);
    (void)f.end(200);
  }
  CHECK(f.path() == "/api/v1/namespaces/data/pods?limit=500");
}

TEST_CASE("other errors in a stream go on from where it was", "[watch]") {
  Fixture f(pods());
  (void)f.end(200, kList);
  f.watch.on_data(R"({"type":"ERROR","object":{"kind":"Status","code":500,"reason":"InternalError"}})", f.changes);
  CHECK(f.end(200) >= 50ms);
  CHECK(f.path().find("resourceVersion=7&") != std::string::npos);
}

TEST_CASE("pauses grow to five seconds and vary; a server may ask for more", "[watch]") {
  Fixture f(pods());
  const auto first = f.end(0);
  CHECK(first >= 50ms);
  CHECK(first <= 100ms);
  std::chrono::milliseconds last{};
  for (int i = 0; i < 20; ++i) {
    last = f.end(i % 2 == 0 ? 500 : 0);
    CHECK(last <= 5s);
  }
  CHECK(last >= 2500ms);
  CHECK(f.end(429, {}, 8s) == 8s);
  (void)f.end(200, kList);
  CHECK(f.end(0) <= 100ms);
}

TEST_CASE("what was listed stays known while the cluster is away", "[watch]") {
  Fixture f(pods());
  (void)f.end(200, kList);
  for (int i = 0; i < 10; ++i) {
    f.now += 10s;
    (void)f.end(0);
  }
  CHECK(f.count<Unreadable>() == 0);
  CHECK(f.path().find("watch=1") != std::string::npos);
}

TEST_CASE("a kind that may not be read is told at once, one that never answers after a while", "[watch]") {
  Fixture forbidden(pods());
  CHECK(forbidden.end(403) == 60s);
  (void)forbidden.end(403);
  CHECK(forbidden.count<Unreadable>() == 1);
  Fixture away(pods());
  (void)away.end(0);
  away.now += 9s;
  (void)away.end(0);
  CHECK(away.count<Unreadable>() == 0);
  away.now += 2s;
  (void)away.end(0);
  CHECK(away.count<Unreadable>() == 1);
}

TEST_CASE("a custom kind is asked for its name first", "[watch]") {
  Fixture f(*feed_of({.api_version = "postgresql.cnpg.io/v1", .kind = "Cluster", .ns = "data", .name = "db"}));
  CHECK(f.path() == "/apis/postgresql.cnpg.io/v1");
  CHECK(f.end(404) > 0ms);
  CHECK(f.path() == "/apis/postgresql.cnpg.io/v1");
  CHECK(f.end(200, R"({"kind":"APIResourceList","resources":[{"name":"clusters/status","kind":"Cluster",
    "namespaced":true},{"name":"clusters","kind":"Cluster","namespaced":true}]})") == 0ms);
  CHECK(f.path() == "/apis/postgresql.cnpg.io/v1/namespaces/data/clusters?limit=500&fieldSelector=metadata.name%3Ddb");
  CHECK(f.count<Put>() == 0);
}

TEST_CASE("events begin with what comes", "[watch]") {
  auto feed = pods();
  feed.only_new = true;
  Fixture f(feed);
  CHECK(f.path() == "/api/v1/namespaces/data/pods?limit=1");
  CHECK(f.end(200, R"({"metadata":{"resourceVersion":"7","continue":"x"},"items":[{"metadata":{"name":"a"}}]})") ==
        0ms);
  CHECK(f.count<Put>() == 0);
  CHECK(std::get<Listed>(f.changes.back()).adds_only);
  CHECK(f.path().find("watch=1") != std::string::npos);
}

TEST_CASE("an object that was asked for holds against what the stream tells late", "[watch]") {
  Fixture f(pods());
  (void)f.end(200, kList);
  f.changes.clear();
  f.watch.take_newest(R"({"metadata":{"name":"a","namespace":"data","resourceVersion":"7"}})", f.changes);
  CHECK(f.changes.empty());  // the stream has told that
  f.watch.take_newest(R"({"metadata":{"name":"a","namespace":"data","resourceVersion":"20"}})", f.changes);
  REQUIRE(f.count<Put>() == 1);
  f.watch.on_data(R"({"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"data","resourceVersion":"9"}}})",
                  f.changes);
  f.watch.on_data(R"({"type":"DELETED","object":{"metadata":{"name":"a","namespace":"data","resourceVersion":"19"}}})",
                  f.changes);
  CHECK(f.changes.size() == 1);
  f.watch.on_data(R"({"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"data","resourceVersion":"21"}}})",
                  f.changes);
  CHECK(f.changes.size() == 2);
}

TEST_CASE("what is watched follows from what is awaited", "[watch]") {
  const Awaited definition{.object = {.api_version = "apiextensions.k8s.io/v1",
                                      .kind = "CustomResourceDefinition",
                                      .name = "x.example.com"}};
  const Awaited release{.object = {.kind = "Release", .ns = "data", .name = "lake"}};
  const Awaited elsewhere{.object = {.kind = "Release", .ns = "other", .name = "web"}};
  CHECK(first_feeds({definition}).empty());
  CHECK(first_feeds({}).empty());
  for (const auto& feed : first_feeds({definition, release})) {
    INFO(feed.kind);
    CHECK(feed.ns == (feed.namespaced && feed.kind != "Pod" ? "data" : ""));
    CHECK(feed.name == (feed.kind == "Namespace" ? "data" : ""));
  }
  for (const auto& feed : first_feeds({release, elsewhere}))
    CHECK(feed.ns.empty());
  CHECK(feed_of(definition.object)->name == "x.example.com");
  CHECK_FALSE(feed_of(release.object));
  CHECK_FALSE(feed_of({.api_version = "v1", .kind = "Secret", .ns = "data", .name = "x"}));
  CHECK_FALSE(feed_of({.api_version = "rbac.authorization.k8s.io/v1", .kind = "Role", .ns = "data", .name = "x"}));
  CHECK_FALSE(feed_of({.api_version = "serving.knative.dev/v1", .kind = "Service", .ns = "data", .name = "x"}));
}

TEST_CASE("of other namespaces only what pods take from their nodes is kept", "[watch]") {
  const auto pod = [](const std::string& ns, const std::string& node) {
    return datamill::support::read_json(R"({"kind":"Pod","metadata":{"name":"p","namespace":")" + ns +
                                            R"(","labels":{"a":"b"}},"spec":{"nodeName":")" + node +
                                            R"(","containers":[{"name":"c","image":"i","resources":{"requests":
      {"cpu":"1"}}}]},"status":{"phase":"Running","podIP":"1.2.3.4"}})",
                                        "a pod");
  };
  auto ours = pod("data", "");
  CHECK(datamill::watch::keep_object(ours, {"data"}));
  CHECK(ours.find_path({"metadata", "labels", "a"}) != nullptr);
  auto foreign = pod("other", "n1");
  CHECK(datamill::watch::keep_object(foreign, {"data"}));
  CHECK(foreign.find_path({"metadata", "labels"}) == nullptr);
  CHECK(foreign.find_path({"spec", "containers"})->items[0].find_path({"resources", "requests", "cpu"}) != nullptr);
  auto nowhere = pod("other", "");
  CHECK_FALSE(datamill::watch::keep_object(nowhere, {"data"}));
  auto job = datamill::support::read_json(R"({"kind":"Job","metadata":{"name":"j","namespace":"other"}})", "a job");
  CHECK_FALSE(datamill::watch::keep_object(job, {"data"}));
}
