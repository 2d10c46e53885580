#include "net/part_file.hpp"

#include "datamill/net/downloader.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>
#include <iterator>

using datamill::net::PartFile;
using datamill::tests::TempFolder;

namespace {

std::ptrdiff_t files_in(const TempFolder& folder) {
  return std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator());
}

}  // namespace

TEST_CASE("a part file gets its name only by commit", "[net][file]") {
  const TempFolder folder;
  const std::string destination = folder.path("helm");
  PartFile file(destination);
  REQUIRE(file.append("hello "));
  REQUIRE(file.append("world"));
  CHECK_FALSE(std::filesystem::exists(destination));
  CHECK(file.sha256() == datamill::support::sha256_hex("hello world"));
  REQUIRE(file.commit());
  CHECK(TempFolder::read(destination) == "hello world");
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a part file without commit leaves nothing", "[net][file]") {
  const TempFolder folder;
  {
    PartFile file(folder.path("helm"));
    REQUIRE(file.append("half"));
    CHECK(files_in(folder) == 1);
  }
  CHECK(files_in(folder) == 0);
}

TEST_CASE("a part file says what the file system refused", "[net][file]") {
  const TempFolder folder;
  PartFile file(folder.path("missing/helm"));
  CHECK(file.problem() == "cannot create \"" + folder.path("missing/helm") + "\": No such file or directory");
  CHECK_FALSE(file.append("x"));
  CHECK_FALSE(file.commit());
}

TEST_CASE("nothing is fetched without https or without a checksum", "[net][downloader]") {
  const auto downloader = datamill::net::make_curl_downloader(datamill::support::Environment());
  const TempFolder folder;
  datamill::net::DownloadRequest request{.url = "http://example.org/x", .destination = folder.path("x")};
  request.sha256 = std::string(64, '0');
  CHECK(downloader->fetch(request).problem == "only https is allowed");
  request.url = "https://example.org/x";
  request.sha256.clear();
  CHECK(downloader->fetch(request).problem == "no sha256 is pinned");
  CHECK(files_in(folder) == 0);
}
