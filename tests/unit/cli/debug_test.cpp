#include "cli/debug_owner.hpp"
#include "cli/debug_profile.hpp"
#include "cli/foreground.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"

#include <csignal>

namespace datamill::cli::testing {

using support::ExitCode;

TEST_CASE("an image is pinned by a tag or a digest", "[cli][debug]") {
  for (const auto* image : {"busybox:1.37.0", "localhost:5000/x/y:v1", "x@sha256:abc"})
    CHECK(is_pinned(image));
  for (const auto* image : {"busybox", "busybox:latest", "localhost:5000/x/y", "x:", "a/b:latest"})
    CHECK_FALSE(is_pinned(image));
}

TEST_CASE("a process is known again, and seen to be gone", "[cli][debug]") {
  const support::DiskFileSource files;
  const auto me = this_process(files);
  CHECK_FALSE(has_ended(me, files));
  auto parts = support::split_list(me, " ");
  REQUIRE(parts.size() == 4);
  parts[3] += "1";  // the number went to another process
  CHECK(has_ended(support::join(parts, " "), files));
  parts[0] = "another-boot";
  CHECK_FALSE(has_ended(support::join(parts, " "), files));
  CHECK_FALSE(has_ended("", files));
}

TEST_CASE("the age of an object", "[cli][debug]") {
  CHECK(age_of("2020-01-01T00:00:00Z") > std::chrono::hours(24 * 365));
  CHECK(age_of("2999-01-01T00:00:00Z").count() == 0);
  CHECK(age_of("yesterday").count() == 0);
}

TEST_CASE("how a foreground command ended becomes our exit code", "[cli][debug]") {
  CHECK(exit_code_of({.outcome = proc::Exited{.code = 0}}) == ExitCode::ok);
  CHECK(static_cast<int>(exit_code_of({.outcome = proc::Exited{.code = 37}})) == 37);
  CHECK(static_cast<int>(exit_code_of({.outcome = proc::Signalled{.signal = SIGSEGV}})) == 139);
  CHECK_THROWS_AS(exit_code_of({.outcome = proc::NotStarted{.error = 2}}), support::Failure);
  CHECK(exit_code_of({.outcome = proc::Signalled{.signal = SIGINT}, .signal = SIGINT}) == ExitCode::interrupted);
  CHECK(exit_code_of({.outcome = proc::Exited{.code = 0}, .signal = SIGHUP}) == ExitCode::terminated);
}

}  // namespace datamill::cli::testing
