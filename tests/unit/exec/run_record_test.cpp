#include "datamill/exec/run_record.hpp"
#include "datamill/exec/run_summary.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "support/run_texts.hpp"

#include <fmt/format.h>

namespace datamill::exec {
namespace {

using namespace std::chrono_literals;
using tests::event;
using tests::failed_run;
using tests::finished;
using tests::kRunHead;
using tests::run_finished;
using tests::run_plan;
using tests::run_started;
using tests::started;

constexpr auto kId = "20261121-073355-4711-1";

RunTexts whole(const std::string& events) {
  return {.id = kId, .head = std::string(kRunHead), .plan = run_plan(), .events = events};
}

std::vector<StepState> states(const RunRecord& record) {
  std::vector<StepState> found;
  for (const auto& step : record.steps)
    found.push_back(step.state);
  return found;
}

/// "lake failed", "app skipped because of lake"
std::vector<std::string> component_words(const RunRecord& record) {
  std::vector<std::string> words;
  for (const auto& c : components_of(record))
    words.push_back(
        fmt::format("{} {}{}{}", c.name, to_name(c.state), c.because.empty() ? "" : " because of ", c.because));
  return words;
}

TEST_CASE("a whole journal becomes a record", "[exec][record]") {
  const auto run = read_run_record(whole(failed_run()));
  CHECK(run.problems.empty());
  CHECK(run.title == "Install flavour quickstart");
  CHECK(run.command_line == "datamill install -f x.yaml");
  CHECK(run.cluster == "local-datamill");
  CHECK(run.version == "0.1.0");
  CHECK(run.versions.at("helm") == "3.19.0");
  CHECK(run.estimated == 5000ms);
  CHECK(run.expected_path == std::vector<plan::StepId>{0, 2});
  REQUIRE(run.process);
  CHECK(run.process->pid == 4711);
  CHECK(run.process->start == "123456");
  CHECK(run.process->boot == "b-1");
  CHECK(run.outcome == RunOutcome::failed);
  CHECK(run.elapsed == 4540ms);
  CHECK(format_wall_time(*run.started) == "2026-11-21T07:33:55.000Z");
  using enum StepState;
  CHECK(states(run) == std::vector{done, done, failed, skipped, skipped});
  REQUIRE(run.charts.size() == 2);
  CHECK(run.charts[1].release == "lake");
  CHECK(run.charts[1].chart == "lake-1.2.3");
  CHECK(run.steps[2].command == "do 2");
  CHECK(run.steps[3].command.empty());
  CHECK(run.steps[2].log == "003-install-release-lake.log");
}

TEST_CASE("a step's attempts, findings and failure are kept", "[exec][record]") {
  const auto run = read_run_record(whole(failed_run()));
  const auto& lake = run.steps[2];
  CHECK(lake.attempts == 2);
  CHECK(lake.elapsed == 2500ms);
  CHECK(format_wall_time(*lake.started) == "2026-11-21T07:33:57.030Z");
  CHECK(format_wall_time(*lake.ended) == "2026-11-21T07:33:59.530Z");
  REQUIRE(lake.retries.size() == 1);
  CHECK(lake.retries[0].reason == "connection refused");
  CHECK(lake.retries[0].delay == 500ms);
  REQUIRE(lake.failure);
  CHECK(lake.failure->code + " " + lake.failure->name == "DM810 ImageNotFound");
  CHECK(support::contains(support::write_json(run_record_node(run)),
                          R"("code":"DM810","name":"ImageNotFound","cause":"the image is not there")"));
  CHECK(lake.failure->last_lines == std::vector<std::string>{"Error: <no> & \"way\""});
  // The same place was told three times; the newest word counts.
  REQUIRE(lake.findings.size() == 1);
  CHECK(lake.findings[0].reason == "ImagePullBackOff");
  CHECK(lake.findings[0].chain.back().name == "lake-0");
  CHECK(lake.findings[0].exit_code == 3);
  CHECK(lake.findings[0].nodes[0].lacks[0].second == "needs 4");
  CHECK(lake.findings == lake.failure->findings);
}

TEST_CASE("components are done, unchanged, failed, or skipped because of another", "[exec][record]") {
  const auto run = read_run_record(whole(failed_run()));
  CHECK(component_words(run) ==
        std::vector<std::string>{" done", "db done", "old unchanged", "lake failed", "app skipped because of lake"});
  CHECK(trouble_of(run) == std::vector<std::string>{"lake"});
  CHECK(components_of(run)[3].elapsed == 2500ms);
  CHECK(components_of(run)[3].retries == 1);
}

TEST_CASE("the critical path goes back over what ended last", "[exec][record]") {
  const auto run = read_run_record(whole(failed_run()));
  const auto path = critical_path(run);
  REQUIRE(path.size() == 2);
  CHECK(path[0].step == 0);
  CHECK(path[0].waited == 10ms);
  CHECK(path[1].step == 2);
  CHECK(path[1].waited == 20ms);
  // Where db ends later than lake, app waited for db.
  const auto other = read_run_record(whole(run_started() + started("55.000", 0) + finished("56.000", 0, "done", 1000) +
                                           started("56.000", 1) + started("56.000", 2) +
                                           finished("57.000", 2, "done", 1000) + finished("58.000", 1, "done", 2000) +
                                           started("58.000", 3) + finished("58.500", 3, "done", 500)));
  std::vector<plan::StepId> ids;
  for (const auto& link : critical_path(other))
    ids.push_back(link.step);
  CHECK(ids == std::vector<plan::StepId>{0, 1, 3});
}

TEST_CASE("a run without an end runs or was cut off", "[exec][record]") {
  auto run = read_run_record(whole(run_started() + started("55.000", 0) + finished("56.000", 0, "done", 1000) +
                                   started("56.000", 1) + event("58.000", R"("type":"heartbeat","running":[1])")));
  CHECK(run.outcome == RunOutcome::running);
  CHECK(run.elapsed == 3000ms);
  CHECK(run.steps[1].elapsed == 2000ms);
  auto alive = run;
  settle(alive, ProcessState::alive);
  CHECK(alive.outcome == RunOutcome::running);
  CHECK(alive.steps[1].state == StepState::running);
  settle(run, ProcessState::gone);
  CHECK(run.outcome == RunOutcome::cut_off);
  CHECK(run.steps[1].state == StepState::cut_off);
  CHECK(run.steps[2].state == StepState::not_started);
  CHECK(trouble_of(run) == std::vector<std::string>{"db"});
  auto over = read_run_record(whole(failed_run()));
  settle(over, ProcessState::gone);
  CHECK(over.outcome == RunOutcome::failed);
}

TEST_CASE("how a run ended is told by its last line", "[exec][record]") {
  struct Case {
    std::string why{};
    std::string fields{};
    RunOutcome outcome{};
  };
  const auto c = GENERATE(values<Case>({
      {"something was done", R"("ok":true,"done":1,"elapsed_ms":1,"signal":"")", RunOutcome::done},
      {"nothing was", R"("ok":true,"done":0,"already_done":3,"elapsed_ms":1,"signal":"")", RunOutcome::unchanged},
      {"a step failed", R"("ok":false,"done":1,"failed":1,"elapsed_ms":1,"signal":"")", RunOutcome::failed},
      {"Ctrl-C", R"("ok":false,"done":1,"cancelled":1,"elapsed_ms":1,"signal":"SIGINT")", RunOutcome::interrupted},
  }));
  INFO(c.why);
  CHECK(read_run_record({.id = kId, .events = run_started() + run_finished("56.000", c.fields)}).outcome == c.outcome);
}

TEST_CASE("why a run gave up is read back as it was told", "[exec][record]") {
  const RunFinished lost{.cancelled = 1, .cluster_lost = true, .lock_lost = true, .go_on = "datamill install -f x"};
  const auto line = support::write_json(event_node(lost, nullptr)) + "\n";
  const auto run = read_run_record({.id = kId, .events = run_started() + line});
  CHECK(run.outcome == RunOutcome::failed);
  CHECK(run.cluster_lost);
  CHECK(run.lock_lost);
  CHECK(run.go_on == "datamill install -f x");
  CHECK(support::contains(support::write_json(run_summary_node(run)),
                          R"("cluster_lost":true,"lock_lost":true,"go_on":"datamill install -f x")"));
}

TEST_CASE("torn, foreign and missing texts are taken as they come", "[exec][record]") {
  CHECK(read_run_record({.id = kId}).outcome == RunOutcome::running);
  CHECK(format_wall_time(*read_run_record({.id = kId}).started) == "2026-11-21T07:33:55.000Z");
  CHECK_FALSE(read_run_record({.id = "x"}).started);
  // A last line without its end is no problem; one in the middle is.
  const auto torn =
      read_run_record({.id = kId, .events = run_started() + started("56.000", 0) + R"({"v":1,"type":"st)"});
  CHECK(torn.problems.empty());
  CHECK(torn.steps.at(0).state == StepState::running);
  const auto middle = read_run_record({.id = kId, .events = run_started() + "{\"v\n" + "[]\n" + started("56.000", 0)});
  CHECK(middle.problems == std::vector<std::string>{"events.jsonl: 2 lines cannot be read"});
  CHECK(middle.steps.size() == 1);
  const auto strange = read_run_record(
      {.id = kId,
       .head = "{\"v\":1,\"pid\":[],\"started\":7,\"tools\":[1],\"critical_path\":\"x\",\"estimated_ms\":null}",
       .plan =
           R"({"steps":[{"id":-1},{"id":99999999999},{"id":"a"},7,{"id":1,"needs":[1,5,0,"x",-3]}],"components":3})",
       .events = event("56.000", R"("type":"no_such_type","step":1)") +
                 event("xx", R"("type":"step_started","step":1)") +
                 event("57.000", R"("type":"step_finished","step":-4)") +
                 event("57.000", R"("type":"step_finished","step":0,"status":"new status","elapsed_ms":-5)")});
  CHECK_FALSE(strange.process);
  CHECK(strange.steps.size() == 2);
  CHECK(strange.steps[1].needs == std::vector<plan::StepId>{0});
  CHECK(strange.steps[1].state == StepState::running);
  CHECK(strange.steps[0].elapsed == 0ms);
  CHECK(critical_path(strange).empty());
  CHECK_FALSE(components_of(strange).empty());
  const auto bad = read_run_record({.id = kId, .head = "{", .plan = "[1]", .events = std::string("\0\n", 2)});
  CHECK(bad.problems == std::vector<std::string>{"run.json: cannot be read", "plan.json: cannot be read",
                                                 "events.jsonl: 1 line cannot be read"});
  (void)support::write_json(run_record_node(strange));
}

TEST_CASE("every beginning of a journal can be read", "[exec][record]") {
  const auto text = failed_run();
  for (std::size_t size = 0; size <= text.size(); ++size) {
    auto run = read_run_record(whole(text.substr(0, size)));
    settle(run, ProcessState::gone);
    REQUIRE(run.problems.empty());
    // The last line's end is not what makes it whole.
    REQUIRE((run.outcome == RunOutcome::cut_off) == (size + 1 < text.size()));
    REQUIRE_FALSE(support::write_json(run_record_node(run)).empty());
  }
}

TEST_CASE("a clock that is set back makes nothing negative", "[exec][record]") {
  const auto run = read_run_record(
      whole(run_started() + started("50.000", 0) + finished("10.000", 0, "done", 1000) + started("09.000", 1)));
  CHECK(run.steps[0].elapsed == 1000ms);
  CHECK(run.elapsed >= 0ms);
  for (const auto& component : components_of(run))
    CHECK(component.elapsed >= 0ms);
  for (const auto& link : critical_path(run))
    CHECK(link.waited >= 0ms);
}

TEST_CASE("with fail-fast a step is skipped because of one it does not need", "[exec][record]") {
  const auto run = read_run_record(
      whole(run_started() + started("55.000", 1) + finished("56.000", 1, "failed", 1000) +
            event("56.000",
                  R"("type":"step_failed","step":1,"title":"Install release db","skipped":["Install release lake"])") +
            finished("56.000", 2, "skipped", 0)));
  CHECK(run.steps[2].skipped_by == 1);
}

TEST_CASE("times are read as the journal writes them", "[exec][record]") {
  CHECK(format_wall_time(*parse_wall_time("2024-02-29T23:59:59.9Z")) == "2024-02-29T23:59:59.900Z");
  CHECK(format_wall_time(*parse_wall_time("1969-12-31T23:59:59.001234Z")) == "1969-12-31T23:59:59.001Z");
  CHECK(format_wall_time(*parse_wall_time("2024-01-01T00:00:00Z")) == "2024-01-01T00:00:00.000Z");
  for (const auto* text : {"", "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01 00:00:00Z",
                           "2024-01-01T00:00:00", "2024-01-01T00:00:00.1", "2024-1-01T00:00:00Z", "x"}) {
    INFO(text);
    CHECK_FALSE(parse_wall_time(text));
  }
}

TEST_CASE("a run's id tells when it began", "[exec][record]") {
  CHECK(format_wall_time(*time_of_run_id("20261121-073355-4711-1")) == "2026-11-21T07:33:55.000Z");
  CHECK(time_of_run_id("20261121-073355-4711"));
  for (const auto* text : {"", "20261121-073355", "20261121-073355-", "20261121-073355-47x-1", "20261321-073355-1-1",
                           "20261121-073355-1-1-1", "../20261121-073355-1-1", "20261121-073355-1-1.tmp"}) {
    INFO(text);
    CHECK_FALSE(time_of_run_id(text));
  }
}

}  // namespace
}  // namespace datamill::exec
