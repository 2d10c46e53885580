#include "support/catch.hpp"

#include "datamill/support/md5.hpp"

#include <string>

namespace datamill::support {

namespace {

struct Md5Case {
  std::string in{};
  std::string expected{};
};

}  // namespace

TEST_CASE("MD5 has the digests of RFC 1321", "[support][md5]") {
  const auto c = GENERATE(values<Md5Case>({
      {"", "d41d8cd98f00b204e9800998ecf8427e"},
      {"a", "0cc175b9c0f1b6a831c399e269772661"},
      {"abc", "900150983cd24fb0d6963f7d28e17f72"},
      {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
      {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
      {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
       "57edf4a22be3c955ac49da2e2107b67a"},
  }));
  Md5 whole;
  whole.update(c.in);
  CHECK(whole.hex() == c.expected);
  Md5 pieces;
  for (const char byte : c.in)
    pieces.update({&byte, 1});
  CHECK(pieces.hex() == c.expected);
}

TEST_CASE("MD5 goes over block borders", "[support][md5]") {
  // md5sum of so many "x".
  const auto hex = [](std::size_t count) {
    Md5 hash;
    hash.update(std::string(count, 'x'));
    return hash.hex();
  };
  CHECK(hex(55) == "04364420e25c512fd958a70738aa8f72");
  CHECK(hex(56) == "668a72d5ba17f08e62dabcafad6db14b");
  CHECK(hex(63) == "7dc2ca208106a2f703567bdff99d8981");
  CHECK(hex(64) == "c1bb4f81d892b2d57947682aeb252456");
  CHECK(hex(65) == "1bc932052302d074bdec39795fe00cf6");
  CHECK(hex(1000) == "398533d48111e9f664b1f64cb10c4b63");
}

}  // namespace datamill::support
