#include "datamill/support/file_traits.hpp"
#include "support/catch.hpp"

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace datamill::support;
namespace fs = std::filesystem;

TEST_CASE("executable bits are seen, links are not followed", "[support][file_traits]") {
  std::string pattern = (fs::temp_directory_path() / "datamill-test-XXXXXX").string();
  const fs::path folder = ::mkdtemp(pattern.data());
  std::ofstream(folder / "a") << "x";
  std::ofstream(folder / "program") << "x";
  fs::permissions(folder / "a", fs::perms::owner_read | fs::perms::group_exec);  // git keeps the owner's alone
  fs::permissions(folder / "program", fs::perms::owner_all);
  fs::create_symlink("program", folder / "link");
  fs::create_symlink("../nowhere", folder / "broken");
  CHECK(disk_traits(folder / "a") == FileTraits{});
  CHECK(disk_traits(folder / "program") == FileTraits{.executable = true});
  CHECK(disk_traits(folder / "link") == FileTraits{.link = "program"});
  CHECK(disk_traits(folder / "broken") == FileTraits{.link = "../nowhere"});
  CHECK(disk_traits(folder) == FileTraits{});
  CHECK(disk_traits(folder / "missing") == FileTraits{});
  fs::remove_all(folder);
}
