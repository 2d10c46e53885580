#include "datamill/proc/keeper.hpp"

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace datamill::proc {

using namespace std::chrono_literals;

namespace {

struct NoSymbols final : command::SymbolLookup {
  [[nodiscard]] command::Secret secret(const command::SecretRef&) const override { return {}; }
  [[nodiscard]] std::string output(const command::OutputRef&) const override { return {}; }
};

command::ResolvedCommand shell(const std::string& script) {
  return command::CommandResolver::resolve({.program = "sh", .args = {"-c", script}}, "/bin/sh", NoSymbols{});
}

std::string read(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

KeptEnded next_end(Keeper& keeper) {
  return std::get<KeptEnded>(keeper.wait(Clock::now() + 60s));
}

}  // namespace

TEST_CASE("a kept process goes on without its keeper, and another one adopts it", "[proc][keeper]") {
  const tests::TempFolder folder;
  const auto log = folder.path() + "/log";
  REQUIRE(mkfifo((folder.path() + "/gate").c_str(), 0600) == 0);
  std::optional<ProcessIdentity> identity;
  {
    const auto keeper = make_keeper();
    keeper->start(1, shell("echo begun; read x < " + folder.path() + "/gate; echo over >&2; exit 3"), log);
    identity = keeper->identity(1);
  }
  REQUIRE(identity);
  CHECK(lives(*identity));
  CHECK(getpgid(identity->pid) == identity->pid);
  CHECK(parse_pid_file(to_pid_file(*identity)) == identity);
  const auto keeper = make_keeper();
  auto other = *identity;
  SECTION("not by its number alone") {
    other.start = "1";
    CHECK_FALSE(keeper->adopt(2, other));
    other = *identity;
    other.boot = "before the reboot";
    CHECK_FALSE(keeper->adopt(2, other));
    other = *identity;
    other.executable = "/bin/true";
    CHECK_FALSE(keeper->adopt(2, other));
  }
  REQUIRE(keeper->adopt(2, *identity));
  keeper->signal(2, SIGKILL);
  const auto ended = next_end(*keeper);
  CHECK(ended.id == 2);
  CHECK_FALSE(ended.outcome);
  CHECK_FALSE(lives(*identity));
  CHECK_FALSE(keeper->adopt(2, *identity));
  CHECK(waitpid(identity->pid, nullptr, 0) == identity->pid);  // here its parent lives on, so nobody else reaps it
}

TEST_CASE("a keeper tells how its own processes end, and their output is in the log", "[proc][keeper]") {
  const tests::TempFolder folder;
  const auto log = folder.path() + "/log";
  const auto keeper = make_keeper();
  keeper->start(1, shell("echo out; echo err >&2; exit 3"), log);
  auto ended = next_end(*keeper);
  CHECK(std::get<Exited>(*ended.outcome).code == 3);
  CHECK(read(log) == "out\nerr\n");
  keeper->start(1, shell("kill -9 $$"), log);
  ended = next_end(*keeper);
  CHECK(std::get<Signalled>(*ended.outcome).signal == SIGKILL);
  CHECK_FALSE(keeper->identity(1));
  keeper->start(1, command::CommandResolver::resolve({.program = "none"}, "/nowhere/none", NoSymbols{}), log);
  ended = next_end(*keeper);
  CHECK(std::holds_alternative<NotStarted>(*ended.outcome));
  CHECK(std::holds_alternative<DeadlineReached>(keeper->wait(Clock::now())));
}

TEST_CASE("a process is found by what it was started with", "[proc][keeper]") {
  const tests::TempFolder folder;
  const auto keeper = make_keeper();
  const auto script = "exec 3<>" + folder.path() + "/gate; read x <&3";
  REQUIRE(mkfifo((folder.path() + "/gate").c_str(), 0600) == 0);
  keeper->start(1, shell(script), folder.path() + "/log");
  const auto identity = keeper->identity(1);
  REQUIRE(identity);
  CHECK(find_process({"/bin/sh", "-c", script}) == identity);
  CHECK_FALSE(find_process({"/bin/sh", "-c", script + " "}));
  CHECK(command_line(identity->pid) == std::vector<std::string>{"/bin/sh", "-c", script});
  CHECK(resident_bytes(identity->pid) > 0);
  keeper->signal(1, SIGKILL);
  (void)next_end(*keeper);
  CHECK_FALSE(identify(identity->pid));
  CHECK(stat_fields("1 (a) b)) S 2 3") == std::vector<std::string>{"S", "2", "3"});
  CHECK(stat_fields("").empty());
  CHECK_FALSE(parse_pid_file("4711\n"));
  CHECK_FALSE(parse_pid_file("1\n2\nb\n/x\n"));
}

}  // namespace datamill::proc
