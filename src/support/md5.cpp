#include "datamill/support/md5.hpp"

#include "support/blocks.hpp"

#include <utility>

namespace datamill::support {

namespace {

// RFC 1321, section 3.4: the integer part of 4294967296 times abs(sin(i)).
constexpr std::array<std::uint32_t, 64> kSines{
    0xd76aa478U, 0xe8c7b756U, 0x242070dbU, 0xc1bdceeeU, 0xf57c0fafU, 0x4787c62aU, 0xa8304613U, 0xfd469501U,
    0x698098d8U, 0x8b44f7afU, 0xffff5bb1U, 0x895cd7beU, 0x6b901122U, 0xfd987193U, 0xa679438eU, 0x49b40821U,
    0xf61e2562U, 0xc040b340U, 0x265e5a51U, 0xe9b6c7aaU, 0xd62f105dU, 0x02441453U, 0xd8a1e681U, 0xe7d3fbc8U,
    0x21e1cde6U, 0xc33707d6U, 0xf4d50d87U, 0x455a14edU, 0xa9e3e905U, 0xfcefa3f8U, 0x676f02d9U, 0x8d2a4c8aU,
    0xfffa3942U, 0x8771f681U, 0x6d9d6122U, 0xfde5380cU, 0xa4beea44U, 0x4bdecfa9U, 0xf6bb4b60U, 0xbebfbc70U,
    0x289b7ec6U, 0xeaa127faU, 0xd4ef3085U, 0x04881d05U, 0xd9d4d039U, 0xe6db99e5U, 0x1fa27cf8U, 0xc4ac5665U,
    0xf4292244U, 0x432aff97U, 0xab9423a7U, 0xfc93a039U, 0x655b59c3U, 0x8f0ccc92U, 0xffeff47dU, 0x85845dd1U,
    0x6fa87e4fU, 0xfe2ce6e0U, 0xa3014314U, 0x4e0811a1U, 0xf7537e82U, 0xbd3af235U, 0x2ad7d2bbU, 0xeb86d391U};
constexpr std::array<std::array<unsigned, 4>, 4> kTurns{
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};
constexpr std::string_view kHexadecimal = "0123456789abcdef";

using HashState = std::array<std::uint32_t, 4>;

constexpr std::uint32_t rotate(std::uint32_t value, unsigned bits) {
  return (value << bits) | (value >> (32U - bits));
}

std::uint32_t word_at(std::string_view block, std::size_t index) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i)
    word |= std::uint32_t{static_cast<unsigned char>(block[4 * index + i])} << (8U * i);
  return word;
}

/// The round's function of three words, and which word of the block comes in.
std::pair<std::uint32_t, std::size_t> mix(std::size_t i, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if (i < 16) return {(b & c) | (~b & d), i};
  if (i < 32) return {(d & b) | (~d & c), (5 * i + 1) % 16};
  if (i < 48) return {b ^ c ^ d, (3 * i + 5) % 16};
  return {c ^ (b | ~d), (7 * i) % 16};
}

void compress(HashState& state, std::string_view block) {
  std::array<std::uint32_t, 16> words{};
  for (std::size_t i = 0; i < words.size(); ++i)
    words[i] = word_at(block, i);
  auto [a, b, c, d] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const auto [mixed, index] = mix(i, b, c, d);
    const auto turned = rotate(a + mixed + kSines[i] + words[index], kTurns[i / 16][i % 4]);
    a = d;
    d = c;
    c = b;
    b += turned;
  }
  const HashState added{a, b, c, d};
  for (std::size_t i = 0; i < state.size(); ++i)
    state[i] += added[i];
}

}  // namespace

void Md5::update(std::string_view data) {
  bytes_ += data.size();
  take_blocks(rest_, data, [this](std::string_view block) { compress(state_, block); });
}

Md5::Digest Md5::digest() const {
  std::string length;
  for (unsigned shift = 0; shift < 64; shift += 8)
    length += static_cast<char>(static_cast<unsigned char>((bytes_ * 8U) >> shift));
  HashState state = state_;
  take_last_blocks(rest_, length, [&state](std::string_view block) { compress(state, block); });
  Digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<unsigned char>(state[i / 4] >> (8U * (i % 4)));
  return digest;
}

std::string Md5::hex() const {
  std::string text;
  for (const auto byte : digest()) {
    text += kHexadecimal[byte >> 4U];
    text += kHexadecimal[byte & 0xFU];
  }
  return text;
}

std::string Md5::bytes() const {
  const auto raw = digest();
  return {raw.begin(), raw.end()};
}

}  // namespace datamill::support
