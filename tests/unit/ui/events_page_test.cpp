// docs/events.md: its tables name every field that is printed and no other, its examples are what is printed.
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "support/golden.hpp"
#include "view_helpers.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

using namespace std::chrono_literals;

namespace datamill::ui::testing {
namespace {

using Names = std::set<std::string>;
using support::Node;

constexpr auto kAll = "All events";
constexpr auto kOfStep = "Events of a step";
constexpr auto kFinding = "A finding";

domain::Finding full_finding() {
  return {.code = "DM847",
          .name = "Unschedulable",
          .chain = {{.kind = "StatefulSet", .ns = "data-mill", .name = "lake"},
                    {.kind = "Pod", .ns = "data-mill", .name = "lake-0"}},
          .count = 2,
          .container = "server",
          .reason = "Unschedulable",
          .message = "0/1 nodes are available: 1 Insufficient cpu.",
          .exit_code = 3,
          .last_log = {"out of luck"},
          .event = "Warning FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu.",
          .nodes = {{.node = "worker-1", .lacks = {{"cpu", "needs 4, 1.2 of 2 free"}}}},
          .cause = "no node has what the pod needs",
          .next = "datamill why lake"};
}

exec::FailureReport full_failure() {
  return {.step = 1,
          .title = "Install release lake (seaweedfs 4.44.0)",
          .component = "lake",
          .command = "helm upgrade lake ./lake --install --values -",
          .outcome = "exit code 1 (attempt 10)",
          .last_lines = {"Error: UPGRADE FAILED: the server has received too many requests"},
          .code = "DM809",
          .name = "ApiThrottled",
          .cause = "the API server is asked too often",
          .hint = "go on with `datamill install -f quickstart`",
          .log_file = "/home/me/.local/state/datamill/runs/20261121-073355-4711-1/002-install-release-lake.log",
          .findings = {full_finding()},
          .skipped = {"Install release notebook"}};
}

/// One of every kind, in an order in which they may come.
std::vector<exec::Event> events_of_all_kinds(const plan::Plan& plan) {
  using enum exec::StepStatus;
  return {exec::RunStarted{.plan = &plan,
                           .run_id = "20261121-073355-4711-1",
                           .log_directory = "/home/me/.local/state/datamill/runs/20261121-073355-4711-1",
                           .expected = 95s},
          exec::StepFinished{.step = 0, .status = already_done},
          exec::StepStarted{.step = 1, .command = "helm upgrade lake ./lake --install --values -"},
          exec::StepOutput{.step = 1, .stream = proc::Stream::err, .text = "Error: connection reset by peer"},
          exec::StepRetried{.step = 1, .attempt = 1, .reason = "Error: connection reset by peer", .delay = 500ms},
          exec::StepWaiting{.step = 1, .text = "2 of 3 pods: lake-0 ContainerCreating"},
          exec::FindingSeen{.step = 1, .finding = full_finding()},
          exec::Heartbeat{.running = {1}, .elapsed = 60s},
          exec::RunResumed{.paused = 4200ms},
          exec::StepFinished{.step = 1, .status = failed, .elapsed = 74s},
          exec::StepFailed{full_failure()},
          exec::StepFinished{.step = 2, .status = skipped, .because = "Install release lake (seaweedfs 4.44.0)"},
          exec::Interrupting{.signal = 2, .running = {1}},
          exec::RunFinished{.elapsed = 75s,
                            .retries = 9,
                            .already_done = 1,
                            .failed = 1,
                            .skipped = 1,
                            .signal = 2,
                            .go_on = "datamill install -f quickstart",
                            .step_elapsed = {0s, 74s, 0s},
                            .step_status = {already_done, failed, skipped}}};
}

std::vector<std::string> printed_lines(const std::vector<exec::Event>& events, Bench& bench) {
  const auto view = make_json_view(bench.context(Verbosity::output));
  for (const auto& event : events)
    view->on(event);
  return support::split_lines(bench.taken());
}

/// "chain", "chain[].kind": all fields of an object and of what it holds. Findings are described in one place.
void add_fields(const Node& object, const std::string& before, std::map<std::string, Names>& fields,
                const std::string& section) {
  for (const auto& entry : object.entries) {
    fields[section].insert(before + entry.key);
    const bool is_finding = entry.key == "finding" || entry.key == "findings";
    const auto& inner_section = is_finding ? kFinding : section;
    const auto inner = is_finding ? std::string{} : before + entry.key;
    if (entry.value.is_map()) add_fields(entry.value, inner.empty() ? "" : inner + ".", fields, inner_section);
    for (const auto& item : entry.value.items)
      add_fields(item, inner.empty() ? "" : inner + "[].", fields, inner_section);
  }
}

std::string joined(const Names& names) {
  return support::join({names.begin(), names.end()}, " ");
}

struct Page {
  std::map<std::string, Names> fields{};  ///< by heading
  std::string text{};                     ///< with the examples as they are printed now
};

Page read_page(const std::string& text, const std::map<std::string, std::string>& examples) {
  Page page;
  std::string heading;
  bool in_example = false;
  for (const auto& line : support::split_lines(text)) {
    if (line.starts_with("## ")) heading = line.substr(3);
    if (line.starts_with("| `")) page.fields[heading].insert(line.substr(3, line.find('`', 3) - 3));
    if (line == "```") in_example = false;
    if (!in_example) page.text += line + "\n";
    if (line != "```json") continue;
    in_example = true;
    if (examples.contains(heading)) page.text += examples.at(heading);
  }
  while (page.text.ends_with("\n\n"))
    page.text.pop_back();
  return page;
}

TEST_CASE("the page of events has every field and what is printed", "[ui][json]") {
  Bench bench;
  (void)bench.add("", "Create namespace data-mill");
  (void)bench.add("lake", "Install release lake (seaweedfs 4.44.0)");
  (void)bench.add("notebook", "Install release notebook");
  bench.plan.steps[2].needs = {1};
  const auto events = events_of_all_kinds(bench.plan);
  std::set<std::size_t> kinds;
  for (const auto& event : events)
    kinds.insert(event.index());
  REQUIRE(kinds.size() == std::variant_size_v<exec::Event>);

  std::map<std::string, Names> printed;
  std::map<std::string, std::string> examples;
  for (const auto& line : printed_lines(events, bench)) {
    if (line.empty()) continue;
    const auto object = support::read_json(line, "event");
    const std::string type(object.text_at("type"));
    examples[type] += line + "\n";
    add_fields(object, "", printed, type);
  }
  const auto path = std::filesystem::path(DATAMILL_SOURCE_DIR) / "docs/events.md";
  auto page = read_page(tests::TempFolder::read(path.string()), examples);
  const auto all = page.fields[kAll];
  const auto of_step = page.fields[kOfStep];
  for (auto& [type, fields] : printed) {
    INFO(type << ": its table in docs/events.md names the fields that are printed");
    if (type != kFinding) {
      const bool has_step = fields.contains("step");
      for (const auto& name : all)
        CHECK(fields.erase(name) == 1);
      for (const auto& name : has_step ? of_step : Names{})
        CHECK(fields.erase(name) == 1);
    }
    CHECK(joined(page.fields[type]) == joined(fields));
  }
  for (const auto& [type, lines] : examples) {
    INFO(type << ": docs/events.md has a place for its example");
    CHECK(support::contains(page.text, lines));
  }
  tests::check_golden(path, page.text);
}

}  // namespace
}  // namespace datamill::ui::testing
