// Asking a registry for a tag: without a login, with one, with tokens, and where it cannot be asked.
#include "loopback_server.hpp"

#include "datamill/net/registry.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"

using namespace datamill;
using net::TagState;
using tests::LoopbackServer;

namespace {

const net::RegistryLogin kLogin{.user = "joe", .password = "s3cret"};
const std::string kBasic = "Authorization: Basic " + support::base64_encode("joe:s3cret");

std::string refuse(const std::string& challenge) {
  return LoopbackServer::response("401 Unauthorized", "", "WWW-Authenticate: " + challenge + "\r\n");
}

net::TagAnswer ask(const LoopbackServer& server, const net::RegistryLogin& login = {}) {
  const auto host = server.url("").substr(std::string("http://").size());
  return net::look_for_tag(host + "/acme/base:1.0", login, support::Environment());
}

constexpr auto kPath = "/v2/acme/base/manifests/1.0";

}  // namespace

TEST_CASE("a registry without logins says what it has", "[net][proc]") {
  struct Case {
    std::string status;
    TagState state;
    std::string problem;
  };
  const auto c = GENERATE(values<Case>({
      {"200 OK", TagState::present, ""},
      {"404 Not Found", TagState::absent, ""},
      {"500 Internal Server Error", TagState::unknown, "HTTP 500"},
      {"307 Temporary Redirect", TagState::unknown, "HTTP 307"},
      {"401 Unauthorized", TagState::unknown, "HTTP 401"},  // it does not say how
  }));
  const LoopbackServer server([&](const std::string& path) {
    return LoopbackServer::response(path == kPath ? c.status : "400 Bad Request", "");
  });
  const auto answer = ask(server);
  CHECK(answer.state == c.state);
  CHECK(answer.problem == c.problem);
}

TEST_CASE("a login is shown only to a registry that asks for it", "[net][proc]") {
  int shown = 0;
  const LoopbackServer server([&](const std::string& /*path*/, const std::string& head) {
    const bool with = support::contains(head, "Authorization:");
    if (with) ++shown;
    return support::contains(head, kBasic) ? LoopbackServer::response("200 OK", "") : refuse("basic realm=\"x\"");
  });
  SECTION("the right one") {
    CHECK(ask(server, kLogin).state == TagState::present);
    CHECK(shown == 1);
  }
  SECTION("none") {
    const auto answer = ask(server);
    CHECK(answer.state == TagState::refused);
    CHECK(answer.problem == "it wants a login");
    CHECK(shown == 0);
  }
  SECTION("a wrong one") {
    const auto answer = ask(server, {.user = "joe", .password = "guessed"});
    CHECK(answer.state == TagState::refused);
    CHECK_FALSE(support::contains(answer.problem, "guessed"));
    CHECK(shown == 1);
  }
}

TEST_CASE("a registry with tokens gets one from its token service", "[net][proc]") {
  std::string base;
  std::string asked;
  const LoopbackServer server([&](const std::string& path, const std::string& head) {
    if (path.starts_with("/token")) {
      asked = path;
      if (!support::contains(head, kBasic)) return refuse("Basic realm=\"x\"");
      return LoopbackServer::response("200 OK", R"({"token":"t0ken"})");
    }
    if (support::contains(head, "Authorization: Bearer t0ken")) return LoopbackServer::response("404 Not Found", "");
    return refuse("Bearer realm=\"" + base + "/token\",service=\"a b\",scope=\"repository:acme/base:pull\"");
  });
  base = server.url("");
  CHECK(ask(server, kLogin).state == TagState::absent);
  CHECK(asked == "/token?service=a%20b&scope=repository:acme/base:pull");
  CHECK(ask(server, {.user = "joe", .password = "guessed"}).state == TagState::refused);
}

TEST_CASE("a token service elsewhere without TLS gets no login", "[net][proc]") {
  const LoopbackServer server([](const std::string& /*path*/) {
    return refuse("Bearer realm=\"http://registry.example/token\",service=\"a\"");
  });
  const auto answer = ask(server, kLogin);
  CHECK(answer.state == TagState::unknown);
  CHECK(answer.problem == "it wants a kind of login that is not known here");
}

TEST_CASE("a registry that is not there cannot be reached", "[net][proc]") {
  std::string reference;
  {
    const LoopbackServer gone([](const std::string& /*path*/) { return std::string(); });
    reference = gone.url("").substr(std::string("http://").size()) + "/base:1";
  }
  const auto answer = net::look_for_tag(reference, {}, support::Environment());
  CHECK(answer.state == TagState::unreachable);
  CHECK_FALSE(answer.problem.empty());
  CHECK(net::registry_host("acme/x:1") == "registry-1.docker.io");
  CHECK(net::registry_host("ghcr.io/acme/x:1") == "ghcr.io");
}
