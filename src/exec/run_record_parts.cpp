#include "exec/run_record_parts.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

namespace datamill::exec {

using support::Node;

namespace {

/// More steps than any plan has; a torn number must not take the memory.
constexpr long long kMostSteps = 1'000'000;

domain::ObjectRef object_of(const Node& node) {
  return {.kind = text_of(node, "kind"), .ns = text_of(node, "namespace"), .name = text_of(node, "name")};
}

domain::NodeShortfall shortfall_of(const Node& node) {
  domain::NodeShortfall shortfall{.node = text_of(node, "node")};
  for (const auto& lack : items_of(node, "lacks"))
    shortfall.lacks.emplace_back(text_of(lack, "what"), text_of(lack, "text"));
  return shortfall;
}

}  // namespace

std::string text_of(const Node& node, std::string_view key) {
  const auto* value = node.find(key);
  return value == nullptr || !value->is_scalar() ? std::string{} : value->scalar;
}

std::optional<long long> number_of(const Node& node, std::string_view key) {
  const auto number = support::parse_integer(text_of(node, key));
  return number ? std::optional<long long>(*number) : std::nullopt;
}

bool flag_of(const Node& node, std::string_view key) {
  return text_of(node, key) == "true";
}

const std::vector<Node>& items_of(const Node& node, std::string_view key) {
  static const std::vector<Node> none;
  const auto* value = node.find(key);
  return value == nullptr ? none : value->items;
}

std::vector<std::string> texts_of(const Node& node, std::string_view key) {
  std::vector<std::string> texts;
  for (const auto& item : items_of(node, key)) {
    if (item.is_scalar()) texts.push_back(item.scalar);
  }
  return texts;
}

std::vector<plan::StepId> step_ids_of(const Node& node, std::string_view key) {
  std::vector<plan::StepId> ids;
  for (const auto& text : texts_of(node, key)) {
    const auto number = support::parse_integer(text);
    if (number && *number >= 0 && *number < kMostSteps) ids.push_back(static_cast<plan::StepId>(*number));
  }
  return ids;
}

std::optional<Node> object_in(std::string_view text) {
  try {
    auto node = support::read_json(text, "the journal");
    if (node.is_map()) return node;
  } catch (const support::Failure&) {
    return std::nullopt;
  }
  return std::nullopt;
}

domain::Finding finding_of(const Node& node) {
  domain::Finding finding{.code = text_of(node, "code"),
                          .name = text_of(node, "name"),
                          .hopeless = flag_of(node, "hopeless"),
                          .container = text_of(node, "container"),
                          .reason = text_of(node, "reason"),
                          .message = text_of(node, "message"),
                          .last_log = texts_of(node, "last_log"),
                          .event = text_of(node, "event"),
                          .cause = text_of(node, "cause"),
                          .next = text_of(node, "next")};
  for (const auto& object : items_of(node, "chain"))
    finding.chain.push_back(object_of(object));
  for (const auto& shortfall : items_of(node, "nodes"))
    finding.nodes.push_back(shortfall_of(shortfall));
  if (const auto code = number_of(node, "exit_code")) finding.exit_code = static_cast<int>(*code);
  return finding;
}

FailureReport failure_of(const Node& event) {
  FailureReport report{.title = text_of(event, "title"),
                       .component = text_of(event, "component"),
                       .command = text_of(event, "command"),
                       .outcome = text_of(event, "outcome"),
                       .timed_out = flag_of(event, "timed_out"),
                       .last_lines = texts_of(event, "last_lines"),
                       .code = text_of(event, "code"),
                       .name = text_of(event, "name"),
                       .cause = text_of(event, "cause"),
                       .hint = text_of(event, "hint"),
                       .log_file = text_of(event, "log_file"),
                       .skipped = texts_of(event, "skipped")};
  for (const auto& finding : items_of(event, "findings"))
    report.findings.push_back(finding_of(finding));
  return report;
}

StepRecord* step_in(RunRecord& record, std::optional<long long> id) {
  if (!id || *id < 0 || *id >= kMostSteps) return nullptr;
  const auto index = static_cast<std::size_t>(*id);
  while (record.steps.size() <= index)
    record.steps.push_back({.id = record.steps.size()});
  return &record.steps[index];
}

}  // namespace datamill::exec
