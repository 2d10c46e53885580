#include "datamill/node/sweep.hpp"

#include "support/catch.hpp"

#include <array>
#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace datamill::node {

namespace {

using Texts = std::vector<std::string>;

/// A copy of sleep(1) below a folder, so that the sweep takes it for a process of a node there.
class Sleeper {
public:
  explicit Sleeper(const std::filesystem::path& folder, bool stubborn) : program_(folder / "sleep") {
    std::filesystem::copy_file(std::filesystem::canonical("/bin/sleep"), program_,
                               std::filesystem::copy_options::skip_existing);
    std::array<int, 2> ready{};
    REQUIRE(pipe(ready.data()) == 0);
    pid = fork();
    if (pid == 0) {
      // Ignored signals stay ignored in the program that follows (signal(7)).
      if (stubborn) (void)signal(SIGTERM, SIG_IGN);
      (void)close(ready[0]);
      (void)fcntl(ready[1], F_SETFD, FD_CLOEXEC);
      (void)execl(program_.c_str(), "sleep", "600", static_cast<char*>(nullptr));
      _exit(1);
    }
    (void)close(ready[1]);
    char byte = 0;
    (void)read(ready[0], &byte, 1);  // ends when the program runs
    (void)close(ready[0]);
  }
  ~Sleeper() {
    if (pid > 0) (void)kill(pid, SIGKILL);
    (void)end();
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  /// The signal that ended it.
  int end() {
    int status = 0;
    if (pid > 0) (void)waitpid(pid, &status, 0);
    pid = 0;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
  pid_t pid = 0;

private:
  std::filesystem::path program_;
};

}  // namespace

TEST_CASE("a process is a node's by its program and what it names", "[node]") {
  const Spec spec{.folder = "/s/node",
                  .parts = {{.name = "x", .words = {"/tools/own-part"}},
                            {.name = "y", .words = {"/tools/dm", "node", "addresses"}}}};
  for (const Texts& words : {Texts{"etcd", "--data-dir", "/s/node/etcd"},
                             {"etcd", "--data-dir=/s/node/etcd"},
                             {"etcd", "--at", "unix:///s/node/run/socket"}})
    CHECK(belongs_to(spec, "/old/etcd", words));
  CHECK(belongs_to(spec, "/tools/own-part", {"own-part", "/s/node/x"}));
  CHECK(belongs_to(spec, "/s/node/bin/anything", {"anything"}));
  CHECK(belongs_to(spec, "/old/datamill", {"datamill", "node", "run", "/s/node/node.json"}));
  CHECK(belongs_to(spec, "/old/dm", {"dm", "node", "run", "/s/node/node.json"}));
  SECTION("not of another node, of people, or of nobody") {
    CHECK_FALSE(belongs_to(spec, "/old/etcd", {"etcd", "--data-dir", "/s/node2/etcd"}));
    CHECK_FALSE(belongs_to(spec, "/old/etcd", {"etcd", "--data-dir", "/other/s/node/etcd"}));
    CHECK_FALSE(belongs_to(spec, "/old/etcd", {"etcd"}));
    CHECK_FALSE(belongs_to(spec, "/usr/bin/tail", {"tail", "-f", "/s/node/log/etcd.log"}));
    CHECK_FALSE(belongs_to(spec, "/bin/datamill", {"datamill", "plan", "-o", "/s/node/x"}));
    CHECK_FALSE(belongs_to(spec, "/bin/dm", {"dm", "plan", "-o", "/s/node/x"}));
    CHECK_FALSE(belongs_to(spec, "", {}));
  }
}

TEST_CASE("what remains of a node is ended, whoever started it", "[node]") {
  const auto folder = std::filesystem::temp_directory_path() / ("datamill-remains-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder / "node");
  std::filesystem::create_directories(folder / "node2");
  const Spec spec{.folder = (folder / "node").string()};
  {
    Sleeper ours(folder / "node", false);
    Sleeper other(folder / "node2", false);
    REQUIRE(processes_of(spec).size() == 1);
    CHECK(processes_of(spec).front().pid == ours.pid);
    end_remaining(spec, 60);
    CHECK(ours.end() == SIGTERM);
    CHECK(kill(other.pid, 0) == 0);
    Sleeper stubborn(folder / "node", true);
    end_remaining(spec, 0);
    CHECK(stubborn.end() == SIGKILL);
    CHECK(processes_of(spec).empty());
  }
  std::filesystem::remove_all(folder);
}

}  // namespace datamill::node
