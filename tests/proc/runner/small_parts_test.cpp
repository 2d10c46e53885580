#include "datamill/proc/find_tool.hpp"
#include "datamill/proc/outcome.hpp"
#include "proc/line_buffer.hpp"
#include "proc/runner/run_child.hpp"
#include "support/catch.hpp"

namespace datamill::proc {
namespace {

using namespace std::chrono_literals;

struct OutcomeCase {
  Outcome outcome{};
  std::string text{};
};

TEST_CASE("how a child ended, in words", "[proc][outcome]") {
  const auto c = GENERATE(values<OutcomeCase>({
      {Exited{.code = 1}, "exit code 1"},
      {Signalled{.signal = SIGSEGV}, "killed by SIGSEGV"},
      {Signalled{.signal = SIGABRT, .core = true}, "killed by SIGABRT, core dumped"},
      {Signalled{.signal = 63}, "killed by signal 63"},
      {TimedOut{.after = 600s, .killed = false}, "timed out after 10m"},
      {TimedOut{.after = 600s, .killed = true}, "timed out after 10m, killed because it went on"},
      {Cancelled{}, "cancelled"},
      {Cancelled{.killed = true}, "cancelled, killed because it went on"},
      {NotStarted{.error = ENOENT}, "could not start: No such file or directory"},
  }));
  CHECK(to_text(c.outcome) == c.text);
  CHECK_FALSE(succeeded(c.outcome));
}

TEST_CASE("only exit code 0 is success", "[proc][outcome]") {
  CHECK(succeeded(Exited{}));
  CHECK_FALSE(succeeded(Exited{.code = 127}));
}

TEST_CASE("lines survive any cut of the stream", "[proc][lines]") {
  const std::string text = "one\n\ntwo\r\n three";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    LineBuffer buffer;
    std::vector<std::string> lines;
    buffer.feed(std::string_view{text}.substr(0, cut), lines);
    buffer.feed(std::string_view{text}.substr(cut), lines);
    CHECK(lines == std::vector<std::string>{"one", "", "two\r"});
    CHECK(buffer.take_rest() == " three");
    CHECK(buffer.take_rest() == std::nullopt);
  }
}

TEST_CASE("a line of exactly the longest length stays whole", "[proc][lines]") {
  LineBuffer buffer;
  std::vector<std::string> lines;
  buffer.feed(std::string(LineBuffer::kLongest, 'a') + "\nb\n", lines);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].size() == LineBuffer::kLongest);
  buffer.feed(std::string(LineBuffer::kLongest + 1, 'a') + "\n", lines);
  REQUIRE(lines.size() == 4);
  CHECK(lines[3] == "a");
}

TEST_CASE("find_executable looks through PATH in its order", "[proc][find]") {
  const test::Folder first;
  const test::Folder second;
  const std::string path = first.path() + "::relative:/does/not/exist:" + second.path();
  CHECK(find_executable("tool", path).path.empty());
  test::write_with_mode(first, "tool", std::filesystem::perms{0644});
  CHECK(find_executable("tool", path).not_executable == first.path("tool"));
  test::write_with_mode(second, "tool", std::filesystem::perms{0755});
  CHECK(find_executable("tool", path).path == second.path("tool"));
  CHECK(find_executable("tool", path).not_executable.empty());
  test::write_with_mode(first, "tool", std::filesystem::perms{0755});
  CHECK(find_executable("tool", path).path == first.path("tool"));
}

TEST_CASE("a folder is no tool, and a path is taken as it is", "[proc][find]") {
  const test::Folder folder;
  std::filesystem::create_directory(folder.path("tool"));
  CHECK(find_executable("tool", folder.path()).path.empty());
  CHECK(find_executable("tool", folder.path()).not_executable.empty());
  CHECK(find_executable("/bin/sh", "").path == "/bin/sh");
  CHECK(find_executable("", "/bin").path.empty());
}

}  // namespace
}  // namespace datamill::proc
