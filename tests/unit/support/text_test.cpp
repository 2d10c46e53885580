#include "datamill/support/text.hpp"

#include "support/catch.hpp"

using namespace datamill::support;

namespace {

struct HashCase {
  std::string why{};
  std::string in{};
  std::string expected{};
};

struct MatchCase {
  std::string why{};
  std::string word{};
  std::string expected{};
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("sha256_hex agrees with the vectors of FIPS 180-4 and its padding edges", "[support][sha256]") {
  const auto c = GENERATE(values<HashCase>({
      {"empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"one block", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"a million a", std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
      {"55 bytes: the length just fits", std::string(55, 'a'),
       "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
      {"56 bytes: the length needs a block", std::string(56, 'a'),
       "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
      {"64 bytes", std::string(64, 'a'), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
  }));
  INFO(c.why);
  CHECK(sha256_hex(c.in) == c.expected);
}

TEST_CASE("base64 agrees with RFC 4648 and goes round", "[support][base64]") {
  const auto c = GENERATE(values<std::pair<std::string, std::string>>({{"", ""},
                                                                       {"f", "Zg=="},
                                                                       {"fo", "Zm8="},
                                                                       {"foo", "Zm9v"},
                                                                       {"foob", "Zm9vYg=="},
                                                                       {"fooba", "Zm9vYmE="},
                                                                       {"foobar", "Zm9vYmFy"},
                                                                       {"\xFF\xFE\xFD", "//79"}}));
  CHECK(base64_encode(c.first) == c.second);
  CHECK(base64_decode(c.second) == c.first);
}

TEST_CASE("base64_decode skips what is no base64", "[support][base64]") {
  CHECK(base64_decode("Zm9v\nYmFy\n") == "foobar");
  CHECK(base64_decode("Zm9vYmE") == "fooba");
}

TEST_CASE("best_match finds what was meant and nothing else", "[support][suggest]") {
  const Words known{"jupyterhub", "seaweedfs", "kafka", "s3", "mlflow", "nginx-ingress"};
  const auto c = GENERATE(values<MatchCase>({
      {"one letter too many", "jupyterhubb", "jupyterhub"},
      {"swapped letters", "kakfa", "kafka"},
      {"case", "MLflow", "mlflow"},
      {"underscore", "nginx_ingress", "nginx-ingress"},
      {"beginning", "jupyter", "jupyterhub"},
      {"another word", "postgres", ""},
      {"two letters, one wrong", "s4", "s3"},
      {"two letters, both wrong", "xy", ""},
      {"one letter", "k", ""},
      {"empty", "", ""},
      {"very long", std::string(5000, 'k'), ""},
  }));
  INFO(c.why);
  CHECK(best_match(c.word, known) == c.expected);
}

TEST_CASE("did_you_mean asks only where there is a candidate", "[support][suggest]") {
  CHECK(did_you_mean("kafk", {"kafka"}) == "did you mean \"kafka\"?");
  CHECK(did_you_mean("zzz", {"kafka"}).empty());
}

TEST_CASE("split_list splits at commas and blanks", "[support][text]") {
  CHECK(split_list("a, b c\td,,\ne ") == Words{"a", "b", "c", "d", "e"});
  CHECK(split_list(" , ").empty());
  CHECK(split_list("").empty());
  CHECK(split_list("a:b c", ":") == Words{"a", "b c"});
}

TEST_CASE("split keeps empty pieces, split_lines drops the last line's end", "[support][text]") {
  CHECK(split("a//b/", '/') == Words{"a", "", "b", ""});
  CHECK(split("", '/') == Words{""});
  CHECK(split_lines("a\r\n\nb\n") == Words{"a", "", "b"});
  CHECK(split_lines("").empty());
}

TEST_CASE("trim, join, indent, contains, replace_all", "[support][text]") {
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim(" \n").empty());
  CHECK(join({"a", "b", "c"}, ", ") == "a, b, c");
  CHECK(join({}, ", ").empty());
  CHECK(indent("a\n\nb", "  ") == "  a\n  \n  b");
  CHECK(contains("abc", "bc"));
  CHECK_FALSE(contains("abc", "cb"));
  CHECK(replace_all("aaa", "a", "aa") == "aaaaaa");
  CHECK(replace_all("abc", "", "x") == "abc");
}

TEST_CASE("elide_middle counts characters", "[support][text]") {
  CHECK(elide_middle("abcdef", 6) == "abcdef");
  CHECK(elide_middle("abcdefgh", 7) == "ab...gh");
  CHECK(elide_middle("abcdefgh", 2) == "ab");
  CHECK(elide_middle("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 5) == "\xC3\xA4...\xC3\xA4");
}
