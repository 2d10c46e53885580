#include "datamill/net/s3.hpp"
#include "datamill/support/md5.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "net/http_exchange.hpp"
#include "net/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace datamill::net {

namespace {

constexpr std::size_t kMostRemovals = 1000;  // S3 docs: DeleteObjects
constexpr int kMostResumes = 20;

S3Status local_problem(int error) {
  return {.trouble = S3Trouble::local, .problem = std::generic_category().message(error)};
}

S3Trouble trouble_of(long status, std::string_view code) {
  if (code == "NoSuchBucket") return S3Trouble::no_bucket;
  if (code == "NoSuchKey") return S3Trouble::no_object;
  // versitygw answers an unknown access key with 404.
  if (status == 401 || status == 403 || code == "XAdminUserNotFound") return S3Trouble::denied;
  return S3Trouble::server;
}

/// What an answer comes to; a good one is HTTP 2xx.
S3Status status_of(const HttpReply& reply) {
  if (reply.trouble != S3Trouble::none) return {.trouble = reply.trouble, .problem = reply.problem};
  if (reply.status >= 200 && reply.status < 300) return {};
  const auto error = read_xml(reply.body);
  const auto code = error ? std::string(error->text_of("Code")) : std::string{};
  const auto message = error ? std::string(error->text_of("Message")) : std::string{};
  auto text = fmt::format("HTTP {}", reply.status);
  if (!code.empty()) text = message.empty() ? code : fmt::format("{}: {}", code, message);
  return {.trouble = trouble_of(reply.status, code), .problem = support::elide_middle(text, 300)};
}

S3Status not_understood() {
  return {.trouble = S3Trouble::server, .problem = "its answer is not what S3 answers: is this address an S3 service?"};
}

/// Percent-decoded, "+" a blank: how S3 encodes keys under `encoding-type=url`.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3;
    out += escape ? static_cast<char>(static_cast<unsigned char>(byte)) : text[i] == '+' ? ' ' : text[i];
    if (escape) i += 2;
  }
  return out;
}

std::string without_quotes(std::string_view text) {
  return support::replace_all(std::string(text), "\"", "");
}

S3Page read_page(const XmlElement& root) {
  S3Page page;
  const bool is_encoded = root.text_of("EncodingType") == "url";
  const auto plain = [&](std::string_view text) { return is_encoded ? decoded(text) : std::string(text); };
  for (const auto& child : root.children) {
    if (child.name == "CommonPrefixes") page.prefixes.push_back(plain(child.text_of("Prefix")));
    if (child.name != "Contents") continue;
    page.objects.push_back({.key = plain(child.text_of("Key")),
                            .size = support::parse_integer(child.text_of("Size")).value_or(0),
                            .etag = without_quotes(child.text_of("ETag")),
                            .modified = std::string(child.text_of("LastModified"))});
  }
  if (root.text_of("IsTruncated") == "true") page.next = std::string(root.text_of("NextContinuationToken"));
  return page;
}

/// An open file, closed at the end.
class Input {
public:
  explicit Input(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)), error_(fd_ < 0 ? errno : 0) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] int error() const { return error_; }

private:
  int fd_;
  int error_;
};

}  // namespace

class S3Client::Impl {
public:
  Impl(S3Access access, const support::Environment& environment, S3Hooks hooks)
      : exchange_(std::move(access), environment, std::move(hooks)) {}

  /// Address of a bucket or an object in it; `query` is complete and sorted, or "".
  [[nodiscard]] std::string url(const std::string& bucket, const std::string& key, const std::string& query) const {
    const auto& access = exchange_.access();
    auto base = access.endpoint;
    while (base.ends_with('/'))
      base.pop_back();
    std::string path = "/";
    if (access.path_style || bucket.empty()) {
      if (!bucket.empty()) path += s3_encoded(bucket) + (key.empty() ? "" : "/");
    } else {
      base.insert(base.find("://") + 3, bucket + ".");
    }
    path += s3_encoded_path(key);
    return base + path + (query.empty() ? "" : "?" + query);
  }

  [[nodiscard]] HttpReply send(const HttpRequest& request) { return exchange_.send(request); }
  [[nodiscard]] bool reconnect(int attempt) { return exchange_.reconnect(attempt); }

  /// Sends and reads the XML of the answer.
  [[nodiscard]] std::pair<S3Status, XmlElement> ask(const HttpRequest& request, std::string_view root) {
    std::pair<S3Status, XmlElement> answer;
    const auto reply = send(request);
    answer.first = status_of(reply);
    if (!answer.first.ok()) return answer;
    auto document = read_xml(reply.body);
    // S3 docs: completing an upload may fail after its "200 OK" is already sent.
    if (document && document->name == "Error") {
      answer.first = {.trouble = S3Trouble::server, .problem = std::string(document->text_of("Code"))};
    } else if (!document || document->name != root) {
      answer.first = not_understood();
    } else {
      answer.second = std::move(*document);
    }
    return answer;
  }

  [[nodiscard]] S3Status put_whole(const std::string& target, int fd, std::int64_t size) {
    return status_of(send({.method = "PUT", .url = target, .file = fd, .size = size}));
  }

  [[nodiscard]] S3Status put_parts(const std::string& bucket, const std::string& key, int fd, std::int64_t size) {
    auto [begun, start] = ask({.method = "POST", .url = url(bucket, key, "uploads=")}, "InitiateMultipartUploadResult");
    if (!begun.ok()) return begun;
    const auto id = s3_encoded(start.text_of("UploadId"));
    auto status = send_parts(bucket, key, id, fd, size);
    if (status.ok()) return status;
    // What has arrived would be paid for and shown nowhere. It is worth an attempt, whatever it ends with.
    HttpReply ignored = send({.method = "DELETE", .url = url(bucket, key, "uploadId=" + id)});
    return status;
  }

  [[nodiscard]] S3Status send_parts(const std::string& bucket, const std::string& key, const std::string& id, int fd,
                                    std::int64_t size) {
    const auto part = upload_part_size(size);
    std::string list = "<CompleteMultipartUpload>";
    int number = 1;
    for (std::int64_t at = 0; at < size; at += part, ++number) {
      const auto reply = send({.method = "PUT",
                               .url = url(bucket, key, fmt::format("partNumber={}&uploadId={}", number, id)),
                               .file = fd,
                               .from = at,
                               .size = std::min(part, size - at)});
      if (auto status = status_of(reply); !status.ok()) return status;
      list +=
          fmt::format("<Part><PartNumber>{}</PartNumber><ETag>\"{}\"</ETag></Part>", number, xml_escaped(reply.etag));
    }
    list += "</CompleteMultipartUpload>";
    return ask({.method = "POST",
                .url = url(bucket, key, "uploadId=" + id),
                .headers = {"Content-Type: application/xml"},
                .text = list},
               "CompleteMultipartUploadResult")
        .first;
  }

  [[nodiscard]] S3Status remove_some(const std::string& bucket, const std::vector<std::string>& keys) {
    std::string text = "<Delete><Quiet>true</Quiet>";
    for (const auto& key : keys)
      text += fmt::format("<Object><Key>{}</Key></Object>", xml_escaped(key));
    text += "</Delete>";
    support::Md5 hash;
    hash.update(text);
    const auto [status, result] =
        ask({.method = "POST",
             .url = url(bucket, "", "delete="),
             .headers = {"Content-Type: application/xml", "Content-MD5: " + support::base64_encode(hash.bytes())},
             .text = text},
            "DeleteResult");
    if (!status.ok()) return status;
    for (const auto& child : result.children) {
      if (child.name != "Error") continue;
      const auto code = child.text_of("Code");
      return {.trouble = code == "AccessDenied" ? S3Trouble::denied : S3Trouble::server,
              .problem = fmt::format("{}: {}", child.text_of("Key"), code)};
    }
    return {};
  }

private:
  HttpExchange exchange_;
};

S3Client::S3Client(S3Access access, const support::Environment& environment, S3Hooks hooks)
    : impl_(std::make_unique<Impl>(std::move(access), environment, std::move(hooks))) {}

S3Client::~S3Client() = default;

S3Buckets S3Client::list_buckets() {
  auto [status, root] = impl_->ask({.method = "GET", .url = impl_->url("", "", "")}, "ListAllMyBucketsResult");
  S3Buckets buckets{.status = std::move(status)};
  for (const auto& child : root.children) {
    if (child.name != "Buckets") continue;
    for (const auto& bucket : child.children)
      buckets.names.emplace_back(bucket.text_of("Name"));
  }
  std::sort(buckets.names.begin(), buckets.names.end());
  return buckets;
}

S3Page S3Client::list(const S3ListRequest& request) {
  std::string query;
  if (!request.token.empty()) query += fmt::format("continuation-token={}&", s3_encoded(request.token));
  if (!request.delimiter.empty()) query += fmt::format("delimiter={}&", s3_encoded(request.delimiter));
  query += fmt::format("encoding-type=url&list-type=2&prefix={}", s3_encoded(request.prefix));
  const auto [status, root] =
      impl_->ask({.method = "GET", .url = impl_->url(request.bucket, "", query)}, "ListBucketResult");
  if (!status.ok()) return {.status = status};
  return read_page(root);
}

S3Status S3Client::put_file(const std::string& bucket, const std::string& key, const std::string& path,
                            std::int64_t size) {
  const Input input(path);
  if (input.error() != 0) return local_problem(input.error());
  if (size <= upload_part_size(size)) return impl_->put_whole(impl_->url(bucket, key, ""), input.fd(), size);
  return impl_->put_parts(bucket, key, input.fd(), size);
}

S3Status S3Client::get(const std::string& bucket, const std::string& key,
                       const std::function<bool(std::string_view)>& take) {
  std::int64_t given = 0;
  std::string etag;
  for (int resumes = 0;; ++resumes) {
    HttpRequest request{.method = "GET", .url = impl_->url(bucket, key, "")};
    const auto before = given;
    if (given > 0) {
      request.headers = {fmt::format("Range: bytes={}-", given), fmt::format("If-Match: \"{}\"", etag)};
      request.taken_status = 206;
    }
    request.take = [&](std::string_view piece) {
      given += static_cast<std::int64_t>(piece.size());
      return take(piece);
    };
    const auto reply = impl_->send(request);
    if (etag.empty()) etag = reply.etag;
    // It broke off after a part: the rest is asked for, as long as it is the same object and gets longer.
    const bool broke_off = reply.trouble == S3Trouble::server && given > before && !etag.empty();
    if (!broke_off || resumes >= kMostResumes || !impl_->reconnect(1)) return status_of(reply);
  }
}

S3Status S3Client::remove(const std::string& bucket, const std::vector<std::string>& keys) {
  for (std::size_t at = 0; at < keys.size(); at += kMostRemovals) {
    const auto end = std::min(keys.size(), at + kMostRemovals);
    const auto status = impl_->remove_some(
        bucket, {keys.begin() + static_cast<std::ptrdiff_t>(at), keys.begin() + static_cast<std::ptrdiff_t>(end)});
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace datamill::net
