#include "ui/view.hpp"

#include "datamill/support/node.hpp"
#include "ui/run_text.hpp"
#include "ui/screen_text.hpp"

#include <variant>

namespace datamill::ui {

namespace {

using support::Node;

/// Tool output may hold anything; JSON is UTF-8.
void make_harmless(Node& node) {
  if (node.is_scalar()) node.scalar = harmless_lines(node.scalar);
  for (auto& item : node.items)
    make_harmless(item);
  for (auto& entry : node.entries)
    make_harmless(entry.value);
}

/// The journal's objects, as they happen.
class JsonView final : public exec::EventSink {
public:
  explicit JsonView(ViewContext context) : context_(std::move(context)) {}

  void on(const exec::Event& event) override {
    state_.update(event, context_.now());
    if (std::holds_alternative<exec::StepOutput>(event) && context_.verbosity < Verbosity::output) return;
    Node object = exec::event_node(event, state_.plan());
    if (const auto* finished = std::get_if<exec::RunFinished>(&event)) add_times(*finished, object);
    make_harmless(object);
    context_.write(support::write_json(object) + "\n");
  }

private:
  void add_times(const exec::RunFinished& finished, Node& object) const {
    Node components = Node::sequence();
    for (const auto& outcome : state_.component_outcomes(finished)) {
      Node& row = components.items.emplace_back(Node::map());
      row.set("name", Node::text(outcome.name));
      row.set("status", Node::text(std::string(exec::to_name(outcome.status))));
      row.set("elapsed_ms", Node::integer(outcome.elapsed.count()));
      if (!outcome.because.empty()) row.set("because", Node::text(outcome.because));
    }
    object.set("components", std::move(components));
  }

  ViewContext context_;
  RunState state_{};
};

}  // namespace

std::unique_ptr<exec::EventSink> make_json_view(ViewContext context) {
  return std::make_unique<JsonView>(std::move(context));
}

}  // namespace datamill::ui
