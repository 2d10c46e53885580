#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace datamill::support {

/// SHA-256 (FIPS 180-4) of data that comes in pieces: a download, a large file. For text at hand: sha256_hex().
class Sha256 {
public:
  void update(std::string_view data);
  /// Lower-case hexadecimal digest of everything so far; more may follow.
  [[nodiscard]] std::string hex() const;

private:
  std::array<std::uint32_t, 8> state_{0x6a09e667U, 0xbb67ae85U, 0x3c6ef372U, 0xa54ff53aU,
                                      0x510e527fU, 0x9b05688cU, 0x1f83d9abU, 0x5be0cd19U};
  std::uint64_t bytes_ = 0;
  std::string rest_{};  ///< less than one block
};

}  // namespace datamill::support
