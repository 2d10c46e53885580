#include "datamill/net/registry.hpp"

#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "net/curl_parts.hpp"
#include "net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <vector>

namespace datamill::net {

namespace {

constexpr std::size_t kLongestAnswer = std::size_t{256} * 1024U;
constexpr long kConnectSeconds = 10;
constexpr long kAnswerSeconds = 30;

struct Answer {
  long status = 0;
  std::string body{};
  std::string challenge{};  ///< of WWW-Authenticate
  std::string problem{};
  bool unreachable = false;
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& answer = *static_cast<Answer*>(user);
  const auto bytes = size * count;
  if (answer.body.size() + bytes > kLongestAnswer) return 0;
  answer.body.append(data, bytes);
  return bytes;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& answer = *static_cast<Answer*>(user);
  const std::string_view line(data, size * count);
  const auto colon = line.find(':');
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (colon != std::string_view::npos && name == "www-authenticate")
    answer.challenge = std::string(support::trim(line.substr(colon + 1)));
  return size * count;
}

class Asker {
public:
  explicit Asker(const support::Environment& environment) : ca_file_(ca_file_of(environment)), loaded_(load_curl()) {}

  /// Without redirects: a login must not travel on.
  Answer ask(const std::string& url, bool head, const std::vector<std::string>& headers) {
    Answer answer;
    if (loaded_.library == nullptr) return {.problem = loaded_.problem};
    const auto& curl = *loaded_.library;
    EasyHandle handle(curl);
    if (!handle.ok()) return {.problem = "libcurl does not give a handle"};
    std::array<char, CURL_ERROR_SIZE> message{};
    StringList list(curl);
    for (const auto& header : headers)
      list.add(header);
    handle.set(CURLOPT_URL, url.c_str());
    handle.set(CURLOPT_ERRORBUFFER, message.data());
    handle.set(CURLOPT_USERAGENT, "datamill");
    handle.set(CURLOPT_NOSIGNAL, 1L);
    handle.set(CURLOPT_QUICK_EXIT, 1L);
    handle.set(CURLOPT_NOBODY, head ? 1L : 0L);
    handle.set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    handle.set(CURLOPT_TIMEOUT, kAnswerSeconds);
    handle.set(CURLOPT_HTTPHEADER, list.get());
    handle.set(CURLOPT_WRITEFUNCTION, &on_body);
    handle.set(CURLOPT_WRITEDATA, &answer);
    handle.set(CURLOPT_HEADERFUNCTION, &on_header);
    handle.set(CURLOPT_HEADERDATA, &answer);
    if (!ca_file_.empty()) handle.set(CURLOPT_CAINFO, ca_file_.c_str());
    const CURLcode code = handle.perform();
    answer.unreachable = code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
                         code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT;
    if (code != CURLE_OK)
      answer.problem = message.front() != '\0' ? std::string(message.data()) : curl.easy_strerror(code);
    answer.status = handle.response_code();
    return answer;
  }

private:
  std::string ca_file_;
  LoadedCurl loaded_;
};

/// `Bearer realm="https://...",service="...",scope="..."`
std::map<std::string, std::string> parameters_of(std::string_view challenge) {
  std::map<std::string, std::string> parameters;
  auto rest = challenge.substr(std::min(challenge.find(' '), challenge.size()));
  while (true) {
    const auto sign = rest.find("=\"");
    if (sign == std::string_view::npos) return parameters;
    const auto close = rest.find('"', sign + 2);
    if (close == std::string_view::npos) return parameters;
    const auto start = rest.find_first_not_of(" ,");
    parameters[std::string(rest.substr(start, sign - start))] = std::string(rest.substr(sign + 2, close - sign - 2));
    rest.remove_prefix(close + 1);
  }
}

std::string basic(const RegistryLogin& login) {
  return "Authorization: Basic " + support::base64_encode(login.user + ":" + login.password);
}

/// RFC 9110: the name of a scheme is the same in any case.
bool has_scheme(std::string_view challenge, std::string_view scheme) {
  return challenge.size() > scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), challenge.begin(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

struct Entrance {
  std::string header{};     ///< that lets us in
  TagAnswer without_one{};  ///< what to say where there is none
};

TagAnswer refused(const RegistryLogin& login) {
  return {.state = TagState::refused,
          .problem = login.user.empty() ? "it wants a login" : "it does not take the login that is written down"};
}

Entrance authorization(Asker& asker, const std::string& challenge, const RegistryLogin& login) {
  if (has_scheme(challenge, "Basic")) {
    if (login.user.empty()) return {.without_one = refused(login)};
    return {.header = basic(login)};
  }
  auto parameters = parameters_of(challenge);
  const auto& realm = parameters["realm"];
  if (!has_scheme(challenge, "Bearer") || !url_problem(realm).empty())
    return {.without_one = {.problem = "it wants a kind of login that is not known here"}};
  const auto url = fmt::format("{}{}service={}&scope={}", realm, support::contains(realm, "?") ? '&' : '?',
                               support::replace_all(parameters["service"], " ", "%20"),
                               support::replace_all(parameters["scope"], " ", "%20"));
  const auto answer =
      asker.ask(url, false, login.user.empty() ? std::vector<std::string>{} : std::vector{basic(login)});
  if (answer.status == 401) return {.without_one = refused(login)};
  if (answer.status != 200)
    return {.without_one = {.problem = answer.problem.empty() ? fmt::format("its token service: HTTP {}", answer.status)
                                                              : answer.problem}};
  const auto token = support::read_json(answer.body, "the registry's token");
  const auto name = token.find("token") != nullptr ? "token" : "access_token";
  return {.header = fmt::format("Authorization: Bearer {}", token.text_at(name))};
}

struct ReferenceParts {
  std::string host{};
  std::string repository{};
  std::string tag{};
};

/// "debian:12" and "acme/x:1" are Docker Hub's (docker docs: image references).
ReferenceParts parts_of(const std::string& reference) {
  const auto slash = reference.find('/');
  const auto first = reference.substr(0, slash);
  const bool has_host =
      slash != std::string::npos && (first.find_first_of(".:") != std::string::npos || first == "localhost");
  ReferenceParts parts{.host = has_host ? first : "docker.io"};
  auto rest = has_host ? reference.substr(slash + 1) : reference;
  const auto colon = rest.rfind(':');
  if (colon != std::string::npos) parts.tag = rest.substr(colon + 1);
  parts.repository = rest.substr(0, colon);
  if (parts.host == "docker.io") {
    parts.host = "registry-1.docker.io";
    if (parts.repository.find('/') == std::string::npos) parts.repository = "library/" + parts.repository;
  }
  return parts;
}

}  // namespace

std::string registry_host(const std::string& reference) {
  return parts_of(reference).host;
}

TagAnswer look_for_tag(const std::string& reference, const RegistryLogin& login,
                       const support::Environment& environment) {
  const auto parts = parts_of(reference);
  const auto plain = url_problem("http://" + parts.host).empty();  // only loopback may go without TLS
  const auto url =
      fmt::format("{}://{}/v2/{}/manifests/{}", plain ? "http" : "https", parts.host, parts.repository, parts.tag);
  std::vector<std::string> headers{"Accept: application/vnd.oci.image.manifest.v1+json",
                                   "Accept: application/vnd.oci.image.index.v1+json",
                                   "Accept: application/vnd.docker.distribution.manifest.v2+json",
                                   "Accept: application/vnd.docker.distribution.manifest.list.v2+json"};
  Asker asker(environment);
  auto answer = asker.ask(url, true, headers);
  if (answer.status == 401 && !answer.challenge.empty()) {
    const bool is_basic = has_scheme(answer.challenge, "Basic");
    const auto entrance = authorization(asker, answer.challenge, login);
    if (entrance.header.empty()) return entrance.without_one;
    headers.push_back(entrance.header);
    answer = asker.ask(url, true, headers);
    if (is_basic && answer.status == 401) return refused(login);
  }
  if (!answer.problem.empty())
    return {.state = answer.unreachable ? TagState::unreachable : TagState::unknown, .problem = answer.problem};
  if (answer.status == 200) return {.state = TagState::present};
  if (answer.status == 404) return {.state = TagState::absent};
  return {.problem = fmt::format("HTTP {}", answer.status)};
}

}  // namespace datamill::net
