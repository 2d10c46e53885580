// As much of S3 as `data` needs: signatures are not checked, uploads in parts are not known.
#include "fake_s3.hpp"

#include "call.hpp"
#include "datamill/support/md5.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace datamill::fake {

namespace {

namespace fs = std::filesystem;

struct Request {
  std::string method{};
  std::string bucket{};
  std::string key{};
  std::map<std::string, std::string> query{};
  std::string body{};
};

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return out;
}

std::string header(const std::string& head, const std::string& name) {
  for (const auto& line : support::split_lines(head)) {
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    auto start = line.substr(0, name.size());
    std::transform(start.begin(), start.end(), start.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (start == name) return std::string(support::trim(line.substr(name.size() + 1)));
  }
  return {};
}

bool read_more(int fd, std::string& text) {
  std::array<char, 65536> buffer{};
  const auto count = recv(fd, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  text.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

Request read_request(int fd) {
  std::string text;
  while (text.find("\r\n\r\n") == std::string::npos) {
    if (!read_more(fd, text)) return {};
  }
  const auto end = text.find("\r\n\r\n") + 4;
  const auto head = text.substr(0, end);
  const auto words = support::split_list(head.substr(0, head.find('\r')), " ");
  Request request{.method = words.at(0)};
  auto target = words.at(1);
  const auto mark = target.find('?');
  if (mark != std::string::npos) {
    for (const auto& pair : support::split(target.substr(mark + 1), '&'))
      request.query[pair.substr(0, pair.find('='))] = decoded(pair.substr(pair.find('=') + 1));
  }
  target = target.substr(1, mark == std::string::npos ? mark : mark - 1);
  request.bucket = decoded(target.substr(0, target.find('/')));
  if (target.find('/') != std::string::npos) request.key = decoded(target.substr(target.find('/') + 1));
  request.body = text.substr(end);
  const auto size = support::parse_integer(header(head, "content-length")).value_or(0);
  while (static_cast<std::int64_t>(request.body.size()) < size && read_more(fd, request.body)) {
  }
  return request;
}

void answer(int fd, int status, const std::string& body, const std::string& more = {}) {
  const auto text = fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}", status,
                                body.size(), more, body);
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto count = send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

void answer_error(int fd, int status, std::string_view code) {
  answer(fd, status, fmt::format("<Error><Code>{}</Code><Message>so it is</Message></Error>", code));
}

std::string md5_of(const std::string& text) {
  support::Md5 hash;
  hash.update(text);
  return hash.hex();
}

class Service {
public:
  explicit Service(std::string folder) : folder_(std::move(folder)) {}

  void serve(int fd) const {
    const auto request = read_request(fd);
    const auto mood = environment("FAKE_S3");
    if (request.method.empty() || mood == "drop") return;
    if (mood == "slow") std::this_thread::sleep_for(std::chrono::minutes(1));
    if (mood == "deny") return answer_error(fd, 403, "SignatureDoesNotMatch");
    if (request.bucket.empty()) return list_buckets(fd);
    if (request.bucket != "datalake" && !fs::exists(folder_ + "/" + request.bucket))
      return answer_error(fd, 404, "NoSuchBucket");
    if (request.query.count("delete") > 0) return remove(fd, request);
    if (request.query.count("list-type") > 0) return list(fd, request);
    if (request.method == "PUT") {
      write_file(path(request.bucket, request.key), request.body);
      return answer(fd, 200, {}, fmt::format("ETag: \"{}\"\r\n", md5_of(request.body)));
    }
    if (!fs::exists(path(request.bucket, request.key))) return answer_error(fd, 404, "NoSuchKey");
    const auto content = read_file(path(request.bucket, request.key));
    answer(fd, 200, content, fmt::format("ETag: \"{}\"\r\n", md5_of(content)));
  }

private:
  /// Keys may hold what names of files may not.
  [[nodiscard]] std::string path(const std::string& bucket, const std::string& key) const {
    return fmt::format("{}/{}/{}", folder_, bucket, encoded(key));
  }

  void list_buckets(int fd) const {
    answer(fd, 200,
           "<ListAllMyBucketsResult><Buckets><Bucket><Name>datalake</Name></Bucket></Buckets>"
           "</ListAllMyBucketsResult>");
  }

  void list(int fd, const Request& request) const {
    const auto prefix = request.query.at("prefix");
    const auto delimited = request.query.count("delimiter") > 0;
    std::vector<std::string> keys;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ + "/" + request.bucket, none))
      keys.push_back(decoded(entry.path().filename().string()));
    std::sort(keys.begin(), keys.end());
    std::string text = "<ListBucketResult><EncodingType>url</EncodingType>";
    std::set<std::string> prefixes;
    for (const auto& key : keys) {
      if (!key.starts_with(prefix)) continue;
      const auto slash = key.find('/', prefix.size());
      if (delimited && slash != std::string::npos) {
        prefixes.insert(key.substr(0, slash + 1));
        continue;
      }
      const auto content = read_file(path(request.bucket, key));
      text += fmt::format("<Contents><Key>{}</Key><LastModified>2026-11-21T11:37:22.000Z</LastModified>"
                          "<ETag>&quot;{}&quot;</ETag><Size>{}</Size></Contents>",
                          encoded(key), md5_of(content), content.size());
    }
    for (const auto& one : prefixes)
      text += fmt::format("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", encoded(one));
    answer(fd, 200, text + "</ListBucketResult>");
  }

  void remove(int fd, const Request& request) const {
    std::string_view rest = request.body;
    for (auto at = rest.find("<Key>"); at != std::string_view::npos; at = rest.find("<Key>")) {
      rest.remove_prefix(at + 5);
      fs::remove(path(request.bucket, std::string(rest.substr(0, rest.find('<')))));
    }
    answer(fd, 200, "<DeleteResult/>");
  }

  std::string folder_;
};

}  // namespace

int start_s3(const std::string& folder) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* general = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, general, size) != 0 || listen(listener, 16) != 0 || getsockname(listener, general, &size) != 0)
    return 0;
  std::thread([listener, service = Service(folder)] {
    while (true) {
      const int fd = accept(listener, nullptr, nullptr);
      if (fd < 0) return;
      service.serve(fd);
      close(fd);
    }
  }).detach();
  return ntohs(address.sin_port);
}

}  // namespace datamill::fake
