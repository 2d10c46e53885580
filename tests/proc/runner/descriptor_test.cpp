#include "datamill/proc/process.hpp"
#include "proc/runner/run_child.hpp"
#include "support/catch.hpp"

#include <sys/eventfd.h>
#include <sys/wait.h>

#include <csignal>

namespace datamill::proc {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a descriptor that can be read wakes the waiting one, until it is emptied", "[proc][runner]") {
  const auto runner = make_runner();
  const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  REQUIRE(descriptor >= 0);
  runner->watch_descriptor(descriptor);
  CHECK(std::holds_alternative<DeadlineReached>(runner->wait(runner->now() + 20ms)));
  REQUIRE(eventfd_write(descriptor, 1) == 0);
  CHECK(std::holds_alternative<Readable>(runner->wait(std::nullopt)));
  CHECK(std::holds_alternative<Readable>(runner->wait(std::nullopt)));
  eventfd_t count = 0;
  REQUIRE(eventfd_read(descriptor, &count) == 0);
  // One that was told already may still be on its way.
  auto event = runner->wait(runner->now() + 20ms);
  if (std::holds_alternative<Readable>(event)) event = runner->wait(runner->now() + 20ms);
  CHECK(std::holds_alternative<DeadlineReached>(event));
  runner->watch_descriptor(-1);
  REQUIRE(eventfd_write(descriptor, 1) == 0);
  CHECK(std::holds_alternative<DeadlineReached>(runner->wait(runner->now() + 20ms)));
  (void)close(descriptor);
}

/// "T" where it is stopped.
std::string state_of(pid_t pid) {
  const auto fields = stat_fields(test::read_file("/proc/" + std::to_string(pid) + "/stat"));
  return fields.empty() ? std::string{} : fields.front();
}

TEST_CASE("a stop signal stops the children too, and they go on with us", "[proc][runner]") {
  // Stopping would stop the test program, so a process of its own is stopped and watched.
  const pid_t pid = fork();
  if (pid == 0) {
    (void)setpgid(0, 0);
    const auto runner = make_runner();
    runner->start(1, test::shell("sleep 600"));
    bool resumed = false;
    while (!resumed)
      resumed = std::holds_alternative<Resumed>(runner->wait(std::nullopt));
    runner->signal(1, SIGTERM, true);
    while (!std::holds_alternative<ChildEnded>(runner->wait(std::nullopt))) {
    }
    _exit(42);
  }
  REQUIRE(pid > 0);
  const auto child_of = [&]() {
    const auto path = "/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children";
    const auto text = test::read_file(path);
    return text.empty() ? 0 : std::stoi(text);
  };
  int child = 0;
  for (int i = 0; i < 500 && child == 0; ++i) {
    usleep(10'000);
    child = child_of();
  }
  REQUIRE(child > 0);
  REQUIRE(kill(pid, SIGTSTP) == 0);
  int status = 0;
  REQUIRE(waitpid(pid, &status, WUNTRACED) == pid);
  CHECK(WIFSTOPPED(status));
  // It stops when it is its turn to run.
  for (int i = 0; i < 500 && state_of(child) != "T"; ++i)
    usleep(10'000);
  CHECK(state_of(child) == "T");
  REQUIRE(kill(pid, SIGCONT) == 0);
  REQUIRE(waitpid(pid, &status, 0) == pid);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
  CHECK(state_of(child).empty());
}

}  // namespace
}  // namespace datamill::proc
