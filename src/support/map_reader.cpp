#include "datamill/support/map_reader.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::support {

namespace {

std::string_view kind_name(const Node& node) {
  switch (node.kind) {
  case Node::Kind::null: return "nothing";
  case Node::Kind::sequence: return "a list";
  case Node::Kind::map: return "a map";
  case Node::Kind::scalar: break;
  }
  switch (scalar_type(node)) {
  case ScalarType::boolean: return "a boolean";
  case ScalarType::integer:
  case ScalarType::floating: return "a number";
  case ScalarType::null:
  case ScalarType::string: break;
  }
  return "text";
}

/// What is there instead, with the text itself where that helps.
std::string described(const Node& node) {
  if (!node.is_scalar()) return std::string(kind_name(node));
  return fmt::format("{} \"{}\"", kind_name(node), elide_middle(node.scalar, 60));
}

/// The boolean that YAML 1.1 would have read, for the hint.
std::string_view old_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 8> kYes{"yes", "Yes", "YES", "on", "On", "ON", "y", "Y"};
  constexpr std::array<std::string_view, 8> kNo{"no", "No", "NO", "off", "Off", "OFF", "n", "N"};
  if (std::find(kYes.begin(), kYes.end(), text) != kYes.end()) return "true";
  return std::find(kNo.begin(), kNo.end(), text) != kNo.end() ? "false" : "";
}

std::string boolean_hint(const Node& value) {
  if (value.is_scalar() && (value.scalar == "true" || value.scalar == "false")) return "remove the quotes";
  const auto meant = value.is_scalar() ? old_boolean(value.scalar) : std::string_view();
  return meant.empty() ? "write true or false" : fmt::format("write {}", meant);
}

std::string integer_hint(const Node& value) {
  if (!value.is_scalar()) return {};
  if (value.quoted && parse_integer(value.scalar)) return "remove the quotes";
  const auto first = value.scalar.find_first_not_of('0');
  if (first == 0 || first == std::string::npos || !parse_integer(value.scalar.substr(first))) return {};
  return fmt::format("write {}, without leading zeros", value.scalar.substr(first));
}

}  // namespace

MapReader::MapReader(const Node& node, std::string what, Diagnostics& diagnostics)
    : node_(node), what_(std::move(what)), diagnostics_(diagnostics) {
  if (node.is_map() || node.is_null()) return;
  diagnostics_.error("DM121", node.at, fmt::format("{} must be a map, not {}", what_, described(node)));
}

const Node* MapReader::known(std::string_view key) {
  asked_.emplace_back(key);
  const Node* value = node_.find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void MapReader::wrong_type(std::string_view key, const Node& value, std::string_view wanted) {
  diagnostics_.error("DM121", value.at,
                     fmt::format("\"{}\" of {} must be {}, not {}", key, what_, wanted, described(value)));
}

bool MapReader::has(std::string_view key) {
  return known(key) != nullptr;
}

const Node* MapReader::node(std::string_view key) {
  return known(key);
}

std::optional<std::string> MapReader::text(std::string_view key) {
  const Node* value = known(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_scalar()) return value->scalar;
  wrong_type(key, *value, "text");
  return std::nullopt;
}

std::string MapReader::text_or(std::string_view key, std::string fallback) {
  auto value = text(key);
  return value ? std::move(*value) : std::move(fallback);
}

std::string MapReader::required_text(std::string_view key) {
  const Node* value = known(key);
  if (value != nullptr) return text_or(key, {});
  // A scalar in place of the map has been reported already.
  if (node_.is_map() || node_.is_null())
    diagnostics_.error("DM122", at(key), fmt::format("{} needs \"{}\"", what_, key));
  return {};
}

std::optional<bool> MapReader::boolean(std::string_view key) {
  const Node* value = known(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_scalar() && scalar_type(*value) == ScalarType::boolean)
    return value->scalar.front() == 't' || value->scalar.front() == 'T';
  wrong_type(key, *value, "true or false");
  diagnostics_.items().back().hint = boolean_hint(*value);
  return std::nullopt;
}

std::optional<std::int64_t> MapReader::integer(std::string_view key, std::int64_t min, std::int64_t max) {
  const Node* value = known(key);
  if (value == nullptr) return std::nullopt;
  const auto number = value->is_scalar() && !value->quoted ? parse_integer(value->scalar) : std::nullopt;
  if (!number) {
    wrong_type(key, *value, "a whole number");
    diagnostics_.items().back().hint = integer_hint(*value);
    return std::nullopt;
  }
  if (*number >= min && *number <= max) return number;
  diagnostics_.error("DM123", value->at,
                     fmt::format("\"{}\" of {} must be between {} and {}, not {}", key, what_, min, max, *number));
  return std::nullopt;
}

std::optional<std::chrono::seconds> MapReader::duration(std::string_view key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto parsed = parse_duration(*value);
  if (parsed) return parsed;
  const std::string hint =
      parse_integer(*value) ? fmt::format("write the unit: {}s", *value) : "write for example 90s, 10m or 1h30m";
  diagnostics_.error("DM123", at(key), fmt::format("\"{}\" of {} is no duration: \"{}\"", key, what_, *value), hint);
  return std::nullopt;
}

std::optional<Mebibytes> MapReader::mebibytes(std::string_view key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto parsed = parse_mebibytes(*value);
  if (parsed) return parsed;
  diagnostics_.error("DM123", at(key), fmt::format("\"{}\" of {} is no size: \"{}\"", key, what_, *value),
                     "write for example 16Gi, 60G or 512Mi; a plain number is MiB");
  return std::nullopt;
}

std::vector<std::string> MapReader::text_list(std::string_view key) {
  const Node* value = known(key);
  if (value == nullptr) return {};
  if (value->is_scalar()) return {value->scalar};
  std::vector<std::string> texts;
  for (const auto& item : items(key)) {
    if (item.is_scalar())
      texts.push_back(item.scalar);
    else
      diagnostics_.error("DM121", item.at,
                         fmt::format("an item of \"{}\" of {} must be text, not {}", key, what_, described(item)));
  }
  return texts;
}

const std::vector<Node>& MapReader::items(std::string_view key) {
  static const std::vector<Node> none;
  const Node* value = known(key);
  if (value == nullptr) return none;
  if (!value->is_sequence()) wrong_type(key, *value, "a list");
  return value->items;
}

const std::vector<Entry>& MapReader::entries(std::string_view key) {
  static const std::vector<Entry> none;
  const Node* value = known(key);
  if (value == nullptr) return none;
  if (!value->is_map()) wrong_type(key, *value, "a map");
  return value->entries;
}

SourceRef MapReader::at(std::string_view key) const {
  for (const auto& entry : node_.entries) {
    if (entry.key == key) return entry.value.is_null() ? entry.key_at : entry.value.at;
  }
  return node_.at;
}

void MapReader::ignore(std::string_view key) {
  asked_.emplace_back(key);
}

void MapReader::finish() {
  const auto asked = [&](const std::string& key) {
    return std::find(asked_.begin(), asked_.end(), key) != asked_.end();
  };
  if (std::all_of(node_.entries.begin(), node_.entries.end(), [&](const Entry& e) { return asked(e.key); })) return;
  std::sort(asked_.begin(), asked_.end());
  asked_.erase(std::unique(asked_.begin(), asked_.end()), asked_.end());
  for (const auto& entry : node_.entries) {
    if (asked(entry.key)) continue;
    std::string hint = did_you_mean(entry.key, asked_);
    if (hint.empty() && !asked_.empty() && asked_.size() <= 12)
      hint = fmt::format("known keys: {}", join(asked_, ", "));
    diagnostics_.error("DM120", entry.key_at, fmt::format("unknown key \"{}\" in {}", entry.key, what_), hint);
  }
}

}  // namespace datamill::support
