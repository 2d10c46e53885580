#include "datamill/support/sha256.hpp"

#include "datamill/support/text.hpp"
#include "support/catch.hpp"

#include <string>

using datamill::support::Sha256;
using datamill::support::sha256_hex;

TEST_CASE("Sha256 gives the same digest however the data is cut", "[support][sha256]") {
  std::string data;
  for (int i = 0; i < 1000; ++i)
    data += static_cast<char>('a' + i % 26);
  const auto piece = GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{63}, std::size_t{64}, std::size_t{65},
                              std::size_t{128}, std::size_t{999});
  Sha256 hash;
  for (std::size_t at = 0; at < data.size(); at += piece)
    hash.update(std::string_view(data).substr(at, piece));
  CHECK(hash.hex() == sha256_hex(data));
  CHECK(hash.hex() == "915e53a44c18b19bb06ba5b3f5fcaf1dc4651e8404c63425cfc6174e74659d87");
}

TEST_CASE("Sha256 can be asked in between", "[support][sha256]") {
  Sha256 hash;
  hash.update("ab");
  CHECK(hash.hex() == sha256_hex("ab"));
  hash.update("c");
  CHECK(hash.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
