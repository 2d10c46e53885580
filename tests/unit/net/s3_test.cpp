#include "datamill/net/s3.hpp"
#include "net/xml_text.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <string>

namespace datamill::net {

TEST_CASE("keys are encoded as signatures want them", "[net][s3]") {
  CHECK(s3_encoded_path("a b+c/ü~-._") == "a%20b%2Bc/%C3%BC~-._");
  CHECK(s3_encoded("a/b=c&d") == "a%2Fb%3Dc%26d");
}

TEST_CASE("parts grow where there would be too many", "[net][s3]") {
  constexpr std::int64_t kMebibyte = 1024 * 1024;
  CHECK(upload_part_size(0) == 64 * kMebibyte);
  CHECK(upload_part_size(640'000 * kMebibyte) == 64 * kMebibyte);
  CHECK(upload_part_size(640'000 * kMebibyte + 1) == 65 * kMebibyte);
}

TEST_CASE("a file's ETag is its MD5; one that has changed meanwhile has none", "[net][s3]") {
  const tests::TempFolder folder;
  const auto path = folder.write("a", "abc");
  CHECK(etag_of_file(path, 3, {}) == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(etag_of_file(path, 4, {}) == std::nullopt);
  CHECK(etag_of_file(folder.path("none"), 3, {}) == std::nullopt);
  CHECK(etag_of_file(path, 3, [] { return false; }) == std::nullopt);
}

TEST_CASE("the XML of S3 is read", "[net][s3]") {
  const auto root =
      read_xml("<?xml version=\"1.0\"?>\n<s3:A xmlns:s3='>' x=\"/>\"><!-- <no/> --><B>1 &lt;&#x26;&#252;</B>"
               "<C/><B>2</B><D><![CDATA[<x>&amp;]]></D></s3:A>");
  REQUIRE(root);
  CHECK(root->name == "A");
  CHECK(root->children.size() == 4);
  CHECK(root->text_of("B") == "1 <&\xC3\xBC");
  CHECK(root->text_of("C").empty());
  CHECK(root->text_of("D") == "<x>&amp;");
  CHECK(root->text_of("E").empty());
}

TEST_CASE("what is no XML of S3 is refused", "[net][s3]") {
  const std::string text = GENERATE("", "hello", "<a>", "<a></b>", "<a/><b/>", "<a>&nbsp;</a>", "<a>&amp</a>",
                                    "<!DOCTYPE a><a/>", "<a", "<a b=\"></a>", "</a>", "<a>&#x110000;</a>", "<>x</>");
  INFO(text);
  CHECK_FALSE(read_xml(text));
  std::string deep;
  for (int i = 0; i < 1000; ++i)
    deep += "<a>";
  CHECK_FALSE(read_xml(deep));
}

TEST_CASE("text goes into XML unharmed", "[net][s3]") {
  CHECK(xml_escaped("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&apos;");
}

}  // namespace datamill::net
