#include "cli/cluster_lease.hpp"
#include "cli/parallelism.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "support/memory_file_source.hpp"

#include <deque>

namespace datamill::cli {
namespace {

using namespace std::chrono_literals;
using support::ExitCode;

constexpr std::int64_t kGiB = std::int64_t{1} << 30U;

TEST_CASE("as many steps at a time as cores and memory allow", "[cli][parallelism]") {
  CHECK(parallelism_for(2, 8 * kGiB) == 4);
  CHECK(parallelism_for(64, 256 * kGiB) == 16);
  CHECK(parallelism_for(8, kGiB) == 4);
  CHECK(parallelism_for(8, 100 << 20U) == 1);
  CHECK(parallelism_for(1, 0) == 2);  // nobody says how much memory there is
}

TEST_CASE("free memory is the kernel's, or what the control group leaves", "[cli][parallelism]") {
  tests::MemoryFileSource files;
  CHECK(free_memory(files) == 0);
  files.set("/proc/meminfo", "MemTotal:       24000000 kB\nMemAvailable:   20000000 kB\n");
  CHECK(free_memory(files) == 20000000LL * 1024);
  files.set("/sys/fs/cgroup/memory.max", "max\n");
  files.set("/sys/fs/cgroup/memory.current", "100\n");
  CHECK(free_memory(files) == 20000000LL * 1024);
  files.set("/sys/fs/cgroup/memory.max", "1073741924\n");
  CHECK(free_memory(files) == kGiB);
  files.set("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1000\n");
  files.set("/sys/fs/cgroup/memory/memory.usage_in_bytes", "400\n");
  CHECK(free_memory(files) == 600);
}

/// Answers commands in turn and remembers their first words.
struct Script {
  std::deque<exec::CaptureResult> answers{};
  std::vector<std::string> asked{};
  std::vector<std::string> warnings{};

  [[nodiscard]] Capture capture() {
    return [this](const std::vector<command::Command>& commands) {
      asked.push_back(commands.front().args.front());
      if (answers.empty()) return std::vector<exec::CaptureResult>{{.outcome = proc::Exited{0}}};
      auto answer = answers.front();
      answers.pop_front();
      return std::vector<exec::CaptureResult>{answer};
    };
  }
  void take() {
    const ClusterLease lease({}, "datamill install", capture(), [this](const auto& text) { warnings.push_back(text); });
    held = lease.held();
  }
  bool held = false;
};

exec::CaptureResult refused(std::string text) {
  return {.outcome = proc::Exited{1}, .err = std::move(text)};
}

std::string held_by(const std::string& holder, std::chrono::system_clock::time_point renewed) {
  return R"({"metadata":{"resourceVersion":"7"},"spec":{"holderIdentity":")" + holder +
         R"(","leaseDurationSeconds":180,"renewTime":")" + tools::micro_time(renewed) + "\"}}";
}

TEST_CASE("the lock in a cluster is taken and given back", "[cli][lease]") {
  Script script;
  script.take();
  CHECK(script.held);
  CHECK(script.asked == std::vector<std::string>{"create", "delete"});
}

TEST_CASE("another machine's lock is respected until it has run out", "[cli][lease]") {
  const auto now = std::chrono::system_clock::now();
  Script script;
  script.answers = {refused("Error from server (AlreadyExists): leases \"datamill\" already exists"),
                    {.outcome = proc::Exited{0}, .out = held_by("far/b/1/2, far: datamill install -f x", now - 200s)}};
  try {
    script.take();
    FAIL("it was taken");
  } catch (const support::Failure& failure) {
    CHECK(failure.exit_code() == ExitCode::locked);
    CHECK(support::contains(failure.diagnostics().items().front().message, "far: datamill install -f x"));
  }
  CHECK(script.asked == std::vector<std::string>{"create", "get"});
}

TEST_CASE("a lock that ran out is taken over", "[cli][lease]") {
  Script script;
  const auto long_ago = std::chrono::system_clock::now() - 300s;
  script.answers = {refused("AlreadyExists"),
                    {.outcome = proc::Exited{0}, .out = held_by("far/b/1/2, far: x", long_ago)}};
  script.take();
  CHECK(script.held);
  CHECK(script.asked == std::vector<std::string>{"create", "get", "replace", "delete"});
}

TEST_CASE("a lock that somebody else took over at the same moment is theirs", "[cli][lease]") {
  Script script;
  const auto long_ago = std::chrono::system_clock::now() - 300s;
  script.answers = {refused("AlreadyExists"),
                    {.outcome = proc::Exited{0}, .out = held_by("far/b/1/2, far: x", long_ago)},
                    refused("Error from server (Conflict)")};
  CHECK_THROWS_AS(script.take(), support::Failure);
}

TEST_CASE("a lock of this machine counts as long as its process lives", "[cli][lease]") {
  const auto now = std::chrono::system_clock::now();
  const auto self = lease_identity();
  CHECK_FALSE(is_over({.holder = self + ", x", .renewed = tools::micro_time(now), .duration_seconds = 180}, now));
  const auto other_start = self.substr(0, self.rfind('/')) + "/1";
  CHECK(is_over({.holder = other_start + ", x", .renewed = tools::micro_time(now), .duration_seconds = 180}, now));
  CHECK(is_over({.holder = "", .renewed = tools::micro_time(now), .duration_seconds = 180}, now));
}

TEST_CASE("without the right to leases there is a warning and no lock", "[cli][lease]") {
  Script script;
  script.answers = {refused("Error from server (Forbidden): leases is forbidden")};
  script.take();
  CHECK_FALSE(script.held);
  CHECK(script.warnings.size() == 1);
  CHECK(script.asked == std::vector<std::string>{"create"});
}

TEST_CASE("times of leases survive being written and read", "[cli][lease]") {
  const auto time = std::chrono::system_clock::from_time_t(1'700'000'000) + 123456us;
  CHECK(tools::micro_time(time) == "2023-11-14T22:13:20.123456Z");
  CHECK(tools::parse_micro_time("2023-11-14T22:13:20.123456Z") ==
        std::chrono::system_clock::from_time_t(1'700'000'000));
  CHECK_FALSE(tools::parse_micro_time("yesterday"));
}

}  // namespace
}  // namespace datamill::cli
