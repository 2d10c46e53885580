// What is kept of runs: the list, one run, its report.
#include "support/catch.hpp"
#include "support/workbench.hpp"

#include "datamill/support/text.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>

namespace datamill::tests {

namespace {

using support::contains;
using support::Node;
using namespace std::chrono_literals;

/// `history -o json`, newest first.
std::vector<Node> history(Workbench& bench) {
  const auto result = bench("history -o json");
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  return json_document(result.out).find("runs")->items;
}

std::string folder_of(const Workbench& bench, const Node& run) {
  return bench.state() + "/runs/" + std::string(run.text_at("run_id"));
}

void append(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

/// A strict reader of XML takes it.
void check_well_formed(const Workbench& bench, const std::string& page) {
  const std::string python = "/usr/bin/python3";
  if (!std::filesystem::exists(python)) return;
  const auto file = bench.folder().write("page/page.html", page);
  const auto result = Program({.argv = {python, "-c",
                                        "import sys, xml.etree.ElementTree as tree\n"
                                        "root = tree.parse(sys.argv[1]).getroot()\n"
                                        "bad = [e.tag for e in root.iter() if e.tag in ('script', 'link', 'img', 'a')\n"
                                        "       or any(k in ('href', 'src') or k.startswith('on') for k in e.attrib)]\n"
                                        "assert root.tag == 'html' and not bad, bad\n",
                                        file},
                               .working_directory = bench.folder().path(),
                               .folder = bench.folder().path("page")})
                          .wait();
  INFO(result.err);
  CHECK(result.exit_code == 0);
}

}  // namespace

TEST_CASE("a run that failed is listed, shown and reported", "[e2e][history]") {
  Workbench bench;
  REQUIRE(bench("start").exit_code == 0);
  bench.rules({R"({"has":["helm upgrade object-store"],"exit":1,"stderr":"Error: <b>no</b> & never"})"});
  REQUIRE(bench("install -f quickstart").exit_code == 1);
  const auto runs = history(bench);
  REQUIRE(runs.size() >= 2);
  CHECK(runs[0].text_at("result") == "failed");
  CHECK(runs[0].find("trouble")->items.front().scalar == "object-store");
  CHECK(runs[1].text_at("result") == "done");
  const auto table = bench("history").out;
  CHECK(contains(table, "RESULT"));
  CHECK(contains(table, std::string(runs[0].text_at("run_id"))));
  CHECK(support::split_lines(bench("history -n 1").out).size() <= 3);
  CHECK(bench("history -n 1 -o name").out == std::string(runs[0].text_at("run_id")) + "\n");

  const auto text = bench("runs show");
  CHECK(text.exit_code == 0);
  CHECK(contains(text.out, "failed after"));
  CHECK(contains(text.out, "skipped, because of object-store"));
  CHECK(contains(text.out, "Error: <b>no</b> & never"));
  CHECK(contains(text.out, folder_of(bench, runs[0])));
  CHECK(contains(bench("runs show -v").out, "$ helm upgrade object-store"));
  CHECK(bench("report").out == text.out);

  const auto run = *json_document(bench("runs show last -o json").out).find("run");
  CHECK(run.text_at("result") == "failed");
  CHECK_FALSE(run.find("critical_path")->items.empty());
  for (const auto& step : run.find("steps")->items) {
    const auto log = step.text_at("log");
    if (!log.empty()) CHECK(std::filesystem::exists(folder_of(bench, runs[0]) + "/" + std::string(log)));
  }
  CHECK(bench("report -o json").out == bench("runs show -o json").out);
}

TEST_CASE("the report is one page without secrets", "[e2e][history]") {
  Workbench bench;
  bench.rules({R"({"has":["helm upgrade notebook"],"exit":1,"stderr":"Error: <b>no</b> & \"never\" \u001b[31mred"})"});
  REQUIRE(bench("install -f quickstart").exit_code == 1);
  const auto file = bench.folder().path("report.html");
  const auto written = bench.run({"report", "--file", file});
  CHECK(written.exit_code == 0);
  CHECK(written.out.empty());
  const auto page = TempFolder::read(file);
  CHECK(page == bench("report last -o html").out);
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK(contains(page, "Error: &lt;b&gt;no&lt;/b&gt; &amp; &quot;never&quot; red"));
  CHECK(contains(page, "class=\"bar s-failed"));
  check_well_formed(bench, page);
  const auto token = bench.secret("data-mill", "notebook-token", "token");
  REQUIRE(token.size() > 10);
  CHECK_FALSE(contains(page, token));
  CHECK_FALSE(contains(page, support::base64_encode(token)));
  const auto refused = bench.run({"report", "--file", "/dev/null/x.html"});
  CHECK(refused.exit_code == 2);
  CHECK(contains(refused.err, "DM583"));
}

TEST_CASE("a run that was killed was cut off", "[e2e][history]") {
  Workbench bench;
  REQUIRE(bench("start").exit_code == 0);
  bench.rules({R"({"has":["helm upgrade object-store"],"sleep_ms":60000})"});
  auto program = bench.start({"install", "-f", "quickstart"});
  REQUIRE(bench.wait_for_call("helm upgrade object-store"));
  CHECK(history(bench).front().text_at("result") == "running");
  program->signal(SIGKILL);
  CHECK(program->wait(30s).signal == SIGKILL);
  const auto runs = history(bench);
  CHECK(runs.front().text_at("result") == "cut_off");
  CHECK(runs.front().find("trouble")->items.front().scalar == "object-store");

  const auto events = folder_of(bench, runs.front()) + "/events.jsonl";
  append(events, R"({"v":1,"type":"step_fin)");  // a line that was being written
  CHECK(history(bench).front().text_at("result") == "cut_off");
  append(events, "\n{\"v\":1,\"type\":\"of tomorrow\",\"step\":{}}\n\n");
  const auto text = bench("runs show").out;
  CHECK(contains(text, "cut off; last heard of after"));
  CHECK(contains(text, "Install release object-store"));
  CHECK(contains(text, "not started"));
  CHECK(contains(text, "events.jsonl: 1 line cannot be read"));
  check_well_formed(bench, bench("report -o html").out);
}

TEST_CASE("what is left of a run is shown, however little", "[e2e][history]") {
  Workbench bench;
  REQUIRE(bench("start").exit_code == 0);
  const auto whole = history(bench).front();
  const auto runs = bench.state() + "/runs/";
  const std::string empty = "20200101-000000-4194304-1";
  const std::string odd = "20200102-000000-4194304-1";
  std::filesystem::create_directories(runs + empty);
  std::filesystem::create_directories(runs + odd + "/events.jsonl");
  std::filesystem::create_directories(runs + "something else");
  append(runs + odd + "/plan.json", "{\"steps\":[{\"id\":0,");
  append(runs + "20200103-000000-4194304-1", "a file, no folder");
  CHECK(history(bench).size() == 4);
  for (const auto& id : {empty, odd}) {
    INFO(id);
    const auto shown = bench.run({"runs", "show", id});
    CHECK(shown.exit_code == 0);
    CHECK(contains(shown.out, "cut off"));
    check_well_formed(bench, bench.run({"report", id, "-o", "html"}).out);
  }
  CHECK(contains(bench.run({"runs", "show", odd}).out, "events.jsonl: Is a directory"));
  // A unique beginning is enough.
  CHECK(contains(bench.run({"runs", "show", "20200101"}).out, empty));
  const auto unknown = bench.run({"runs", "show", "20190101"});
  CHECK(unknown.exit_code == 2);
  CHECK(contains(unknown.err, "DM581"));
  CHECK(contains(unknown.err, std::string(whole.text_at("run_id"))));
  const auto several = bench.run({"report", "202001"});
  CHECK(several.exit_code == 2);
  CHECK(contains(several.err, "DM582"));
  CHECK(contains(several.err, odd));
}

TEST_CASE("before the first run there is none", "[e2e][history]") {
  Workbench bench;
  CHECK(bench("history").exit_code == 0);
  CHECK(history(bench).empty());
  const auto shown = bench("runs show");
  CHECK(shown.exit_code == 2);
  CHECK(contains(shown.err, "DM580"));
  CHECK(bench("report 1 2").exit_code == 2);
  CHECK(bench.calls().empty());
}

TEST_CASE("ids of runs are completed", "[e2e][history]") {
  Workbench bench;
  REQUIRE(bench("start").exit_code == 0);
  const auto id = std::string(history(bench).front().text_at("run_id"));
  CHECK(contains(bench.run({"__complete", "runs", "show", ""}).out, id + "\n"));
  CHECK(bench.run({"__complete", "report", id.substr(0, 4)}).out == id + "\n");
  CHECK(bench.run({"__complete", "report", id, ""}).out.empty());
  CHECK(contains(bench.run({"__complete", "report", "--state-dir", bench.state(), "la"}).out, "last\t"));
  CHECK(bench.run({"__complete", "report", "--state-dir", "/nowhere", "2"}).out.empty());
}

}  // namespace datamill::tests
