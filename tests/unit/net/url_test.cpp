#include "net/url.hpp"

#include "support/catch.hpp"

#include <string>

using datamill::net::host_of;
using datamill::net::url_problem;

namespace {

struct UrlCase {
  std::string url{};
  std::string host{};
  std::string problem{};
};

}  // namespace

TEST_CASE("only https may be fetched, and http from a loopback address", "[net][url]") {
  const auto c = GENERATE(values<UrlCase>({
      {"https://dl.k8s.io/a/b", "dl.k8s.io", ""},
      {"HTTPS://dl.k8s.io", "dl.k8s.io", ""},
      {"https://user:secret@host:8443/x?y=@z", "host", ""},
      {"http://127.0.0.1:80/x", "127.0.0.1", ""},
      {"http://localhost/x", "localhost", ""},
      {"http://[::1]:8080/x", "::1", ""},
      {"http://dl.k8s.io/x", "dl.k8s.io", "only https is allowed"},
      {"http://127.0.0.1@evil.example/x", "evil.example", "only https is allowed"},
      {"http://localhost.evil.example/x", "localhost.evil.example", "only https is allowed"},
      {"file:///etc/passwd", "", "not a URL with a host"},
      {"ftp://host/x", "host", "only https is allowed"},
      {"helm", "", "not a URL with a host"},
      {"", "", "not a URL with a host"},
  }));
  INFO(c.url);
  CHECK(host_of(c.url) == c.host);
  CHECK(url_problem(c.url) == c.problem);
}
