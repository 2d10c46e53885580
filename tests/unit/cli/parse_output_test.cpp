#include "cli/options.hpp"
#include "cli/report.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"

#include <array>
#include <unistd.h>

namespace datamill::cli::testing {

/// Collects what is written to a file descriptor while it lives (less than a pipe holds).
class Captured {
public:
  explicit Captured(int fd) : fd_(fd), saved_(dup(fd)) {
    REQUIRE(pipe(ends_.data()) == 0);
    REQUIRE(dup2(ends_[1], fd) == fd);
    close(ends_[1]);
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() { close(saved_); }
  /// Puts the old file back and returns what was written.
  [[nodiscard]] std::string finish() {
    dup2(saved_, fd_);
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = read(ends_[0], buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(count));
    close(ends_[0]);
    return text;
  }

private:
  int fd_;
  int saved_;
  std::array<int, 2> ends_{-1, -1};
};

struct Printed {
  int exit_code = 0;
  bool has_options = false;
  std::string out{};
  std::string err{};
};

Printed run_parser(const std::vector<std::string>& arguments) {
  Captured out(1);
  Captured err(2);
  const auto outcome = parse_command_line(arguments, {});
  Printed printed{.exit_code = outcome.exit_code, .has_options = outcome.options.has_value()};
  printed.err = err.finish();
  printed.out = out.finish();
  return printed;
}

TEST_CASE("usage errors go to stderr with exit code 2", "[cli][output]") {
  const auto printed = run_parser({"instal"});
  CHECK(printed.exit_code == 2);
  CHECK_FALSE(printed.has_options);
  CHECK(printed.out.empty());
  CHECK(printed.err == "error[DM001]: \"instal\" is no command of datamill\n  hint: did you mean \"install\"?\n");
}

TEST_CASE("usage errors are one JSON document on stdout with -o json", "[cli][output]") {
  const auto printed = run_parser({"run", "-l", "-r", "-i", "-o", "json"});
  CHECK(printed.exit_code == 2);
  CHECK(printed.err.empty());
  CHECK(printed.out ==
        R"j({"v":1,"type":"diagnostics","exit_code":2,"diagnostics":[{"severity":"error","code":"DM005",)j"
        R"j("message":"run takes exactly one location, but -l and -r are given","file":"","line":0,"column":0,)j"
        R"j("excerpt":"","hint":"give one of -l (local), -r (remote), -h (hybrid: an existing cluster)","notes":[]}]})j"
        "\n");
}

TEST_CASE("help goes to stdout with exit code 0", "[cli][output]") {
  const auto printed = run_parser({"--help"});
  CHECK(printed.exit_code == 0);
  CHECK_FALSE(printed.has_options);
  CHECK(printed.err.empty());
  CHECK(printed.out.starts_with("Examples:\n"));
}

TEST_CASE("a good command line prints nothing", "[cli][output]") {
  const auto printed = run_parser({"version"});
  CHECK(printed.has_options);
  CHECK((printed.out.empty() && printed.err.empty()));
}

TEST_CASE("a failure becomes its exit code", "[cli][output]") {
  Captured err(2);
  const support::Failure failure(support::ExitCode::locked, "DM520", "another run holds the lock");
  const int exit_code = report_failure(failure, {}, {});
  CHECK(err.finish() == "error[DM520]: another run holds the lock\n");
  CHECK(exit_code == 6);
}

}  // namespace datamill::cli::testing
