#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "support/catch.hpp"
#include "view_helpers.hpp"

using namespace std::chrono_literals;

namespace datamill::ui::testing {

TEST_CASE("json: one object per line, documented fields", "[ui][json]") {
  Bench bench;
  const auto lake = bench.add("lake", "Install \"lake\"");
  const auto view = make_json_view(bench.context());
  view->on(exec::RunStarted{.plan = &bench.plan, .run_id = "r1", .log_directory = "/l"});
  view->on(exec::StepStarted{.step = lake, .command = "helm\n\tx", .attempt = 2});
  view->on(exec::StepOutput{.step = lake, .text = "hidden"});
  view->on(exec::StepFinished{.step = lake, .status = exec::StepStatus::already_done, .elapsed = 1500ms});
  view->on(exec::StepRetried{.step = lake, .attempt = 1, .reason = "why", .delay = 500ms});
  view->on(exec::Heartbeat{.running = {0}, .elapsed = 30s});
  view->on(exec::Interrupting{.signal = 2, .running = {0}});
  CHECK(
      bench.taken() ==
      R"({"v":1,"type":"run_started","run_id":"r1","title":"Install flavour quickstart","steps":1,"log_directory":"/l","expected_ms":0})"
      "\n"
      R"({"v":1,"type":"step_started","step":0,"title":"Install \"lake\"","component":"lake","attempt":2,"command":"helm\n\tx"})"
      "\n"
      R"({"v":1,"type":"step_finished","step":0,"title":"Install \"lake\"","component":"lake","status":"already_done","elapsed_ms":1500})"
      "\n"
      R"({"v":1,"type":"step_retried","step":0,"title":"Install \"lake\"","component":"lake","attempt":1,"reason":"why","delay_ms":500})"
      "\n"
      R"({"v":1,"type":"heartbeat","elapsed_ms":30000,"running":[0]})"
      "\n"
      R"({"v":1,"type":"interrupting","signal":"SIGINT","second":false,"running":[0]})"
      "\n");
}

TEST_CASE("json: failures and the end of a run", "[ui][json]") {
  Bench bench;
  const auto lake = bench.add("lake", "Install lake");
  const auto view = make_json_view(bench.context(Verbosity::output));
  view->on(exec::RunStarted{.plan = &bench.plan});
  (void)bench.taken();
  view->on(exec::StepOutput{.step = lake, .stream = proc::Stream::err, .text = "bad \xFF\x1b[31m byte"});
  view->on(exec::StepFailed{{.step = lake,
                             .title = "Install lake",
                             .component = "lake",
                             .command = "helm",
                             .outcome = "exit code 1",
                             .last_lines = {"a", "b"},
                             .code = "DM809",
                             .name = "ApiThrottled",
                             .cause = "c",
                             .hint = "h",
                             .log_file = "/l",
                             .skipped = {"s"}}});
  view->on(exec::RunFinished{.elapsed = 3s,
                             .failed = 1,
                             .signal = 15,
                             .timed_out = true,
                             .go_on = "datamill install -f x",
                             .step_elapsed = {2s},
                             .step_status = {exec::StepStatus::failed}});
  CHECK(
      bench.taken() ==
      "{\"v\":1,\"type\":\"step_output\",\"step\":0,\"title\":\"Install "
      "lake\",\"component\":\"lake\",\"stream\":\"stderr\",\"text\":\"bad \xEF\xBF\xBD byte\"}\n"
      R"({"v":1,"type":"step_failed","step":0,"title":"Install lake","component":"lake","command":"helm","outcome":"exit code 1","timed_out":false,"last_lines":["a","b"],"code":"DM809","name":"ApiThrottled","cause":"c","hint":"h","log_file":"/l","skipped":["s"],"findings":[]})"
      "\n"
      R"({"v":1,"type":"run_finished","ok":false,"elapsed_ms":3000,"done":0,"already_done":0,"failed":1,"skipped":0,"cancelled":0,"signal":"SIGTERM","timed_out":true,"cluster_lost":false,"lock_lost":false,"retries":0,"go_on":"datamill install -f x","components":[{"name":"lake","status":"failed","elapsed_ms":2000}]})"
      "\n");
}

}  // namespace datamill::ui::testing
