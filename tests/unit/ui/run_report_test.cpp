#include "datamill/support/text.hpp"
#include "datamill/ui/run_report.hpp"
#include "support/catch.hpp"
#include "support/run_texts.hpp"
#include "ui/report_page.hpp"

#include <fmt/format.h>

namespace datamill::ui {

namespace {

using support::contains;

exec::RunRecord sample(const std::string& events = tests::failed_run()) {
  return exec::read_run_record({.id = "20261121-073355-4711-1",
                                .head = std::string(tests::kRunHead),
                                .plan = tests::run_plan(),
                                .events = events});
}

std::string text_of(const exec::RunRecord& run, Verbosity verbosity = Verbosity::normal) {
  return run_report_text(run, {}, verbosity);
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

}  // namespace

TEST_CASE("the list of runs says how each ended and what failed", "[ui][report]") {
  auto cut = sample(tests::run_started() + tests::started("56.000", 1));
  exec::settle(cut, exec::ProcessState::gone);
  exec::RunRecord old{.id = "20250101-000000-1-1", .title = "Install flavour x", .outcome = exec::RunOutcome::done};
  const auto table = history_table({sample(), cut, old}, 0);
  const auto lines = support::split_lines(table);
  REQUIRE(lines.size() >= 4);
  CHECK(contains(lines[1], "  install            data-mill/quickstart  local-datamill  failed   4.5s  lake"));
  CHECK(contains(lines[2], "cut off  1.0s  db"));
  CHECK(contains(lines[3], "Install flavour x"));
  for (const auto& line : support::split_lines(history_table({sample()}, 40)))
    CHECK(line.size() <= 40);
}

TEST_CASE("a run that gave up says why", "[ui][report]") {
  const auto gave_up = [](const std::string& why) {
    return text_of(sample(tests::run_started() +
                          tests::run_finished("57.000", R"("ok":false,"elapsed_ms":2000,"signal":"",)" + why)));
  };
  CHECK(contains(gave_up(R"("cluster_lost":true)"), "failed after 2.0s: the cluster did not answer any more"));
  CHECK(contains(gave_up(R"("lock_lost":true)"), "failed after 2.0s: another run took the lock in the cluster"));
}

TEST_CASE("a run as text says what there is to know", "[ui][report]") {
  const auto text = text_of(sample());
  for (const auto* part :
       {"Install flavour quickstart\nfailed after 4.5s (expected: 5.0s)\n", "datamill install -f x.yaml",
        "local-datamill (kwok)", "skipped, because of lake\n", "\nold ", "failed (2 attempts)",
        "Critical path: the steps that decided how long it took", "  2.5s          lake: Install release lake",
        "failed: Install release lake", "cause:   DM810 ImageNotFound: the image is not there", "Error: <no> & \"way\"",
        "DM810 ImageNotFound Deployment n/lake > Pod n/lake-0", "node-1: cpu needs 4", "| line two",
        "next:    datamill why lake", "attempt 1 failed (connection refused), again after 0.5s",
        "003-install-release-lake.log", "a note"}) {
    INFO(part);
    CHECK(contains(text, part));
  }
  CHECK_FALSE(contains(text, "$ do 2"));
  CHECK(contains(text_of(sample(), Verbosity::commands), "$ do 2"));
  CHECK_FALSE(text_of({}).empty());
}

TEST_CASE("foreign text cannot break out of the page", "[ui][report]") {
  CHECK(escaped("<b a='1'>\"&\"</b>") == "&lt;b a=&#39;1&#39;&gt;&quot;&amp;&quot;&lt;/b&gt;");
  CHECK(escaped("a\nb\tc") == "a\nb\tc");
  CHECK(escaped("\x1b[31mred\x1b[0m") == "red");
  CHECK(escaped(std::string("a\0b\x01", 4)) == "a\uFFFDb\uFFFD");
  CHECK(escaped("\xff\xEF\xBF\xBE\xEF\xBF\xBF") == "\uFFFD\uFFFD\uFFFD");
  auto run = sample();
  const std::string evil = "</style></title><script>alert(1)</script>";
  run.title = run.id = run.flavour = run.command_line = evil;
  run.steps[2].title = run.steps[2].component = evil;
  run.steps[2].findings[0].message = evil;
  run.notes = {evil};
  const auto page = run_report_html(run);
  CHECK_FALSE(contains(page, "<script"));
  CHECK(count(page, "</title>") == 1);
  CHECK(contains(page, "&lt;script&gt;"));
}

TEST_CASE("the page needs nothing from elsewhere", "[ui][report]") {
  const auto page = run_report_html(sample());
  for (const auto* part : {"http", "src=", "href=", "@import", "url(", "<script", "<link", "onload"}) {
    INFO(part);
    CHECK_FALSE(contains(page, part));
  }
  CHECK(page.starts_with("<!DOCTYPE html>\n"));
}

TEST_CASE("the page shows bars, the critical path, retries and failures", "[ui][report]") {
  const auto page = run_report_html(sample());
  CHECK(count(page, "class=\"bar ") == 3);
  CHECK(count(page, "class=\"bar s-done crit\"") == 1);
  CHECK(count(page, "class=\"bar s-failed crit\"") == 1);
  CHECK(count(page, "class=\"retry\"") == 1);
  CHECK(contains(page, "Unchanged: old"));
  CHECK(contains(page, "skipped, because of lake"));
  CHECK(contains(page, "DM810 ImageNotFound: the image is not there"));
  CHECK(contains(page, "What went wrong, and what was seen"));
  CHECK(contains(page, "Error: &lt;no&gt; &amp; &quot;way&quot;"));
  CHECK(contains(page, "lake-1.2.3"));
  CHECK(contains(page, "3.19.0"));
  // lake's bar: from 2.03 s for 2.5 s of 4.54 s.
  CHECK(contains(page, "left:44.714%;width:55.066%"));
  CHECK_FALSE(contains(run_report_html(sample(tests::run_started())), "class=\"bar"));
  CHECK_FALSE(run_report_html({}).empty());
}

TEST_CASE("a run of 200 components has a row for each", "[ui][report]") {
  std::string steps;
  std::string events = tests::run_started();
  for (int i = 0; i < 200; ++i) {
    steps += (i == 0 ? "" : ",") +
             tests::planned_step(i, fmt::format("component-{}-{}", i, std::string(80, 'x')), "Install", "", "null");
    events += tests::started("56.000", i) + tests::finished("57.000", i, "done", 100 * i);
  }
  const auto page = run_report_html(exec::read_run_record(
      {.id = "20261121-073355-4711-1", .plan = fmt::format(R"({{"steps":[{}]}})", steps), .events = events}));
  CHECK(count(page, "class=\"row\"") == 200);
  CHECK(page.size() < 1'000'000);
}

}  // namespace datamill::ui
