#include "cli/disk_use.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>

using namespace datamill;

TEST_CASE("disk use counts blocks, and a file of two names once", "[cli][disk]") {
  const tests::TempFolder folder;
  const auto empty = cli::disk_use(folder.path());
  const auto file = folder.write("a/b", std::string(100'000, 'x'));
  const auto used = cli::disk_use(folder.path());
  CHECK(used - empty >= 100'000);
  std::filesystem::create_hard_link(file, folder.path("c"));
  CHECK(cli::disk_use(folder.path()) == used);
  std::filesystem::resize_file(folder.write("hole", ""), 100'000'000);
  CHECK(cli::disk_use(folder.path()) < used + 1'000'000);
  CHECK(cli::disk_use(folder.path("missing")) == 0);
}

TEST_CASE("a full disk is told in the kernel's words too", "[cli][disk]") {
  const auto full = cli::full_disk("/proc");  // which has no room at all
  CHECK(support::contains(full, "only 0 MiB are free in /proc: no space left on device"));
  CHECK(cli::full_disk("/missing").empty());
}
