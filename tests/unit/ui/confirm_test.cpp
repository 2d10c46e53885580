#include "datamill/ui/ui.hpp"
#include "pty.hpp"
#include "support/catch.hpp"

#include <csignal>

namespace datamill::ui::testing {

/// Asks at a pseudo terminal on which `typed` is waiting.
bool ask(const std::string& typed) {
  const Pty pty;
  const StdinFrom replaced(pty.slave);
  pty.type(typed);
  return confirm("Destroy?", {.fd = pty.slave, .is_terminal = true});
}

TEST_CASE("confirm: only y and yes are yes", "[ui][confirm]") {
  CHECK(ask("y\n"));
  CHECK(ask("YES\n"));
  CHECK(ask(" yes \n"));
  CHECK_FALSE(ask("\n"));
  CHECK_FALSE(ask("n\n"));
  CHECK_FALSE(ask("yess\n"));
  CHECK_FALSE(ask("yes please\n"));
  CHECK_FALSE(ask("\x04"));  // Ctrl-D
  CHECK_FALSE(ask(std::string(200, 'y') + "\n"));
}

TEST_CASE("confirm: the question is on the terminal", "[ui][confirm]") {
  const Pty pty;
  const StdinFrom replaced(pty.slave);
  pty.type("n\n");
  CHECK_FALSE(confirm("Destroy?", {.fd = pty.slave, .is_terminal = true}));
  CHECK(pty.shows("Destroy? [y/N] "));
}

TEST_CASE("confirm: a signal at the question ends the program with its exit code", "[ui][confirm]") {
  const Pty pty;
  const StdinFrom replaced(pty.slave);
  sigset_t set;
  sigset_t before;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  raise(SIGINT);
  support::ExitCode code = support::ExitCode::ok;
  try {
    (void)confirm("Destroy?", {.fd = pty.slave, .is_terminal = true});
  } catch (const support::Failure& failure) {
    code = failure.exit_code();
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(code == support::ExitCode::interrupted);
}

TEST_CASE("confirm: without a terminal nothing can be asked", "[ui][confirm]") {
  const Pty pty;
  const StdinFrom replaced(pty.slave);
  CHECK(can_ask({.is_terminal = true}));
  CHECK_FALSE(can_ask({.is_terminal = false}));
  pty.type("y\n");
  CHECK_FALSE(confirm("Destroy?", {.fd = pty.slave, .is_terminal = false}));
}

TEST_CASE("confirm: input that is no terminal is no answer", "[ui][confirm]") {
  int ends[2] = {-1, -1};
  REQUIRE(pipe(static_cast<int*>(ends)) == 0);
  write_all(ends[1], "y\n");
  {
    const StdinFrom replaced(ends[0]);
    CHECK_FALSE(can_ask({.is_terminal = true}));
    CHECK_FALSE(confirm("Destroy?", {.fd = ends[1], .is_terminal = true}));
  }
  close(ends[0]);
  close(ends[1]);
}

}  // namespace datamill::ui::testing
