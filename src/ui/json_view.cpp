#include "ui/view.hpp"

#include "datamill/support/node.hpp"
#include "ui/run_text.hpp"
#include "ui/screen_text.hpp"

namespace datamill::ui {

namespace {

using support::Node;

template <class Number>
Node number(Number value) {
  return Node::integer(static_cast<long long>(value));
}

/// Tool output may hold anything; JSON is UTF-8.
Node text(std::string_view value) {
  return Node::text(harmless_lines(value));
}

Node text_list(const std::vector<std::string>& lines) {
  Node list = Node::sequence();
  for (const auto& line : lines)
    list.items.push_back(text(line));
  return list;
}

Node id_list(const std::vector<plan::StepId>& steps) {
  Node list = Node::sequence();
  for (const auto step : steps)
    list.items.push_back(number(step));
  return list;
}

class JsonView final : public exec::EventSink {
public:
  explicit JsonView(ViewContext context) : context_(std::move(context)) {}

  void on(const exec::Event& event) override {
    state_.update(event, context_.now());
    std::visit([this](const auto& e) { show(e); }, event);
  }

private:
  [[nodiscard]] static Node begin(std::string type) {
    Node object = Node::map();
    object.set("v", Node::integer(1));
    object.set("type", Node::text(std::move(type)));
    return object;
  }

  [[nodiscard]] Node begin_step(std::string type, plan::StepId step) const {
    Node object = begin(std::move(type));
    object.set("step", number(step));
    object.set("title", text(state_.title(step)));
    object.set("component", text(state_.component(step)));
    return object;
  }

  void emit(const Node& object) { context_.write(support::write_json(object) + "\n"); }

  void show(const exec::RunStarted& e) {
    Node object = begin("run_started");
    object.set("run_id", text(e.run_id));
    object.set("title", text(e.plan == nullptr ? "" : e.plan->title));
    object.set("steps", number(state_.total()));
    object.set("log_directory", text(e.log_directory));
    emit(object);
  }

  void show(const exec::StepStarted& e) {
    Node object = begin_step("step_started", e.step);
    object.set("attempt", number(e.attempt));
    object.set("command", text(e.command));
    emit(object);
  }

  void show(const exec::StepOutput& e) {
    if (context_.verbosity < Verbosity::output) return;
    Node object = begin("step_output");
    object.set("step", number(e.step));
    object.set("stream", Node::text(e.stream == proc::Stream::out ? "stdout" : "stderr"));
    object.set("text", Node::text(harmless(e.text)));
    emit(object);
  }

  void show(const exec::StepFinished& e) {
    Node object = begin_step("step_finished", e.step);
    object.set("status", Node::text(std::string(exec::to_name(e.status))));
    object.set("elapsed_ms", number(e.elapsed.count()));
    emit(object);
  }

  void show(const exec::StepRetried& e) {
    Node object = begin_step("step_retried", e.step);
    object.set("attempt", number(e.attempt));
    object.set("reason", text(e.reason));
    object.set("delay_ms", number(e.delay.count()));
    emit(object);
  }

  void show(const exec::StepFailed& e) {
    const auto& report = e.report;
    Node object = begin("step_failed");
    object.set("step", number(report.step));
    object.set("title", text(report.title));
    object.set("component", text(report.component));
    object.set("command", text(report.command));
    object.set("outcome", text(report.outcome));
    object.set("last_lines", text_list(report.last_lines));
    object.set("cause", text(report.cause));
    object.set("hint", text(report.hint));
    object.set("log_file", text(report.log_file));
    object.set("skipped", text_list(report.skipped));
    emit(object);
  }

  void show(const exec::Heartbeat& e) {
    Node object = begin("heartbeat");
    object.set("elapsed_ms", number(e.elapsed.count()));
    object.set("running", id_list(e.running));
    emit(object);
  }

  void show(const exec::Interrupting& e) {
    Node object = begin("interrupting");
    object.set("signal", Node::text(signal_name(e.signal)));
    object.set("second", Node::boolean(e.second));
    object.set("running", id_list(e.running));
    emit(object);
  }

  void show(const exec::RunFinished& e) {
    Node object = begin("run_finished");
    object.set("ok", Node::boolean(succeeded(e)));
    object.set("elapsed_ms", number(e.elapsed.count()));
    object.set("done", number(e.done));
    object.set("already_done", number(e.already_done));
    object.set("failed", number(e.failed));
    object.set("skipped", number(e.skipped));
    object.set("cancelled", number(e.cancelled));
    object.set("signal", Node::text(e.signal == 0 ? "" : signal_name(e.signal)));
    object.set("timed_out", Node::boolean(e.timed_out));
    Node components = Node::sequence();
    for (const auto& [name, elapsed] : state_.component_times(e)) {
      Node& row = components.items.emplace_back(Node::map());
      row.set("name", text(name));
      row.set("elapsed_ms", number(elapsed.count()));
    }
    object.set("components", std::move(components));
    emit(object);
  }

  ViewContext context_;
  RunState state_{};
};

}  // namespace

std::unique_ptr<exec::EventSink> make_json_view(ViewContext context) {
  return std::make_unique<JsonView>(std::move(context));
}

}  // namespace datamill::ui
