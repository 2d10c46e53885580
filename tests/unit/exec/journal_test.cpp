#include "datamill/exec/journal.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "unit/exec/harness.hpp"

namespace datamill::exec {
namespace {

namespace fs = std::filesystem;
using test::Harness;
using tests::TempFolder;

unsigned mode_of(const std::string& path) {
  return static_cast<unsigned>(fs::status(path).permissions());
}

TEST_CASE("names of step logs are short, safe and sorted", "[exec][journal]") {
  plan::Step step;
  step.id = 3;
  step.title = "Install release lake (seaweedfs 4.44.0)";
  CHECK(step_log_name(step) == "004-install-release-lake-seaweedfs-4-44-0.log");
  step.title = "../../ÄÖ";
  CHECK(step_log_name(step) == "004-step.log");
  step.title = std::string(500, 'x');
  CHECK(step_log_name(step).size() == 3 + 1 + 60 + 4);
}

TEST_CASE("a run is kept on disk: plan, events and a log per step", "[exec][journal]") {
  const TempFolder folder;
  const std::string directory = folder.path("runs/r1");
  Harness h;
  h.secrets.put({.ns = "n", .secret = "s", .key = "k"}, command::Secret{"s3cr3t-canary"});
  h.add("bad");
  h.command(0).arg("a b");
  h.add("after", {0});
  h.plan.steps[0].retry = {.attempts = 2, .when_output_has = {"again"}};
  h.runner.script("bad", {.err = {"again"}, .outcome = proc::Exited{.code = 1}});
  h.runner.script("bad", {.out = {"value s3cr3t-canary"}, .err = {"oops"}, .outcome = proc::Exited{.code = 1}});
  std::vector<std::string> problems;
  Journal journal{directory, [&](const std::string& problem) { problems.push_back(problem); }};
  EventFan fan{{&h.sink, &journal}};
  h.options.log_directory = directory;
  const auto result = Executor{h.runner, fan, h.secrets, h.options}.run(h.plan);
  CHECK(problems.empty());
  const std::string log = TempFolder::read(result.failures.at(0).log_file);
  CHECK(log == "$ bad 'a b'\nagain\n$ bad 'a b'\nvalue «redacted»\noops\n# exit code 1 (attempt 2)\n");
  CHECK(mode_of(directory) == 0700);
  CHECK(mode_of(directory + "/events.jsonl") == 0600);
  CHECK(mode_of(result.failures.at(0).log_file) == 0600);
  CHECK_FALSE(fs::exists(directory + "/002-run-after.log"));

  const auto plan = support::read_json(TempFolder::read(directory + "/plan.json"), "plan");
  CHECK(plan.find("steps")->items.size() == 2);
  std::vector<std::string> types;
  for (const auto& line : support::split_lines(TempFolder::read(directory + "/events.jsonl"))) {
    if (line.empty()) continue;
    const auto node = support::read_json(line, "event");
    types.emplace_back(node.text_at("type"));
    CHECK(node.text_at("v") == "1");
    CHECK(node.text_at("time").size() == 24);
  }
  CHECK(types == std::vector<std::string>{"run_started", "step_started", "step_retried", "step_started",
                                          "step_finished", "step_failed", "step_finished", "run_finished"});
}

TEST_CASE("a journal that cannot be written is told once and stops nothing", "[exec][journal]") {
  for (const std::string directory : {"/proc/none", "/dev/null/run"}) {
    Harness h;
    h.add("a");
    h.add("b");
    std::vector<std::string> problems;
    Journal journal{directory, [&](const std::string& problem) { problems.push_back(problem); }};
    CHECK(Executor{h.runner, journal, h.secrets, h.options}.run(h.plan).ok());
    REQUIRE(problems.size() == 1);
    CHECK(support::contains(problems[0], "cannot make the folder \"" + directory));
  }
}

TEST_CASE("a full disk is told once and stops nothing", "[exec][journal]") {
  const TempFolder folder;
  fs::create_symlink("/dev/full", folder.path("events.jsonl"));
  Harness h;
  h.add("a");
  std::vector<std::string> problems;
  Journal journal{folder.path(), [&](const std::string& problem) { problems.push_back(problem); }};
  CHECK(Executor{h.runner, journal, h.secrets, h.options}.run(h.plan).ok());
  REQUIRE(problems.size() == 1);
  CHECK(support::contains(problems[0], "No space left on device"));
  CHECK(fs::exists(folder.path("plan.json")));
}

TEST_CASE("every kind of event has a JSON form", "[exec][journal]") {
  plan::Plan plan;
  plan.add(test::command_step("a"));
  const std::vector<std::pair<Event, std::string>> cases{{RunStarted{.plan = &plan}, "run_started"},
                                                         {StepStarted{}, "step_started"},
                                                         {StepOutput{}, "step_output"},
                                                         {StepFinished{}, "step_finished"},
                                                         {StepRetried{}, "step_retried"},
                                                         {StepFailed{}, "step_failed"},
                                                         {Heartbeat{.running = {0}}, "heartbeat"},
                                                         {Interrupting{}, "interrupting"},
                                                         {RunFinished{}, "run_finished"},
                                                         {StepWaiting{}, "step_waiting"},
                                                         {FindingSeen{}, "finding"},
                                                         {RunResumed{}, "run_resumed"}};
  for (const auto& [event, type] : cases) {
    CHECK(event_node(event, &plan).text_at("type") == type);
    CHECK(event_node(event, nullptr).text_at("v") == "1");
  }
  CHECK(event_node(StepStarted{}, &plan).text_at("title") == "run a");
}

TEST_CASE("an event fan hands on to all, and ticks only what is animated", "[exec][journal]") {
  test::RecordingSink still;
  test::RecordingSink moving;
  EventFan fan{{&still, &moving}};
  CHECK_FALSE(fan.animated());
  moving.is_animated = true;
  CHECK(fan.animated());
  fan.on(Heartbeat{});
  fan.tick(Elapsed{5});
  CHECK(still.events.size() == 1);
  CHECK(moving.events.size() == 1);
  CHECK(still.ticks.empty());
  CHECK(moving.ticks.size() == 1);
}

}  // namespace
}  // namespace datamill::exec
