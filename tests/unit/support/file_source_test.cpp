#include "datamill/support/file_source.hpp"

#include "datamill/support/environment.hpp"
#include "support/catch.hpp"
#include "support/memory_file_source.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace datamill::support;
namespace fs = std::filesystem;

namespace {

/// A folder of the test's own, removed at its end.
class Folder {
public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "datamill-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }

private:
  std::string path_{};
};

}  // namespace

TEST_CASE("DiskFileSource reads files and says why it cannot", "[support][file_source]") {
  const Folder folder;
  const DiskFileSource disk;
  std::ofstream(folder.path("a")) << "text\n";
  std::ofstream(folder.path("big")) << std::string(100'000, 'x');
  fs::create_directory(folder.path("dir"));
  REQUIRE(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);

  CHECK(disk.read(folder.path("a"), 5).text == "text\n");
  CHECK(disk.read(folder.path("a"), 4).problem == "larger than 4 bytes");
  CHECK(disk.read(folder.path("big"), 100'000).text->size() == 100'000);
  CHECK(disk.read(folder.path("missing"), 9).problem == "No such file or directory");
  CHECK(disk.read(folder.path("dir"), 9).problem == "Is a directory");
  CHECK(disk.read(folder.path("fifo"), 9).problem == "Not a regular file");
  CHECK(disk.read("/proc/self/maps", 10).problem == "larger than 10 bytes");
  CHECK(disk.read("/dev/zero", 4U * 1024U * 1024U).problem == "Not a regular file");
  CHECK(disk.kind(folder.path("a")) == FileSource::Kind::file);
  CHECK(disk.kind(folder.path("dir")) == FileSource::Kind::directory);
  CHECK(disk.kind(folder.path("fifo")) == FileSource::Kind::other);
  CHECK(disk.kind(folder.path("a") + "/b") == FileSource::Kind::missing);
  CHECK(disk.list(folder.path("")) == std::vector<std::string>{"a", "big", "dir", "fifo"});
  CHECK(disk.list(folder.path("missing")).empty());
}

TEST_CASE("DiskFileSource refuses a sparse file of 100 MB by its size", "[support][file_source]") {
  const Folder folder;
  std::ofstream(folder.path("huge")).put('x');
  fs::resize_file(folder.path("huge"), 100'000'000);
  CHECK(DiskFileSource().read(folder.path("huge"), 4U * 1024U * 1024U).problem == "larger than 4 MiB");
}

TEST_CASE("DiskFileSource reports an unreadable file", "[support][file_source]") {
  if (::geteuid() == 0) return;  // root reads everything
  const Folder folder;
  std::ofstream(folder.path("a")) << "x";
  fs::permissions(folder.path("a"), fs::perms::none);
  CHECK(DiskFileSource().read(folder.path("a"), 9).problem == "Permission denied");
}

TEST_CASE("MemoryFileSource behaves like a disk", "[support][file_source]") {
  datamill::tests::MemoryFileSource files({{"/r/a/b", "x"}, {"/r/c", "y"}, {"/r/empty/", ""}});
  files.set_problem("/r/locked", "Permission denied");
  CHECK(files.read("/r/c", 9).text == "y");
  CHECK(files.read("/r/a", 9).problem == "Is a directory");
  CHECK(files.read("/r/z", 9).problem == "No such file or directory");
  CHECK(files.read("/r/locked", 9).problem == "Permission denied");
  CHECK(files.kind("/r/empty") == FileSource::Kind::directory);
  CHECK(files.kind("/r/a") == FileSource::Kind::directory);
  CHECK(files.kind("/r/a/b") == FileSource::Kind::file);
  CHECK(files.kind("/r/b") == FileSource::Kind::missing);
  CHECK(files.list("/r") == std::vector<std::string>{"a", "c", "empty", "locked"});
}

TEST_CASE("Environment is captured once", "[support][environment]") {
  std::string a = "HOME=/home/x";
  std::string b = "OPTS=a=b";
  std::string c = "broken";
  std::string d = "EMPTY=";
  std::array<char*, 5> block{a.data(), b.data(), c.data(), d.data(), nullptr};
  const auto environment = Environment::capture(block.data());
  CHECK(environment.get("HOME") == "/home/x");
  CHECK(environment.get("OPTS") == "a=b");
  CHECK(environment.has("EMPTY"));
  CHECK_FALSE(environment.has("broken"));
  CHECK(environment.get("PATH").empty());
  CHECK(environment.all().size() == 3);
}
