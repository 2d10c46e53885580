#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "unit/exec/harness.hpp"

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;
using test::Harness;
using test::Statuses;
using enum StepStatus;

constexpr std::string_view kCanary = "s3cr3t-canary-value";
const command::SecretRef kRef{.ns = "mill", .secret = "root", .key = "password"};

command::SymbolicText around(const command::SecretRef& ref) {
  command::SymbolicText text{"{\"p\":\""};
  text.parts.emplace_back(command::SecretPart{.ref = ref});
  text.parts.emplace_back("\"}");
  return text;
}

plan::Step titled(std::string title, plan::Action action, std::vector<plan::StepId> needs = {}) {
  plan::Step step;
  step.title = std::move(title);
  step.action = std::move(action);
  step.needs = std::move(needs);
  return step;
}

plan::Step read_secret() {
  return titled("Read Secret", plan::ReadSecret{.ns = "mill", .name = "root", .command = {.program = "kubectl"}});
}

std::string secret_json() {
  return R"({"kind":"Secret","data":{"password":")" + support::base64_encode(kCanary) + "\"}}";
}

/// Everything that views, journal and callers get to see.
std::string everything(const Harness& h, const RunResult& result) {
  std::string text;
  for (const auto& output : h.sink.all<StepOutput>())
    text += output.text + '\n';
  for (const auto& started : h.sink.all<StepStarted>())
    text += started.command + '\n';
  for (const auto& retried : h.sink.all<StepRetried>())
    text += retried.reason + '\n';
  for (const auto& report : result.failures)
    text += support::join(report.last_lines, "\n") + report.command + report.cause + report.hint + report.outcome;
  for (const auto& [name, value] : result.outputs)
    text += name + value;
  return text;
}

TEST_CASE("a Secret that was read reaches a later command's stdin, and nothing else", "[exec][secrets]") {
  Harness h;
  h.add(read_secret());
  auto apply = test::command_step("apply", {0});
  std::get<plan::RunCommand>(apply.action).command.stdin_text = around(kRef);
  apply.retry = {.attempts = 2, .first_delay = 1s};
  h.add(apply);
  h.runner.script("kubectl", {.out = {secret_json()}});
  h.runner.script("apply", {.out = {"got " + std::string{kCanary}},
                            .err = {"bad: " + support::base64_encode(kCanary) + "!"},
                            .outcome = proc::Exited{.code = 1}});
  const auto result = h.run();
  CHECK(h.runner.started.at(1).stdin_text == "{\"p\":\"" + std::string{kCanary} + "\"}");
  CHECK(result.summary.step_status == Statuses{done, failed});
  const std::string seen = everything(h, result);
  CHECK_FALSE(support::contains(seen, kCanary));
  CHECK_FALSE(support::contains(seen, support::base64_encode(kCanary)));
  CHECK(support::contains(seen, "got «redacted»"));
  CHECK(support::contains(seen, "bad: «redacted»!"));
}

TEST_CASE("sensitive output goes to its step alone", "[exec][secrets]") {
  Harness h;
  h.add("helm");
  h.command(0).sensitive_output = true;
  std::get<plan::RunCommand>(h.plan.steps[0].action).output = "revision:mill/lake";
  h.plan.steps[0].effect = plan::Effect::read;
  h.runner.script("helm", {.out = {"{\"version\":4,\"config\":\"unknown-canary\"}"}, .err = {"a warning"}});
  const auto result = h.run();
  CHECK(result.outputs == std::map<std::string, std::string>{{"revision:mill/lake", "4"}});
  CHECK(h.secrets.output({"revision:mill/lake"}) == "4");
  CHECK_FALSE(support::contains(everything(h, result), "canary"));
  CHECK(h.sink.all<StepOutput>().size() == 1);
}

TEST_CASE("an output reaches a later command", "[exec][outputs]") {
  Harness h;
  h.add("helm");
  std::get<plan::RunCommand>(h.plan.steps[0].action).output = "revision:mill/lake";
  auto record = test::command_step("record", {0});
  command::SymbolicText text;
  text.parts.emplace_back(command::OutputPart{.ref = {.name = "revision:mill/lake"}});
  std::get<plan::RunCommand>(record.action).command.stdin_text = text;
  h.add(record);
  h.runner.script("helm", {.out = {"{\"version\":12}"}});
  CHECK(h.run().ok());
  CHECK(h.runner.started.at(1).stdin_text == "12");
}

TEST_CASE("a step whose output lacks what was wanted fails and says so", "[exec][outputs]") {
  Harness h;
  h.add("helm");
  std::get<plan::RunCommand>(h.plan.steps[0].action).output = "revision:mill/lake";
  h.add("record", {0});
  h.runner.script("helm", {.out = {"{}"}});
  const auto result = h.run();
  CHECK(result.summary.step_status == Statuses{failed, skipped});
  CHECK(support::contains(result.failures.at(0).outcome, "no revision"));
}

TEST_CASE("read steps give their standard output", "[exec][outputs]") {
  Harness h;
  h.add("kubectl");
  h.plan.steps[0].effect = plan::Effect::read;
  h.add("change");
  h.runner.script("kubectl", {.out = {"one", "two"}, .err = {"note"}});
  h.runner.script("change", {.out = {"changed"}});
  CHECK(h.run().outputs == std::map<std::string, std::string>{{"stdout:run kubectl", "one\ntwo\n"}});
}

TEST_CASE("a Secret is made with new values, or with those known", "[exec][secrets]") {
  for (const bool known : {false, true}) {
    Harness h;
    if (known) h.secrets.put(kRef, command::Secret{std::string{kCanary}});
    plan::CreateSecret create;
    create.generate = {{.ref = kRef, .random = {.bytes = 30}}};
    create.command = {.program = "kubectl", .stdin_text = around(kRef)};
    h.add(titled("Make Secret", create));
    CHECK(h.run().ok());
    const std::string value = h.secrets.secret(kRef).reveal();
    CHECK((value == kCanary) == known);
    CHECK(h.runner.started.at(0).stdin_text == "{\"p\":\"" + value + "\"}");
  }
}

TEST_CASE("a symbol that is not known fails its step before anything starts", "[exec][secrets]") {
  Harness h;
  h.add("apply");
  h.command(0).stdin_text = around(kRef);
  const auto result = h.run();
  CHECK(h.runner.started.empty());
  CHECK(support::contains(result.failures.at(0).outcome, "\"password\" of Secret \"mill/root\" is not known"));
  CHECK(exit_code_of(result) == support::ExitCode::step_failed);
}

TEST_CASE("what is no Secret fails the step that read it", "[exec][secrets]") {
  Harness h;
  h.add(read_secret());
  h.runner.script("kubectl", {.out = {"unknown-canary"}});
  const auto result = h.run();
  CHECK(result.summary.failed == 1);
  CHECK_FALSE(support::contains(everything(h, result), "canary"));
}

TEST_CASE("steps without a child write, remove and say", "[exec][actions]") {
  const tests::TempFolder folder;
  Harness h;
  const std::string path = folder.path("new/file");
  h.add(titled("Write", plan::WriteFile{.path = path, .content = command::SymbolicText{"x"}}));
  h.add(titled("Remove", plan::RemovePath{folder.write("old", "x")}, {0}));
  h.add(titled("Say", plan::Say{"pods are simulated"}, {1}));
  auto guarded = test::command_step("never", {2});
  guarded.guard = plan::SkipIfExists{path};
  h.add(guarded);
  const auto result = h.run();
  CHECK(result.summary.step_status == Statuses{done, done, done, already_done});
  CHECK(result.ok());
  CHECK(std::filesystem::exists(path));
  CHECK_FALSE(std::filesystem::exists(folder.path("old")));
  CHECK(h.sink.all<StepOutput>().at(0).text == "pods are simulated");
  CHECK(h.runner.started.empty());
  CHECK(h.sink.all<StepStarted>().size() == 3);
}

TEST_CASE("a file that cannot be written fails its step", "[exec][actions]") {
  Harness h;
  h.add(titled("Write", plan::WriteFile{.path = "/proc/none/x"}));
  h.add("after", {0});
  const auto result = h.run();
  CHECK(result.summary.step_status == Statuses{failed, skipped});
  CHECK(support::contains(result.failures.at(0).outcome, "cannot make the folder \"/proc/none\": "));
}

}  // namespace
}  // namespace datamill::exec
