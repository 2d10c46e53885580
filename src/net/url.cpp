#include "net/url.hpp"

#include <algorithm>

namespace datamill::net {

namespace {

bool starts_with_scheme(std::string_view url, std::string_view scheme) {
  if (url.size() < scheme.size()) return false;
  return std::equal(scheme.begin(), scheme.end(), url.begin(),
                    [](char wanted, char c) { return wanted == (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.substr(0, 4) == "127.";
}

}  // namespace

bool is_https(std::string_view url) {
  return starts_with_scheme(url, "https://");
}

std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const auto user = rest.rfind('@');
  if (user != std::string_view::npos) rest.remove_prefix(user + 1);
  if (!rest.empty() && rest.front() == '[') return std::string(rest.substr(1, rest.find(']') - 1));
  return std::string(rest.substr(0, rest.find(':')));
}

std::string url_problem(std::string_view url) {
  const std::string host = host_of(url);
  if (host.empty()) return "not a URL with a host";
  if (is_https(url)) return {};
  if (starts_with_scheme(url, "http://") && is_loopback(host)) return {};
  return "only https is allowed";
}

}  // namespace datamill::net
