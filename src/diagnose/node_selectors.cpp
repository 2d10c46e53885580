#include "diagnose/node_selectors.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "diagnose/objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace datamill::diagnose {

using support::Node;

namespace {

const Node* label_node(const Node& node, std::string_view key) {
  return node.find_path({"metadata", "labels", key});
}

std::vector<std::string> values_of(const Node& expression) {
  std::vector<std::string> values;
  for (const auto& value : items_at(expression, {"values"}))
    values.push_back(value.scalar);
  return values;
}

bool is_among(const std::string& value, const std::vector<std::string>& values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// `value` is nullptr where the node has no such label.
bool holds(const Node& expression, const std::string* value) {
  const auto op = expression.text_at("operator");
  const auto values = values_of(expression);
  if (op == "In") return value != nullptr && is_among(*value, values);
  if (op == "NotIn") return value == nullptr || !is_among(*value, values);
  if (op == "Exists") return value != nullptr;
  if (op == "DoesNotExist") return value == nullptr;
  if (value == nullptr || values.empty()) return false;
  const auto own = support::parse_integer(*value);
  const auto other = support::parse_integer(values.front());
  if (!own || !other) return false;
  return op == "Gt" ? *own > *other : *own < *other;
}

std::string text_of(const Node& expression) {
  const auto key = expression.text_at("key");
  const auto op = expression.text_at("operator");
  const auto values = values_of(expression);
  const auto list = support::join(values, ", ");
  if (op == "Exists") return fmt::format("has {}", key);
  if (op == "DoesNotExist") return fmt::format("has no {}", key);
  if (op == "Gt" || op == "Lt") return fmt::format("{} {} {}", key, op == "Gt" ? ">" : "<", list);
  if (values.size() == 1) return fmt::format("{} {} {}", key, op == "In" ? "=" : "!=", list);
  return fmt::format("{} {} ({})", key, op == "In" ? "in" : "not in", list);
}

/// What of one term does not hold.
std::optional<std::string> unmet_in_term(const Node& term, const Node& node) {
  for (const auto& expression : items_at(term, {"matchExpressions"})) {
    const auto* label = label_node(node, expression.text_at("key"));
    if (!holds(expression, label == nullptr ? nullptr : &label->scalar)) return text_of(expression);
  }
  const auto name = name_of(node);
  for (const auto& expression : items_at(term, {"matchFields"})) {
    if (expression.text_at("key") == "metadata.name" && !holds(expression, &name)) return text_of(expression);
  }
  return std::nullopt;
}

bool tolerates(const Node& toleration, const Node& taint) {
  const auto effect = toleration.text_at("effect");
  if (!effect.empty() && effect != taint.text_at("effect")) return false;
  const auto key = toleration.text_at("key");
  if (toleration.text_at("operator") == "Exists") return key.empty() || key == taint.text_at("key");
  return key == taint.text_at("key") && toleration.text_at("value") == taint.text_at("value");
}

}  // namespace

std::optional<std::string> unmet(const Node& selector, const Node& node) {
  std::optional<std::string> first;
  for (const auto& term : items_at(selector, {"nodeSelectorTerms"})) {
    auto lacks = unmet_in_term(term, node);
    if (!lacks) return std::nullopt;
    if (!first) first = std::move(lacks);
  }
  return first;
}

std::optional<std::string> repelling_taint(const Node& pod, const Node& node) {
  const auto& tolerations = items_at(pod, {"spec", "tolerations"});
  for (const auto& taint : items_at(node, {"spec", "taints"})) {
    const auto effect = taint.text_at("effect");
    const auto key = taint.text_at("key");
    if (effect == "PreferNoSchedule" || key == "node.kubernetes.io/unschedulable") continue;
    if (std::any_of(tolerations.begin(), tolerations.end(), [&](const Node& t) { return tolerates(t, taint); }))
      continue;
    const auto value = taint.text_at("value");
    return value.empty() ? fmt::format("{}:{}", key, effect) : fmt::format("{}={}:{}", key, value, effect);
  }
  return std::nullopt;
}

}  // namespace datamill::diagnose
