// What `kubectl wait --for=` means (kubectl's source: pkg/cmd/wait).
#include "datamill/support/text.hpp"
#include "diagnose/objects.hpp"
#include "diagnose/readiness_parts.hpp"

#include <fmt/format.h>

#include <charconv>

namespace datamill::diagnose {

namespace {

using support::Node;
using Nodes = std::vector<const Node*>;

/// The condition holds for an older generation of the object only.
bool is_outdated(const Node& object, const Node& condition) {
  const auto generation = number_at(object, {"metadata", "generation"});
  auto observed = number_at(condition, {"observedGeneration"});
  if (!observed) observed = number_at(object, {"status", "observedGeneration"});
  return generation && observed && *observed < *generation;
}

Readiness named_condition(const Node& object, std::string_view wanted) {
  const auto equals = wanted.find('=');
  const auto name = wanted.substr(0, equals);
  const auto value = equals == std::string_view::npos ? std::string_view("True") : wanted.substr(equals + 1);
  for (const auto& condition : items_at(object, {"status", "conditions"})) {
    if (lower(condition.text_at("type")) != lower(name)) continue;
    if (is_outdated(object, condition)) return {.ready = false, .text = "is not seen by its controller yet"};
    const auto status = condition.text_at("status");
    if (lower(status) == lower(value)) return {.ready = true};
    const auto message = one_line(condition.text_at("message"));
    const auto reason = condition.text_at("reason");
    const auto& why = message.empty() ? std::string(reason) : message;
    return {.ready = false,
            .text =
                why.empty() ? fmt::format("{} is {}", name, status) : fmt::format("{} is {}: {}", name, status, why)};
  }
  return {.ready = false, .text = fmt::format("{} is not known yet", name)};
}

/// Reads kubectl's simple paths, left to right, over all values found so far.
class PathReader {
public:
  PathReader(const Node& object, std::string_view path) : found_{&object}, rest_(path) {}

  std::optional<Nodes> read() {
    while (!rest_.empty()) {
      const bool known = rest_.front() == '.' ? field() : rest_.front() == '[' && bracket();
      if (!known) return std::nullopt;
    }
    return found_;
  }

private:
  bool field() {
    rest_.remove_prefix(1);
    std::string name;
    while (!rest_.empty() && rest_.front() != '.' && rest_.front() != '[') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      name += rest_.front();
      rest_.remove_prefix(1);
    }
    if (name.find_first_of("*@$() ") != std::string::npos) return false;
    if (!name.empty()) descend(name);
    return !name.empty() || (!rest_.empty() && rest_.front() == '[');
  }

  void descend(std::string_view name) {
    Nodes next;
    for (const auto* node : found_) {
      if (const auto* value = node->find(name)) next.push_back(value);
    }
    found_ = std::move(next);
  }

  bool bracket() {
    const auto end = rest_.find(rest_.starts_with("[?(") ? ")]" : "]");
    if (end == std::string_view::npos) return false;
    const auto filter = rest_.starts_with("[?(");
    const auto inside = rest_.substr(filter ? 3 : 1, end - (filter ? 3 : 1));
    rest_.remove_prefix(end + (filter ? 2 : 1));
    if (filter) return select(inside);
    if (inside.size() > 2 && inside.front() == '\'' && inside.back() == '\'') {
      descend(inside.substr(1, inside.size() - 2));
      return true;
    }
    return index(inside);
  }

  bool index(std::string_view text) {
    std::size_t place = 0;
    const auto all = text == "*";
    const auto read = std::from_chars(text.data(), text.data() + text.size(), place);
    if (!all && (read.ec != std::errc{} || read.ptr != text.data() + text.size())) return false;
    Nodes next;
    for (const auto* node : found_) {
      for (std::size_t i = 0; i < node->items.size(); ++i) {
        if (all || i == place) next.push_back(&node->items[i]);
      }
    }
    found_ = std::move(next);
    return true;
  }

  /// @.type=="Ready"
  bool select(std::string_view filter) {
    const auto equals = filter.find("==");
    if (!filter.starts_with("@.") || equals == std::string_view::npos) return false;
    const auto key = support::trim(filter.substr(2, equals - 2));
    auto value = support::trim(filter.substr(equals + 2));
    if (key.find_first_of(".[") != std::string_view::npos || value.empty()) return false;
    const auto quote = value.front();
    if ((quote == '"' || quote == '\'') && value.size() > 1 && value.back() == quote)
      value = value.substr(1, value.size() - 2);
    Nodes next;
    for (const auto* node : found_) {
      for (const auto& item : node->items) {
        if (item.text_at(key) == value) next.push_back(&item);
      }
    }
    found_ = std::move(next);
    return true;
  }

  Nodes found_;
  std::string_view rest_;
};

Readiness path_value(const Node& object, std::string_view wanted) {
  const auto end = wanted.rfind('}');
  const auto closed = wanted.starts_with('{') && end != std::string_view::npos;
  const auto path = closed ? wanted.substr(0, end + 1) : wanted.substr(0, wanted.find('='));
  const auto rest = wanted.substr(path.size());
  const auto values = values_at(object, path);
  if (!values || (!rest.empty() && !rest.starts_with('='))) return {};
  const auto shown = closed ? path.substr(1, path.size() - 2) : path;
  if (rest.empty()) {
    if (!values->empty()) return {.ready = true};
    return {.ready = false, .text = fmt::format("{} is not set yet", shown)};
  }
  const auto value = rest.substr(1);
  if (values->empty()) return {.ready = false, .text = fmt::format("{} is not set yet", shown)};
  const auto* first = values->front();
  if (values->size() > 1 || (!first->is_scalar() && !first->is_null())) return {};  // kubectl: an error
  if (first->scalar == value) return {.ready = true};
  return {.ready = false, .text = fmt::format("{} is {}, not {}", shown, first->scalar, value)};
}

}  // namespace

std::optional<Nodes> values_at(const Node& object, std::string_view path) {
  if (path.starts_with('{')) {
    if (!path.ends_with('}')) return std::nullopt;
    path = path.substr(1, path.size() - 2);
  }
  if (path.starts_with('$')) path.remove_prefix(1);
  if (path.find_first_of("{}") != std::string_view::npos) return std::nullopt;
  return PathReader(object, path).read();
}

Readiness judge_condition(const Node& object, std::string_view condition) {
  constexpr std::string_view kCondition = "condition=";
  constexpr std::string_view kPath = "jsonpath=";
  if (condition.starts_with(kCondition)) return named_condition(object, condition.substr(kCondition.size()));
  if (condition.starts_with(kPath)) return path_value(object, condition.substr(kPath.size()));
  return {};
}

}  // namespace datamill::diagnose
