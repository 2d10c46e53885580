// What S3 makes of a file: the parts it comes in, and the ETag it gets.
#include "datamill/net/s3.hpp"
#include "datamill/support/md5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace datamill::net {

namespace {

constexpr std::int64_t kMebibyte = 1024 * 1024;
constexpr std::int64_t kPart = 64 * kMebibyte;
constexpr std::int64_t kMaxParts = 10000;  // S3 docs: limits of multipart uploads
constexpr std::string_view kHexadecimal = "0123456789ABCDEF";

class OpenFile {
public:
  explicit OpenFile(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  /// The next piece; "" at the end, nullopt where it cannot be read.
  [[nodiscard]] std::optional<std::string_view> next(std::size_t limit) {
    ssize_t got = -1;
    do {
      got = read(fd_, buffer_.data(), std::min(limit, buffer_.size()));
    } while (got < 0 && errno == EINTR);
    if (got < 0) return std::nullopt;
    return std::string_view(buffer_.data(), static_cast<std::size_t>(got));
  }

private:
  int fd_;
  std::array<char, 65536> buffer_{};
};

/// The digest of the next `size` bytes; nullopt where there are fewer.
std::optional<support::Md5> digest_of(OpenFile& file, std::int64_t size, const std::function<bool()>& keep_going) {
  support::Md5 hash;
  for (std::int64_t left = size; left > 0;) {
    if (keep_going && !keep_going()) return std::nullopt;
    const auto piece = file.next(static_cast<std::size_t>(left));
    if (!piece || piece->empty()) return std::nullopt;
    hash.update(*piece);
    left -= static_cast<std::int64_t>(piece->size());
  }
  return hash;
}

std::string encoded(std::string_view text, bool keep_slash) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || (keep_slash && c == '/');
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHexadecimal[byte >> 4U];
      out += kHexadecimal[byte & 0xFU];
    }
  }
  return out;
}

}  // namespace

std::int64_t upload_part_size(std::int64_t size) {
  const auto needed = (size + kMaxParts - 1) / kMaxParts;
  return std::max(kPart, (needed + kMebibyte - 1) / kMebibyte * kMebibyte);
}

std::optional<std::string> etag_of_file(const std::string& path, std::int64_t size,
                                        const std::function<bool()>& keep_going) {
  OpenFile file(path);
  const auto part = upload_part_size(size);
  if (size <= part) {
    const auto hash = digest_of(file, size, keep_going);
    if (!hash) return std::nullopt;
    return hash->hex();
  }
  support::Md5 all;
  std::int64_t parts = 0;
  for (std::int64_t at = 0; at < size; at += part, ++parts) {
    const auto hash = digest_of(file, std::min(part, size - at), keep_going);
    if (!hash) return std::nullopt;
    all.update(hash->bytes());
  }
  return fmt::format("{}-{}", all.hex(), parts);
}

std::string s3_encoded_path(std::string_view text) {
  return encoded(text, true);
}

std::string s3_encoded(std::string_view text) {
  return encoded(text, false);
}

}  // namespace datamill::net
