#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace datamill::support {

/// How MD5 and SHA-2 take data apart (RFC 1321, FIPS 180-4): whole blocks of 64 bytes, what is left waits for more.
constexpr std::size_t kHashBlock = 64;

/// Gives every whole block of `rest` and `data` to `compress`; `rest` then holds what is left of both.
template <class Compress>
void take_blocks(std::string& rest, std::string_view data, const Compress& compress) {
  if (!rest.empty()) {
    const std::size_t take = std::min(kHashBlock - rest.size(), data.size());
    rest += data.substr(0, take);
    data.remove_prefix(take);
    if (rest.size() < kHashBlock) return;
    compress(std::string_view(rest));
    rest.clear();
  }
  for (; data.size() >= kHashBlock; data.remove_prefix(kHashBlock))
    compress(data.substr(0, kHashBlock));
  rest = data;
}

/// Gives the last blocks to `compress`: `rest`, a one bit, zeros, and `length`, the eight bytes of the number of bits.
template <class Compress>
void take_last_blocks(const std::string& rest, std::string_view length, const Compress& compress) {
  std::string tail = rest + static_cast<char>(0x80);
  while (tail.size() % kHashBlock != kHashBlock - length.size())
    tail += '\0';
  tail += length;
  for (std::size_t at = 0; at < tail.size(); at += kHashBlock)
    compress(std::string_view(tail).substr(at, kHashBlock));
}

}  // namespace datamill::support
