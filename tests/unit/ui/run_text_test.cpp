#include "ui/run_text.hpp"

#include "support/catch.hpp"
#include "view_helpers.hpp"

using namespace std::chrono_literals;

namespace datamill::ui::testing {

exec::FailureReport full_report() {
  return {.step = 0,
          .title = "Install release lake (seaweedfs 4.44.0)",
          .component = "lake",
          .command = "helm upgrade lake --values - <<'EOF'\n{\"a\":1}\nEOF",
          .outcome = "exit code 1",
          .last_lines = {"Error: timed out", "waiting for \x1b[1mlake-0\x1b[0m"},
          .cause = "a pod cannot be scheduled: insufficient memory",
          .hint = "datamill install -f quickstart.yaml",
          .log_file = "/state/runs/1/3.log",
          .skipped = {"Install release hub"}};
}

TEST_CASE("a failure report has all parts, what matters most last", "[ui][failure]") {
  CHECK(failure_text(full_report(), Painter{}) == "failed: Install release lake (seaweedfs 4.44.0) (component lake)\n"
                                                  "  command: helm upgrade lake --values - <<'EOF'\n"
                                                  "{\"a\":1}\n"
                                                  "EOF\n"
                                                  "  last lines of its output:\n"
                                                  "    Error: timed out\n"
                                                  "    waiting for lake-0\n"
                                                  "  skipped, because they need it:\n"
                                                  "    Install release hub\n"
                                                  "  ended:   exit code 1\n"
                                                  "  cause:   a pod cannot be scheduled: insufficient memory\n"
                                                  "  log:     /state/runs/1/3.log\n"
                                                  "  next:    datamill install -f quickstart.yaml\n");
}

TEST_CASE("a failure report leaves out what is not known", "[ui][failure]") {
  CHECK(failure_text({.title = "Write file", .outcome = "No space left on device"}, Painter{}) ==
        "failed: Write file\n"
        "  ended:   No space left on device\n");
}

TEST_CASE("a cause that has a code begins with it", "[ui][failure]") {
  CHECK(cause_text({.code = "DM809", .name = "ApiThrottled", .cause = "too often"}) == "DM809 ApiThrottled: too often");
  CHECK(cause_text({.code = "DM847", .name = "Unschedulable"}) == "DM847 Unschedulable");
  CHECK(cause_text({.cause = "too often"}) == "too often");
  CHECK(failure_text({.title = "t", .code = "DM859", .name = "CredentialsRefused", .cause = "expired"}, Painter{}) ==
        "failed: t\n"
        "  cause:   DM859 CredentialsRefused: expired\n");
}

TEST_CASE("the exact command is never cut or wrapped", "[ui][failure]") {
  const std::string command = "helm " + std::string(5000, 'x');
  const auto text = failure_text({.title = "t", .command = command}, Painter{});
  CHECK(text.find("  command: " + command + "\n") != std::string::npos);
}

TEST_CASE("the summary names time per component and each failure again", "[ui][summary]") {
  Bench bench;
  (void)bench.add("", "Start cluster");
  (void)bench.add("lake", "Create secret");
  (void)bench.add("lake", "Install release lake");
  (void)bench.add("notebook", "Install release notebook");
  (void)bench.add("idle", "Install release idle");
  RunState state;
  state.update(exec::RunStarted{.plan = &bench.plan}, {});
  state.update(exec::StepFailed{full_report()}, {});
  using enum exec::StepStatus;
  const exec::RunFinished finished{.elapsed = 75s,
                                   .done = 2,
                                   .already_done = 1,
                                   .failed = 1,
                                   .skipped = 1,
                                   .step_elapsed = {10s, 2s, 30s, 65s, 0s},
                                   .step_status = {done, done, failed, done, already_done}};
  CHECK(summary_text(finished, state, Painter{}) == "Components:\n"
                                                    "  lake        32.0s  failed\n"
                                                    "  notebook   1m 05s  done\n"
                                                    "Failed after 1m 15s: 1 failed, 1 skipped, 2 done, 1 unchanged\n"
                                                    "Install release lake (seaweedfs 4.44.0): exit code 1\n"
                                                    "  cause:   a pod cannot be scheduled: insufficient memory\n"
                                                    "  log:     /state/runs/1/3.log\n"
                                                    "  next:    datamill install -f quickstart.yaml\n");
}

TEST_CASE("the summary's verdict", "[ui][summary]") {
  const RunState state;
  CHECK(summary_text({.elapsed = 2s, .done = 3}, state, Painter{}) == "Done in 2.0s: 3 done\n");
  CHECK(summary_text({.elapsed = 2s, .already_done = 3}, state, Painter{}) == "Done in 2.0s: 3 unchanged\n");
  CHECK(summary_text({}, state, Painter{}) == "Nothing to do\n");
  CHECK(summary_text({.elapsed = 90s, .done = 1, .cancelled = 1, .timed_out = true}, state, Painter{}) ==
        "Timed out after 1m 30s: 1 cancelled, 1 done\n");
  CHECK(summary_text({.elapsed = 1s, .signal = 1}, state, Painter{}) == "Interrupted by SIGHUP after 1.0s\n");
}

}  // namespace datamill::ui::testing
