#include "net/http_exchange.hpp"

#include "datamill/support/text.hpp"
#include "net/curl_parts.hpp"
#include "net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <unistd.h>

namespace datamill::net {

namespace {

constexpr long kConnectSeconds = 10;
constexpr long kStallSeconds = 60;
/// A thousand keys of 1,024 bytes, each byte percent-encoded, are 3 MB.
constexpr std::size_t kLongestAnswer = std::size_t{16} * 1024U * 1024U;

/// What the callbacks of one request work on.
struct Exchange {
  const CurlLibrary& curl;
  CURL* handle = nullptr;
  const HttpRequest& request;
  const S3Hooks& hooks;
  HttpReply reply{};
  std::int64_t read = 0;  ///< of the file
  bool taken = false;     ///< a part of the answer went to `take`

  [[nodiscard]] long status() const {
    long code = 0;
    return curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK ? code : 0;
  }
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::string_view piece(data, size * count);
  if (exchange.request.take && exchange.status() == exchange.request.taken_status) {
    exchange.taken = true;
    if (exchange.request.take(piece)) return piece.size();
    exchange.reply.trouble = S3Trouble::local;
    return 0;
  }
  if (exchange.reply.body.size() + piece.size() > kLongestAnswer) return 0;
  exchange.reply.body += piece;
  return piece.size();
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  constexpr std::string_view kName = "etag:";
  const std::string_view line(data, size * count);
  const auto same = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); };
  if (line.size() > kName.size() && std::equal(kName.begin(), kName.end(), line.begin(), same))
    exchange.reply.etag = support::replace_all(std::string(support::trim(line.substr(kName.size()))), "\"", "");
  return line.size();
}

/// The next piece of the file; a file that has become shorter ends the request.
std::size_t on_file(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const auto left = static_cast<std::size_t>(exchange.request.size - exchange.read);
  const auto wanted = std::min(size * count, left);
  if (wanted == 0) return 0;
  ssize_t got = -1;
  do {
    got = pread(exchange.request.file, data, wanted, exchange.request.from + exchange.read);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) {
    exchange.reply.trouble = S3Trouble::local;
    exchange.reply.problem = got == 0 ? "it became shorter while it was read" : std::generic_category().message(errno);
    return CURL_READFUNC_ABORT;
  }
  exchange.read += got;
  exchange.reply.sent += got;
  if (exchange.hooks.sent) exchange.hooks.sent(got);
  return static_cast<std::size_t>(got);
}

int on_seek(void* user, curl_off_t offset, int origin) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  if (exchange.hooks.sent) exchange.hooks.sent(offset - exchange.read);
  exchange.reply.sent += offset - exchange.read;
  exchange.read = offset;
  return CURL_SEEKFUNC_OK;
}

int on_progress(void* user, curl_off_t /*total*/, curl_off_t /*got*/, curl_off_t /*size*/, curl_off_t /*sent*/) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (!exchange.hooks.keep_going || exchange.hooks.keep_going()) return 0;
  exchange.reply.trouble = S3Trouble::interrupted;
  return 1;
}

/// Sets options of one request.
class Setter {
public:
  Setter(const CurlLibrary& curl, CURL* handle) : curl_(curl), handle_(handle) {}
  template <class T>
  void operator()(CURLoption option, T value) const {
    (void)curl_.easy_setopt(handle_, option, value);
  }

private:
  const CurlLibrary& curl_;
  CURL* handle_;
};

void set_callbacks(const Setter& set, Exchange& exchange) {
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, &exchange);
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, &exchange);
  set(CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(CURLOPT_XFERINFODATA, &exchange);
  set(CURLOPT_NOPROGRESS, 0L);
}

void set_body(const Setter& set, Exchange& exchange) {
  const auto& request = exchange.request;
  if (request.method == "PUT") {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.size));
    set(CURLOPT_READFUNCTION, &on_file);
    set(CURLOPT_READDATA, &exchange);
    set(CURLOPT_SEEKFUNCTION, &on_seek);
    set(CURLOPT_SEEKDATA, &exchange);
    // A server that does not know "Expect: 100-continue" must not cost a second per file.
    set(CURLOPT_EXPECT_100_TIMEOUT_MS, 50L);
  } else if (request.method == "POST") {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.text.size()));
    set(CURLOPT_POSTFIELDS, request.text.c_str());
  } else if (request.method != "GET") {
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

/// "host:port:127.0.0.1:40123": what curl takes for a name that leads elsewhere.
std::string connection_of(const S3Access& access) {
  return access.connect_to.empty() ? std::string{} : fmt::format("::{}", access.connect_to);
}

bool asks_for_patience(long status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace

HttpExchange::HttpExchange(S3Access access, const support::Environment& environment, S3Hooks hooks)
    : access_(std::move(access)), hooks_(std::move(hooks)), ca_file_(ca_file_of(environment)), loaded_(load_curl()) {
  if (loaded_.library) handle_ = loaded_.library->easy_init();
}

HttpExchange::~HttpExchange() {
  if (handle_ != nullptr) loaded_.library->easy_cleanup(handle_);
}

HttpReply HttpExchange::send(const HttpRequest& request) {
  if (handle_ == nullptr) return {.trouble = S3Trouble::unreachable, .problem = loaded_.problem};
  for (int attempt = 1;; ++attempt) {
    auto reply = send_once(request);
    const bool again = reply.trouble == S3Trouble::unreachable ||
                       (reply.trouble == S3Trouble::none && asks_for_patience(reply.status));
    if (!again || !reconnect(attempt)) return reply;
    if (hooks_.sent && reply.sent != 0) hooks_.sent(-reply.sent);
  }
}

bool HttpExchange::reconnect(int attempt) {
  auto place = hooks_.reconnect ? hooks_.reconnect(attempt) : std::nullopt;
  if (!place) return false;
  access_.connect_to = std::move(*place);
  return true;
}

HttpReply HttpExchange::send_once(const HttpRequest& request) {
  const auto& curl = *loaded_.library;
  curl.easy_reset(handle_);
  const Setter set(curl, handle_);
  Exchange exchange{.curl = curl, .handle = handle_, .request = request, .hooks = hooks_};
  std::array<char, CURL_ERROR_SIZE> message{};
  StringList headers(curl);
  for (const auto& header : request.headers)
    headers.add(header);
  headers.add("x-amz-content-sha256: UNSIGNED-PAYLOAD");
  StringList connect_to(curl);
  if (const auto place = connection_of(access_); !place.empty()) {
    connect_to.add(place);
    set(CURLOPT_CONNECT_TO, connect_to.get());
    set(CURLOPT_PROXY, "");  // ours is the machine itself
  }
  set(CURLOPT_ERRORBUFFER, message.data());
  set(CURLOPT_USERAGENT, "datamill");
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, kStallSeconds);
  if (!ca_file_.empty()) set(CURLOPT_CAINFO, ca_file_.c_str());
  const auto signature = fmt::format("aws:amz:{}:s3", access_.region);
  set(CURLOPT_AWS_SIGV4, signature.c_str());
  set(CURLOPT_USERNAME, access_.access_key.c_str());
  set(CURLOPT_PASSWORD, access_.secret_key.c_str());
  set(CURLOPT_HTTPHEADER, headers.get());
  set_callbacks(set, exchange);
  set_body(set, exchange);
  const CURLcode code = curl.easy_perform(handle_);
  auto& reply = exchange.reply;
  reply.status = exchange.status();
  if (code == CURLE_OK || reply.trouble != S3Trouble::none) return std::move(reply);
  reply.trouble = exchange.taken ? S3Trouble::server : S3Trouble::unreachable;
  reply.problem = message.front() != '\0' ? message.data() : curl.easy_strerror(code);
  return std::move(reply);
}

}  // namespace datamill::net
