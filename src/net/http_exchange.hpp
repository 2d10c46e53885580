#pragma once

#include "datamill/net/s3.hpp"
#include "net/curl_library.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::net {

/// One signed request of HTTP.
struct HttpRequest {
  std::string method{};  ///< GET, PUT, POST, DELETE
  std::string url{};
  std::vector<std::string> headers{};
  std::string text{};  ///< the body of a POST
  int file = -1;       ///< the body of a PUT: so many bytes of this file, from there on
  std::int64_t from = 0;
  std::int64_t size = 0;
  std::function<bool(std::string_view)> take{};  ///< gets the body of an answer with this status piece by piece
  long taken_status = 200;
};

struct HttpReply {
  long status = 0;
  std::string body{};                   ///< where nobody took it
  std::string etag{};                   ///< without quotes
  S3Trouble trouble = S3Trouble::none;  ///< unreachable, interrupted or local; what the status means is S3's business
  std::string problem{};
  std::int64_t sent = 0;
};

/// Requests over one connection that is kept open between them.
class HttpExchange {
public:
  HttpExchange(S3Access access, const support::Environment& environment, S3Hooks hooks);
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;
  ~HttpExchange();

  /// Asks again, as S3Hooks::reconnect says, where it did not get through or the service asked for patience (HTTP 429,
  /// 500, 502, 503, 504). A request whose answer was taken in part is not repeated.
  [[nodiscard]] HttpReply send(const HttpRequest& request);
  /// Waits, and may go on elsewhere; false where the hooks have had enough.
  [[nodiscard]] bool reconnect(int attempt);
  [[nodiscard]] const S3Access& access() const { return access_; }

private:
  [[nodiscard]] HttpReply send_once(const HttpRequest& request);

  S3Access access_;
  S3Hooks hooks_;
  std::string ca_file_;
  LoadedCurl loaded_{};
  CURL* handle_ = nullptr;
};

}  // namespace datamill::net
