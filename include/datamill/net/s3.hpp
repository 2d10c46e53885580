#pragma once

#include "datamill/support/environment.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::net {

/// Where an S3 service is and as whom we ask it.
struct S3Access {
  std::string endpoint{};  ///< "http://object-store.data-mill.svc:7070": scheme, host and port
  std::string region = "us-east-1";
  bool path_style = true;    ///< false: the bucket is the first part of the host name
  std::string access_key{};  ///< never in any message, as the next
  std::string secret_key{};
  std::string connect_to{};  ///< "127.0.0.1:40123": reached there, under its own name; "" = where the name leads
};

enum class S3Trouble : std::uint8_t {
  none,
  no_bucket,
  no_object,
  denied,       ///< wrong keys, or not allowed
  unreachable,  ///< no connection, or it broke off
  interrupted,  ///< keep_going said no
  local,        ///< a file of ours
  server        ///< everything else that it answers with an error
};

struct S3Status {
  S3Trouble trouble = S3Trouble::none;
  std::string problem{};  ///< "NoSuchBucket: the specified bucket does not exist"
  [[nodiscard]] bool ok() const { return trouble == S3Trouble::none; }
};

struct S3Object {
  std::string key{};
  std::int64_t size = 0;
  std::string etag{};      ///< without quotes: MD5, or "<md5>-<parts>" of one that came in parts
  std::string modified{};  ///< "2026-11-21T11:37:22.000Z"
};

struct S3Page {
  S3Status status{};
  std::vector<S3Object> objects{};
  std::vector<std::string> prefixes{};  ///< what lies deeper, each once, where a delimiter was given
  std::string next{};                   ///< token of the next page; "" at the end
};

struct S3ListRequest {
  std::string bucket{};
  std::string prefix{};
  std::string delimiter{};  ///< "/": one level; "": everything
  std::string token{};
};

struct S3Buckets {
  S3Status status{};
  std::vector<std::string> names{};
};

struct S3Hooks {
  /// Asked about once a second and with every piece of data; false ends the request.
  std::function<bool()> keep_going{};
  /// A request did not get through for the given time (1, 2, ...): waits, and says where to connect to from now on.
  /// nullopt: no more attempts.
  std::function<std::optional<std::string>(int attempt)> reconnect{};
  /// So many more bytes were sent (less than zero: they have to be sent again).
  std::function<void(std::int64_t bytes)> sent{};
};

/// The few requests of S3 that datamill needs, by libcurl's own signatures (curl docs: CURLOPT_AWS_SIGV4). No object is
/// ever held in memory. Blocking, one thread.
class S3Client {
public:
  S3Client(S3Access access, const support::Environment& environment, S3Hooks hooks);
  ~S3Client();
  S3Client(const S3Client&) = delete;
  S3Client& operator=(const S3Client&) = delete;

  [[nodiscard]] S3Buckets list_buckets();
  /// One page (S3 docs: ListObjectsV2, at most 1,000 keys), in the order of the keys' bytes.
  [[nodiscard]] S3Page list(const S3ListRequest& request);
  /// Sends a file of `size` bytes: in parts where it is longer than one (upload_part_size). What is there under the key
  /// stays until the last byte has arrived; parts of an upload that fails are taken back.
  [[nodiscard]] S3Status put_file(const std::string& bucket, const std::string& key, const std::string& path,
                                  std::int64_t size);
  /// Gives the object piece by piece to `take` (false ends it: S3Trouble::local). A connection that breaks off goes on
  /// where it was.
  [[nodiscard]] S3Status get(const std::string& bucket, const std::string& key,
                             const std::function<bool(std::string_view)>& take);
  /// Removes objects, a thousand at a time; those that are not there count as removed.
  [[nodiscard]] S3Status remove(const std::string& bucket, const std::vector<std::string>& keys);

private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// How long a part is of an upload of `size` bytes: 64 MiB, or more where that made over 10,000 parts (S3's limit).
[[nodiscard]] std::int64_t upload_part_size(std::int64_t size);

/// The ETag that a file would have after put_file(); nullopt where it cannot be read. `keep_going` as in S3Hooks.
[[nodiscard]] std::optional<std::string> etag_of_file(const std::string& path, std::int64_t size,
                                                      const std::function<bool()>& keep_going);

/// Percent-encoded for a path (a "/" stays) or a query, as signatures want it: only A-Z a-z 0-9 - . _ ~ stay (AWS
/// Signature Version 4, UriEncode).
[[nodiscard]] std::string s3_encoded_path(std::string_view text);
[[nodiscard]] std::string s3_encoded(std::string_view text);

}  // namespace datamill::net
