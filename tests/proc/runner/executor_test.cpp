#include "datamill/exec/executor.hpp"
#include "datamill/exec/journal.hpp"
#include "datamill/support/text.hpp"
#include "proc/runner/run_child.hpp"
#include "support/catch.hpp"

#include <csignal>

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;
constexpr std::string_view kCanary = "s3cr3t-canary-value";

plan::Step script(std::string title, std::string text, std::vector<plan::StepId> needs = {}) {
  plan::Step step;
  step.title = std::move(title);
  step.action = plan::RunCommand{.command = {.program = "/bin/sh", .args = {"-c", std::move(text)}}};
  step.needs = std::move(needs);
  return step;
}

/// Sends this process a signal when a step prints "ready".
class InterruptWhenReady final : public EventSink {
public:
  explicit InterruptWhenReady(int times) : left_(times) {}
  void on(const Event& event) override {
    const bool ready = std::holds_alternative<StepOutput>(event) && std::get<StepOutput>(event).text == "ready";
    const bool stopping = std::holds_alternative<Interrupting>(event);
    if (!ready && !stopping) return;
    if (left_-- > 0) kill(getpid(), SIGINT);
  }

private:
  int left_;
};

std::string all_files(const std::string& folder) {
  std::string text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (entry.is_regular_file()) text += test::read_file(entry.path().string());
  }
  return text;
}

TEST_CASE("a secret goes from one command to the next and is seen nowhere", "[proc][executor]") {
  const test::Folder folder;
  const auto runner = proc::make_runner();
  SecretStore secrets;
  plan::Plan plan{.title = "Canary"};
  plan::Step read;
  read.title = "Read Secret";
  read.action = plan::ReadSecret{
      .ns = "n",
      .name = "s",
      .command = {.program = "/bin/sh",
                  .args = {"-c", "printf '{\"kind\":\"Secret\",\"data\":{\"password\":\"%s\"}}' \"$(cat \"$0\")\"",
                           folder.write("encoded", support::base64_encode(kCanary))}}};
  plan.add(read);
  // Looks at all command lines while the secret is in use, and prints the secret as a careless tool would.
  plan::Step use =
      script("Use it", "cat; echo; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >\"$0\"; exit 1", {0});
  auto& command = std::get<plan::RunCommand>(use.action).command;
  command.arg(folder.path("cmdlines"));
  command::SymbolicText text{"{\"p\":\""};
  text.parts.emplace_back(command::SecretPart{.ref = {.ns = "n", .secret = "s", .key = "password"}});
  text.parts.emplace_back("\"}");
  command.stdin_text = text;
  plan.add(use);
  Journal journal{folder.path("run"), [](const std::string& problem) { FAIL(problem); }};
  ExecutorOptions options{.log_directory = folder.path("run")};
  const auto result = Executor{*runner, journal, secrets, options}.run(plan);
  REQUIRE(result.summary.failed == 1);
  CHECK(result.failures.at(0).last_lines == std::vector<std::string>{"{\"p\":\"«redacted»\"}"});
  CHECK(support::contains(test::read_file(folder.path("cmdlines")), "cat; echo; cat"));
  CHECK_FALSE(support::contains(test::read_file(folder.path("cmdlines")), kCanary));
  const std::string kept = all_files(folder.path("run"));
  CHECK(support::contains(kept, "«redacted»"));
  CHECK_FALSE(support::contains(kept, kCanary));
  CHECK_FALSE(support::contains(kept, support::base64_encode(kCanary)));
}

TEST_CASE("Ctrl-C stops real children, twice kills them", "[proc][executor]") {
  for (const int times : {1, 2}) {
    const auto runner = proc::make_runner();
    SecretStore secrets;
    plan::Plan plan{.title = "Wait"};
    plan.add(script("Wait", "trap '' TERM; echo ready; sleep 60; true"));
    plan.add(script("Never", "true", {0}));
    std::get<plan::RunCommand>(plan.steps[0].action).command.stop.grace = times == 1 ? 1s : 60s;
    InterruptWhenReady sink{times};
    const auto result = Executor{*runner, sink, secrets, {}}.run(plan);
    CHECK(result.summary.step_status == std::vector<StepStatus>{StepStatus::cancelled, StepStatus::cancelled});
    CHECK(exit_code_of(result) == support::ExitCode::interrupted);
    CHECK(result.summary.elapsed < 20s);
  }
}

TEST_CASE("a hundred short steps run side by side", "[proc][executor]") {
  const auto runner = proc::make_runner();
  SecretStore secrets;
  plan::Plan plan{.title = "Many"};
  for (int i = 0; i < 100; ++i)
    plan.add(script("Short", "echo " + std::to_string(i)));
  InterruptWhenReady sink{0};
  const auto result = Executor{*runner, sink, secrets, {.parallelism = 8}}.run(plan);
  CHECK(result.summary.done == 100);
}

}  // namespace
}  // namespace datamill::exec
