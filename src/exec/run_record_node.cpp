#include "datamill/exec/run_summary.hpp"
#include "datamill/support/text.hpp"

#include <string>
#include <utility>

namespace datamill::exec {

using support::Node;

namespace {

template <class Number>
Node number(Number value) {
  return Node::integer(static_cast<long long>(value));
}

/// Words for programs have no blanks: "cut_off".
Node word(std::string_view name) {
  return Node::text(support::replace_all(std::string(name), " ", "_"));
}

void set_text(Node& node, std::string key, const std::string& value) {
  if (!value.empty()) node.set(std::move(key), Node::text(value));
}

void set_time(Node& node, std::string key, const std::optional<WallTime>& time) {
  if (time) node.set(std::move(key), Node::text(format_wall_time(*time)));
}

template <class Items, class ToNode>
Node list_of(const Items& items, ToNode to_node) {
  auto list = Node::sequence();
  for (const auto& item : items)
    list.items.push_back(to_node(item));
  return list;
}

Node texts(const std::vector<std::string>& lines) {
  return list_of(lines, [](const std::string& line) { return Node::text(line); });
}

Node retry_node(const RetryRecord& retry) {
  auto node = Node::map();
  set_time(node, "time", retry.at);
  node.set("attempt", number(retry.attempt));
  node.set("reason", Node::text(retry.reason));
  node.set("delay_ms", number(retry.delay.count()));
  return node;
}

Node failure_node(const FailureReport& failure) {
  auto node = Node::map();
  node.set("outcome", Node::text(failure.outcome));
  node.set("timed_out", Node::boolean(failure.timed_out));
  node.set("last_lines", texts(failure.last_lines));
  node.set("code", Node::text(failure.code));
  node.set("name", Node::text(failure.name));
  node.set("cause", Node::text(failure.cause));
  node.set("hint", Node::text(failure.hint));
  node.set("skipped", texts(failure.skipped));
  return node;
}

Node step_node(const StepRecord& step) {
  auto node = Node::map();
  node.set("step", number(step.id));
  node.set("component", Node::text(step.component));
  node.set("title", Node::text(step.title));
  node.set("status", word(to_name(step.state)));
  node.set("needs", list_of(step.needs, number<plan::StepId>));
  set_time(node, "started", step.started);
  set_time(node, "ended", step.ended);
  node.set("elapsed_ms", number(step.elapsed.count()));
  node.set("attempts", number(step.attempts));
  set_text(node, "command", step.command);
  set_text(node, "log", step.log);
  if (step.skipped_by) node.set("skipped_by", number(*step.skipped_by));
  if (!step.retries.empty()) node.set("retries", list_of(step.retries, retry_node));
  if (!step.findings.empty()) node.set("findings", list_of(step.findings, domain::finding_node));
  if (step.failure) node.set("failure", failure_node(*step.failure));
  return node;
}

Node component_node(const ComponentRecord& component) {
  auto node = Node::map();
  node.set("name", Node::text(component.name));
  set_text(node, "namespace", component.ns);
  set_text(node, "reason", component.reason);
  node.set("status", word(to_name(component.state)));
  set_text(node, "because_of", component.because);
  set_time(node, "started", component.started);
  set_time(node, "ended", component.ended);
  node.set("elapsed_ms", number(component.elapsed.count()));
  node.set("retries", number(component.retries));
  node.set("steps", list_of(component.steps, number<plan::StepId>));
  return node;
}

Node link_node(const PathLink& link) {
  auto node = Node::map();
  node.set("step", number(link.step));
  node.set("waited_ms", number(link.waited.count()));
  return node;
}

Node versions_node(const RunRecord& record) {
  auto node = Node::map();
  for (const auto& tool : record.tools) {
    const auto known = record.versions.find(tool);
    node.set(tool, Node::text(known == record.versions.end() ? std::string{} : known->second));
  }
  for (const auto& [tool, version] : record.versions)
    node.set(tool, Node::text(version));
  return node;
}

Node chart_node(const ChartRecord& chart) {
  auto node = Node::map();
  node.set("release", Node::text(chart.release));
  node.set("chart", Node::text(chart.chart));
  return node;
}

}  // namespace

Node run_summary_node(const RunRecord& record) {
  auto node = Node::map();
  node.set("run_id", Node::text(record.id));
  node.set("result", word(to_name(record.outcome)));
  set_text(node, "title", record.title);
  set_text(node, "command", record.command);
  set_text(node, "command_line", record.command_line);
  set_text(node, "flavour", record.flavour);
  set_text(node, "cluster", record.cluster);
  set_text(node, "provider", record.provider);
  set_time(node, "started", record.started);
  set_time(node, "ended", record.ended);
  node.set("elapsed_ms", number(record.elapsed.count()));
  set_text(node, "signal", record.signal);
  node.set("timed_out", Node::boolean(record.timed_out));
  node.set("cluster_lost", Node::boolean(record.cluster_lost));
  node.set("lock_lost", Node::boolean(record.lock_lost));
  set_text(node, "go_on", record.go_on);
  node.set("trouble", texts(trouble_of(record)));
  return node;
}

Node run_record_node(const RunRecord& record) {
  auto node = run_summary_node(record);
  set_text(node, "datamill", record.version);
  if (record.estimated) node.set("estimated_ms", number(record.estimated->count()));
  node.set("expected_critical_path", list_of(record.expected_path, number<plan::StepId>));
  node.set("critical_path", list_of(critical_path(record), link_node));
  set_text(node, "log_directory", record.log_directory);
  node.set("components", list_of(components_of(record), component_node));
  node.set("steps", list_of(record.steps, step_node));
  node.set("tools", versions_node(record));
  node.set("charts", list_of(record.charts, chart_node));
  node.set("notes", texts(record.notes));
  node.set("problems", texts(record.problems));
  return node;
}

}  // namespace datamill::exec
