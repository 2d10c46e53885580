#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace datamill::support {

/// MD5 (RFC 1321) of data that comes in pieces. Only to compare with what S3 calls an ETag and to tell it how a request
/// should arrive; it protects against nobody.
class Md5 {
public:
  using Digest = std::array<unsigned char, 16>;
  void update(std::string_view data);
  /// Of everything so far; more may follow.
  [[nodiscard]] Digest digest() const;
  /// The digest in lower-case hexadecimal.
  [[nodiscard]] std::string hex() const;
  /// The digest's sixteen bytes.
  [[nodiscard]] std::string bytes() const;

private:
  std::array<std::uint32_t, 4> state_{0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U};
  std::string rest_{};  ///< less than a block
  std::uint64_t bytes_ = 0;
};

}  // namespace datamill::support
