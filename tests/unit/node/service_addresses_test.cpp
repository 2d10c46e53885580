#include "datamill/node/service_addresses.hpp"

#include "datamill/support/text.hpp"
#include "support/catch.hpp"

namespace datamill::node {

namespace {

/// A Service of namespace d; `extra` goes into its spec, `status` is its status.
std::string service(const std::string& name, const std::string& ports, const std::string& created,
                    const std::string& status = "{}", const std::string& extra = "") {
  return R"({"metadata":{"name":")" + name + R"(","namespace":"d","uid":"u","creationTimestamp":")" + created +
         R"("},"spec":{"type":"LoadBalancer","ports":[)" + ports + "]" + extra + R"(},"status":)" + status + "}";
}

std::vector<AddressChange> changes(const std::vector<std::string>& services) {
  const auto list = support::read_json(R"({"items":[)" + support::join(services, ",") + "]}", "test");
  return address_changes(list, "10.89.0.1", {"6443/TCP"}, "2026-01-01T00:00:00Z");
}

constexpr const char* kHas = R"({"loadBalancer":{"ingress":[{"ip":"10.89.0.1"}]}})";

}  // namespace

TEST_CASE("Services of type LoadBalancer get the node's address once", "[node][addresses]") {
  const auto given = changes({service("a", R"({"port":80})", "1")});
  REQUIRE(given.size() == 1);
  CHECK(given[0].ns == "d");
  CHECK(given[0].name == "a");
  CHECK(given[0].patch == R"({"status":{"loadBalancer":{"ingress":[{"ip":"10.89.0.1"}]},"conditions":[]}})");
  CHECK(given[0].event.empty());
  CHECK(changes({service("a", R"({"port":80})", "1", kHas)}).empty());
  CHECK(changes({R"({"metadata":{"name":"x"},"spec":{"type":"ClusterIP","ports":[{"port":80}]}})"}).empty());
  CHECK(changes({service("a", R"({"port":80})", "1", "{}", R"(,"loadBalancerClass":"x/y")")}).empty());
  CHECK(changes({}).empty());
}

TEST_CASE("no two Services get the same port", "[node][addresses]") {
  SECTION("the older one has it") {
    const auto given = changes({service("new", R"({"port":80})", "2"), service("old", R"({"port":80})", "1")});
    REQUIRE(given.size() == 2);
    CHECK(given[0].name == "old");
    CHECK(given[1].problem == "port 80/TCP is taken by Service d/old");
    CHECK(support::contains(given[1].patch, R"("ingress":[])"));
    CHECK(support::contains(given[1].patch, R"("reason":"PortTaken")"));
    CHECK(support::contains(given[1].event, R"("message":"no address: port 80/TCP is taken by Service d/old")"));
  }
  SECTION("who has the address keeps it") {
    const auto given = changes({service("new", R"({"port":80})", "2", kHas), service("old", R"({"port":80})", "1")});
    REQUIRE(given.size() == 1);
    CHECK(given[0].problem == "port 80/TCP is taken by Service d/new");
  }
  SECTION("another protocol is another port") {
    CHECK(
        changes({service("a", R"({"port":80})", "1", kHas), service("b", R"({"port":80,"protocol":"UDP"})", "1", kHas)})
            .empty());
  }
  SECTION("the node's own ports are nobody's") {
    CHECK(changes({service("a", R"({"port":6443})", "1")}).at(0).problem ==
          "port 6443/TCP is taken by the node itself");
  }
  SECTION("it is said once, and the address comes when the port is free") {
    const std::string told =
        R"({"conditions":[{"type":"Other"},{"type":"LoadBalancerPortsError","message":"port 80/TCP is taken by Service d/a"}]})";
    CHECK(changes({service("a", R"({"port":80})", "1", kHas), service("b", R"({"port":80})", "2", told)}).empty());
    const auto given = changes({service("b", R"({"port":80})", "2", told)});
    REQUIRE(given.size() == 1);
    CHECK(given[0].patch ==
          R"({"status":{"loadBalancer":{"ingress":[{"ip":"10.89.0.1"}]},"conditions":[{"type":"Other"}]}})");
  }
}

}  // namespace datamill::node
