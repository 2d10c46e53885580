#include "datamill/exec/event.hpp"

namespace datamill::exec {
namespace {

using support::Node;

template <class Number>
Node number(Number value) {
  return Node::integer(static_cast<long long>(value));
}

Node begin(std::string type) {
  Node object = Node::map();
  object.set("v", Node::integer(1));
  object.set("type", Node::text(std::move(type)));
  return object;
}

Node begin_step(std::string type, plan::StepId id, const plan::Plan* plan) {
  Node object = begin(std::move(type));
  object.set("step", number(id));
  if (plan != nullptr && id < plan->steps.size()) {
    object.set("title", Node::text(plan->steps[id].title));
    object.set("component", Node::text(plan->steps[id].component));
  }
  return object;
}

Node texts(const std::vector<std::string>& lines) {
  Node list = Node::sequence();
  for (const auto& line : lines)
    list.items.push_back(Node::text(line));
  return list;
}

Node ids(const std::vector<plan::StepId>& steps) {
  Node list = Node::sequence();
  for (const auto step : steps)
    list.items.push_back(number(step));
  return list;
}

Node failed_node(const FailureReport& report) {
  Node object = begin("step_failed");
  object.set("step", number(report.step));
  object.set("title", Node::text(report.title));
  object.set("component", Node::text(report.component));
  object.set("command", Node::text(report.command));
  object.set("outcome", Node::text(report.outcome));
  object.set("timed_out", Node::boolean(report.timed_out));
  object.set("last_lines", texts(report.last_lines));
  object.set("code", Node::text(report.code));
  object.set("name", Node::text(report.name));
  object.set("cause", Node::text(report.cause));
  object.set("hint", Node::text(report.hint));
  object.set("log_file", Node::text(report.log_file));
  object.set("skipped", texts(report.skipped));
  Node findings = Node::sequence();
  for (const auto& finding : report.findings)
    findings.items.push_back(domain::finding_node(finding));
  object.set("findings", std::move(findings));
  return object;
}

Node finished_node(const RunFinished& finished) {
  Node object = begin("run_finished");
  object.set("ok", Node::boolean(succeeded(finished)));
  object.set("elapsed_ms", number(finished.elapsed.count()));
  object.set("done", number(finished.done));
  object.set("already_done", number(finished.already_done));
  object.set("failed", number(finished.failed));
  object.set("skipped", number(finished.skipped));
  object.set("cancelled", number(finished.cancelled));
  object.set("signal", Node::text(finished.signal == 0 ? "" : proc::signal_name(finished.signal)));
  object.set("timed_out", Node::boolean(finished.timed_out));
  object.set("cluster_lost", Node::boolean(finished.cluster_lost));
  object.set("lock_lost", Node::boolean(finished.lock_lost));
  object.set("retries", number(finished.retries));
  object.set("go_on", Node::text(finished.go_on));
  return object;
}

Node run_started_node(const RunStarted& started) {
  Node object = begin("run_started");
  object.set("run_id", Node::text(started.run_id));
  object.set("title", Node::text(started.plan == nullptr ? "" : started.plan->title));
  object.set("steps", number(started.plan == nullptr ? 0 : started.plan->steps.size()));
  object.set("log_directory", Node::text(started.log_directory));
  object.set("expected_ms", number(started.expected.count()));
  return object;
}

Node to_node(const RunStarted& e, const plan::Plan*) {
  return run_started_node(e);
}
Node to_node(const StepFailed& e, const plan::Plan*) {
  return failed_node(e.report);
}
Node to_node(const RunFinished& e, const plan::Plan*) {
  return finished_node(e);
}

Node to_node(const StepStarted& e, const plan::Plan* plan) {
  Node object = begin_step("step_started", e.step, plan);
  object.set("attempt", number(e.attempt));
  object.set("command", Node::text(e.command));
  return object;
}

Node to_node(const StepOutput& e, const plan::Plan* plan) {
  Node object = begin_step("step_output", e.step, plan);
  object.set("stream", Node::text(e.stream == proc::Stream::out ? "stdout" : "stderr"));
  object.set("text", Node::text(e.text));
  return object;
}

Node to_node(const StepFinished& e, const plan::Plan* plan) {
  Node object = begin_step("step_finished", e.step, plan);
  object.set("status", Node::text(std::string{to_name(e.status)}));
  object.set("elapsed_ms", number(e.elapsed.count()));
  if (!e.because.empty()) object.set("because", Node::text(e.because));
  return object;
}

Node to_node(const StepRetried& e, const plan::Plan* plan) {
  Node object = begin_step("step_retried", e.step, plan);
  object.set("attempt", number(e.attempt));
  object.set("reason", Node::text(e.reason));
  object.set("delay_ms", number(e.delay.count()));
  return object;
}

Node to_node(const StepWaiting& e, const plan::Plan* plan) {
  Node object = begin_step("step_waiting", e.step, plan);
  object.set("text", Node::text(e.text));
  return object;
}

Node to_node(const FindingSeen& e, const plan::Plan* plan) {
  Node object = begin_step("finding", e.step, plan);
  object.set("finding", domain::finding_node(e.finding));
  return object;
}

Node to_node(const Heartbeat& e, const plan::Plan*) {
  Node object = begin("heartbeat");
  object.set("elapsed_ms", number(e.elapsed.count()));
  object.set("running", ids(e.running));
  return object;
}

Node to_node(const Interrupting& e, const plan::Plan*) {
  Node object = begin("interrupting");
  object.set("signal", Node::text(proc::signal_name(e.signal)));
  object.set("second", Node::boolean(e.second));
  object.set("running", ids(e.running));
  return object;
}

Node to_node(const RunResumed& e, const plan::Plan*) {
  Node object = begin("run_resumed");
  object.set("paused_ms", number(e.paused.count()));
  return object;
}

}  // namespace

Node event_node(const Event& event, const plan::Plan* plan) {
  return std::visit([&](const auto& e) { return to_node(e, plan); }, event);
}

}  // namespace datamill::exec
