#include "datamill/support/text.hpp"
#include "proc/runner/run_child.hpp"
#include "support/catch.hpp"

#include <sys/wait.h>

#include <cerrno>
#include <numeric>

namespace datamill::proc {
namespace {

using namespace std::chrono_literals;
using test::open_descriptors;
using test::resolved;
using test::run_child;
using test::shell;
using Lines = std::vector<std::string>;

std::size_t total_size(const Lines& lines) {
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0},
                         [](std::size_t sum, const std::string& line) { return sum + line.size() + 1; });
}

TEST_CASE("both outputs come as lines, the last one without its newline too", "[proc]") {
  const auto runner = make_runner();
  const auto result = run_child(*runner, shell("echo one; echo; printf 'a\\000b'; echo err >&2; exit 3"));
  CHECK(result.out == Lines{"one", "", std::string{"a\0b", 3}});
  CHECK(result.err == Lines{"err"});
  CHECK(result.exit_code() == 3);
}

TEST_CASE("environment additions, working directory and arguments arrive", "[proc]") {
  const auto runner = make_runner();
  command::Command command{.program = "/bin/sh",
                           .args = {"-c", "echo \"$A|$HOME|$1\"; pwd", "sh", "$(id) 'x'"},
                           .env = {{"A", "b c"}, {"HOME", "/nowhere"}},
                           .cwd = "/usr"};
  CHECK(run_child(*runner, resolved(command)).out == Lines{"b c|/nowhere|$(id) 'x'", "/usr"});
  command.cwd = "/does/not/exist";
  CHECK(run_child(*runner, resolved(command)).start_error() == ENOENT);
}

TEST_CASE("10 MB on both pipes at once come whole", "[proc]") {
  const auto runner = make_runner();
  const auto result =
      run_child(*runner, shell("f() { head -c 9900000 /dev/zero | tr '\\0' x | fold -w 99; }; f >&2 & f; wait"));
  CHECK(result.exit_code() == 0);
  CHECK(total_size(result.out) == 10000000);
  CHECK(total_size(result.err) == 10000000);
  CHECK(result.out.back() == std::string(99, 'x'));
}

TEST_CASE("a line without end comes in pieces of 1 MiB", "[proc]") {
  const auto runner = make_runner();
  const auto result = run_child(*runner, shell("head -c 2500000 /dev/zero | tr '\\0' x"));
  REQUIRE(result.out.size() == 3);
  CHECK(result.out[0].size() == 1048576);
  CHECK(result.out[2].size() == 2500000 - 2 * 1048576);
}

TEST_CASE("stdin larger than a pipe arrives whole", "[proc]") {
  const auto runner = make_runner();
  command::Command command{.program = "/bin/sh", .args = {"-c", "tee /dev/stderr | wc -c"}};
  command.stdin_text = command::SymbolicText{std::string(3000000, 'y')};
  const auto result = run_child(*runner, resolved(command));
  CHECK(support::trim(result.out.at(0)) == "3000000");
  CHECK(total_size(result.err) - result.err.size() == 3000000);
}

TEST_CASE("a file is fed between two texts, however large it is", "[proc]") {
  const auto runner = make_runner();
  const test::Folder folder;
  const auto path = folder.write("in", std::string(3000000, 'x') + "\n");
  command::Command command{.program = "/bin/sh", .args = {"-c", "read a; echo $a; wc -c"}};
  command.stdin_text = command::StdinFile{.before = "first\n", .path = path, .after = "last"};
  CHECK(run_child(*runner, resolved(command)).out == Lines{"first", "3000005"});
  command.args = {"-c", "cat"};
  command.stdin_text = command::StdinFile{.path = folder.write("empty", "")};
  CHECK(run_child(*runner, resolved(command)).out.empty());
  command.stdin_text = command::StdinFile{.path = folder.path("none")};
  CHECK(run_child(*runner, resolved(command)).start_error() == ENOENT);
  // What cannot be read to its end is not followed by what belongs behind it.
  command.stdin_text = command::StdinFile{.before = "first\n", .path = folder.path(), .after = "last"};
  CHECK(run_child(*runner, resolved(command)).out == Lines{"first"});
}

TEST_CASE("a child that does not read its stdin does not disturb us", "[proc]") {
  const auto runner = make_runner();
  command::Command command{.program = "/bin/true"};
  command.stdin_text = command::SymbolicText{std::string(3000000, 'y')};
  CHECK(run_child(*runner, resolved(command)).exit_code() == 0);
}

TEST_CASE("without a text stdin is empty", "[proc]") {
  const auto runner = make_runner();
  CHECK(run_child(*runner, shell("cat; echo end")).out == Lines{"end"});
}

TEST_CASE("what cannot start is kept apart from what fails", "[proc]") {
  const auto runner = make_runner();
  const test::Folder folder;
  CHECK(run_child(*runner, resolved({.program = "/does/not/exist"})).start_error() == ENOENT);
  CHECK(run_child(*runner, resolved({.program = "sh"})).start_error() == ENOENT);
  CHECK(run_child(*runner, resolved({.program = test::write_with_mode(folder, "plain", std::filesystem::perms{0644})}))
            .start_error() == EACCES);
  CHECK(run_child(*runner, resolved({.program = folder.path()})).start_error() == EACCES);
  CHECK(
      run_child(*runner, resolved({.program = test::write_with_mode(folder, "garbage", std::filesystem::perms{0755})}))
          .start_error() == ENOEXEC);
  CHECK(run_child(*runner, shell("exit 127")).exit_code() == 127);
}

TEST_CASE("death by a signal is told as such", "[proc]") {
  const auto runner = make_runner();
  CHECK(run_child(*runner, shell("kill -SEGV $$")).signal() == SIGSEGV);
  CHECK(run_child(*runner, shell("kill -KILL $$")).signal() == SIGKILL);
}

TEST_CASE("a child starts with clean signals in a group of its own", "[proc]") {
  const auto runner = make_runner();
  const auto result =
      run_child(*runner, shell("grep -E '^Sig(Blk|Ign)' /proc/self/status; cut -d' ' -f5 /proc/$$/stat; echo $$"));
  REQUIRE(result.out.size() == 4);
  CHECK(support::contains(result.out[0], "0000000000000000"));
  CHECK(support::contains(result.out[1], "0000000000000000"));
  CHECK(result.out[2] == result.out[3]);
}

TEST_CASE("a child inherits no descriptor, however many others run", "[proc]") {
  const auto runner = make_runner();
  for (ChildId id = 10; id < 15; ++id)
    runner->start(id, shell("sleep 20"));
  const auto result = run_child(*runner, resolved({.program = "/bin/ls", .args = {"/proc/self/fd"}}));
  CHECK(result.out == Lines{"0", "1", "2", "3"});  // 3 is the folder that ls reads
}

TEST_CASE("200 children one after the other leave nothing behind", "[proc]") {
  const auto before = open_descriptors();
  {
    const auto runner = make_runner();
    (void)run_child(*runner, shell("true"));
    const auto while_running = open_descriptors();
    for (int i = 0; i < 200; ++i)
      REQUIRE(run_child(*runner, resolved({.program = "/bin/true"})).exit_code() == 0);
    for (int i = 0; i < 20; ++i)
      REQUIRE(run_child(*runner, resolved({.program = "/does/not/exist"})).start_error() == ENOENT);
    CHECK(open_descriptors() == while_running);
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a background grandchild that holds the pipes does not hold us", "[proc]") {
  const auto runner = make_runner();
  const auto start = runner->now();
  const auto result = run_child(*runner, shell("sleep 60 & echo $!; exit 4"));
  const auto elapsed = runner->now() - start;
  CHECK(result.exit_code() == 4);
  CHECK(elapsed > 800ms);
  CHECK(elapsed < 10s);
  const pid_t grandchild = std::stoi(result.out.at(0));
  CHECK_FALSE(test::is_gone(grandchild));  // nobody asked it to stop
  kill(grandchild, SIGKILL);
}

TEST_CASE("output that came in time is not lost when its reader is slow", "[proc]") {
  const auto runner = make_runner();
  runner->start(1,
                shell("(sleep 0.4; f() { head -c 65000 /dev/zero | tr '\\0' '\\n'; }; f; f >&2; sleep 60) & echo $!"));
  const pid_t grandchild = std::stoi(test::next_line(*runner));
  CHECK(std::holds_alternative<DeadlineReached>(runner->wait(runner->now() + 200ms)));  // the child's end was seen
  usleep(1500000);                                                                      // longer than the drain
  const auto result = test::collect(*runner, 1);
  CHECK(result.out.size() == 65000);
  CHECK(result.err.size() == 65000);
  kill(grandchild, SIGKILL);
}

TEST_CASE("the runner's end is the end of its children", "[proc]") {
  auto runner = make_runner();
  runner->start(1, shell("sleep 60 & echo $!; wait"));
  const pid_t grandchild = std::stoi(test::next_line(*runner));
  runner.reset();
  CHECK(test::goes_away(grandchild));
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
}

}  // namespace
}  // namespace datamill::proc
