#include "proc/runner/run_child.hpp"
#include "support/catch.hpp"

#include <sys/wait.h>

#include <csignal>
#include <fcntl.h>

namespace datamill::proc {
namespace {

using namespace std::chrono_literals;
using test::next_line;
using test::shell;

bool is_blocked(int signal) {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return sigismember(&mask, signal) == 1;
}

TEST_CASE("a tree that ignores SIGTERM dies of SIGKILL to its group", "[proc][signal]") {
  const auto runner = make_runner();
  runner->start(1, shell("trap '' TERM; (trap '' TERM; sleep 60; true) & echo $!; wait; sleep 60; true"));
  const pid_t grandchild = std::stoi(next_line(*runner));
  runner->signal(1, SIGTERM, true);
  CHECK(std::holds_alternative<DeadlineReached>(runner->wait(runner->now() + 300ms)));
  CHECK_FALSE(test::is_gone(grandchild));
  runner->signal(1, SIGKILL, true);
  CHECK(test::collect(*runner, 1).signal() == SIGKILL);
  CHECK(test::goes_away(grandchild));
}

TEST_CASE("a grandchild that ignores the signal its parent died of goes too", "[proc][signal]") {
  const auto runner = make_runner();
  runner->start(1, shell("(trap '' TERM; sleep 60 >/dev/null 2>&1; true) >/dev/null 2>&1 & echo $!; wait"));
  const pid_t grandchild = std::stoi(next_line(*runner));
  runner->signal(1, SIGTERM, true);
  CHECK(test::collect(*runner, 1).signal() == SIGTERM);
  CHECK(test::goes_away(grandchild));
}

TEST_CASE("a signal for the child alone spares its group", "[proc][signal]") {
  const auto runner = make_runner();
  runner->start(1, shell("sleep 60 >/dev/null 2>&1 & echo $!; trap 'exit 9' INT; while :; do sleep 0.05; done"));
  const pid_t grandchild = std::stoi(next_line(*runner));
  usleep(100000);
  runner->signal(1, SIGINT, false);
  CHECK(test::collect(*runner, 1).exit_code() == 9);
  CHECK_FALSE(test::is_gone(grandchild));
  kill(grandchild, SIGKILL);
}

TEST_CASE("signalling what has ended or never was is ignored", "[proc][signal]") {
  const auto runner = make_runner();
  (void)test::run_child(*runner, shell("true"));
  runner->signal(1, SIGKILL, true);
  runner->signal(77, SIGKILL, true);
  SUCCEED();
}

TEST_CASE("signals for us come as events and do not reach children", "[proc][signal]") {
  const auto runner = make_runner();
  runner->start(1, shell("sleep 0.3; echo alive"));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    kill(getpid(), signal);
    const auto event = runner->wait(runner->now() + 10s);
    REQUIRE(std::holds_alternative<Interrupted>(event));
    CHECK(std::get<Interrupted>(event).signal == signal);
  }
  CHECK(test::collect(*runner, 1).out == std::vector<std::string>{"alive"});
}

TEST_CASE("a signal is told even where nothing runs and there is no deadline", "[proc][signal]") {
  const auto runner = make_runner();
  kill(getpid(), SIGINT);
  CHECK(std::holds_alternative<Interrupted>(runner->wait(std::nullopt)));
}

TEST_CASE("the runner puts the signal mask back", "[proc][signal]") {
  const bool before = is_blocked(SIGTERM);
  {
    const auto runner = make_runner();
    CHECK(is_blocked(SIGTERM));
  }
  CHECK(is_blocked(SIGTERM) == before);
}

TEST_CASE("deadlines come on time, past a silent child and past an endless one", "[proc][signal]") {
  const auto runner = make_runner();
  const auto start = runner->now();
  runner->start(1, shell("sleep 60"));
  CHECK(std::holds_alternative<DeadlineReached>(runner->wait(start + 100ms)));
  runner->start(2, shell("exec yes"));
  const auto deadline = runner->now() + 200ms;
  while (!std::holds_alternative<DeadlineReached>(runner->wait(deadline))) {
  }
  const auto late = runner->now() - deadline;
  CHECK(late >= 0ms);
  CHECK(late < 2s);
  // A deadline that stays in the past does not hide the events that wait.
  CHECK(std::holds_alternative<OutputLine>(runner->wait(deadline)));
  CHECK(std::holds_alternative<DeadlineReached>(runner->wait(deadline)));
  // 64 KiB of "y" lines are 32,768 events: the queue runs empty several times, and is filled a bit at a time.
  for (int i = 0; i < 200000; ++i)
    (void)runner->wait(deadline);
  kill(getpid(), SIGINT);
  bool interrupted = false;
  for (int i = 0; i < 1000000 && !interrupted; ++i)
    interrupted = std::holds_alternative<Interrupted>(runner->wait(std::nullopt));
  CHECK(interrupted);
}

TEST_CASE("a child's end does not look like the next one's", "[proc][signal]") {
  // The reactor gives the bookkeeping of a closed descriptor, with what is still queued for it, to the next one.
  const auto runner = make_runner();
  std::chrono::milliseconds longest{};
  for (ChildId id = 0; id < 20; id += 2) {
    runner->start(id, shell("sleep 0.01; echo x"));
    usleep(40000);  // so that its line, the ends of its pipes and its own end are all found at once
    (void)test::collect(*runner, id);
    const auto start = runner->now();
    runner->start(id + 1, test::resolved({.program = "/bin/sleep", .args = {"1"}}));
    CHECK(std::holds_alternative<DeadlineReached>(runner->wait(start + 5ms)));
    longest = std::max(longest, std::chrono::duration_cast<std::chrono::milliseconds>(runner->now() - start));
    runner->signal(id + 1, SIGKILL, true);
    CHECK(test::collect(*runner, id + 1).signal() == SIGKILL);
  }
  CHECK(longest < 800ms);
}

TEST_CASE("an interactive child has our group, and only it gets its signals", "[proc][signal]") {
  const auto runner = make_runner();
  const test::Folder folder;
  auto command = shell("cut -d' ' -f5 /proc/$$/stat >" + folder.path("group") + "; sleep 60; true").command();
  command.interactive = true;
  runner->start(1, test::resolved(command));
  for (int i = 0; i < 500 && test::read_file(folder.path("group")).empty(); ++i)
    usleep(10000);
  CHECK(test::read_file(folder.path("group")) == std::to_string(getpgrp()) + "\n");
  runner->signal(1, SIGTERM, true);
  CHECK(test::collect(*runner, 1).signal() == SIGTERM);
}

/// Runs `body` in a forked process and gives its exit code; `body` gets the write end of a pipe.
template <class Body>
pid_t fork_with_pipe(int& read_end, Body body) {
  int ends[2]{};
  if (pipe(ends) != 0) throw std::runtime_error{"pipe"};
  const pid_t pid = fork();
  if (pid == 0) {
    close(ends[0]);
    _exit(body(ends[1]));
  }
  close(ends[1]);
  read_end = ends[0];
  return pid;
}

TEST_CASE("children get SIGTERM when we are killed", "[proc][signal]") {
  int read_end = -1;
  const pid_t middle = fork_with_pipe(read_end, [](int write_end) {
    const auto runner = make_runner();
    runner->start(1, shell("echo $$; exec sleep 60"));
    const pid_t child = std::stoi(next_line(*runner));
    if (write(write_end, &child, sizeof child) != static_cast<ssize_t>(sizeof child)) return 1;
    (void)runner->wait(std::nullopt);
    return 0;
  });
  pid_t child = 0;
  REQUIRE(read(read_end, &child, sizeof child) == static_cast<ssize_t>(sizeof child));
  close(read_end);
  CHECK_FALSE(test::is_gone(child));
  kill(middle, SIGKILL);
  waitpid(middle, nullptr, 0);
  CHECK(test::goes_away(child));
}

TEST_CASE("children work where our own input and outputs are closed", "[proc][signal]") {
  int read_end = -1;
  const pid_t middle = fork_with_pipe(read_end, [](int write_end) {
    const auto runner = make_runner();
    for (int fd = 0; fd < 3; ++fd)
      close(fd);
    auto command = shell("cat; echo out; echo err >&2").command();
    command.stdin_text = command::SymbolicText{"in\n"};
    const auto result = test::run_child(*runner, test::resolved(command));
    const std::string text = result.out.at(0) + result.out.at(1) + result.err.at(0);
    return write(write_end, text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
  });
  char text[64]{};
  CHECK(read(read_end, static_cast<void*>(text), sizeof text - 1) == 8);
  CHECK(std::string{static_cast<const char*>(text)} == "inouterr");
  close(read_end);
  waitpid(middle, nullptr, 0);
}

}  // namespace
}  // namespace datamill::proc
