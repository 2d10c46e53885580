#include "diagnose/objects.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::diagnose {

using support::Node;

namespace {

constexpr std::size_t kLongest = 600;  ///< of a message: the sentence of a scheduler on many nodes is longer

std::string_view entry_of(const Node& object, std::string_view map, std::string_view key) {
  const auto* found = object.find_path({"metadata", map, key});
  return found == nullptr ? std::string_view{} : std::string_view(found->scalar);
}

}  // namespace

std::string_view text_at(const Node& node, Path path) {
  const auto* found = node.find_path(path);
  return found == nullptr ? std::string_view{} : std::string_view(found->scalar);
}

const std::vector<Node>& items_at(const Node& node, Path path) {
  static const std::vector<Node> none{};
  const auto* found = node.find_path(path);
  return found == nullptr ? none : found->items;
}

std::optional<int> number_at(const Node& node, Path path) {
  const auto number = support::parse_integer(text_at(node, path));
  if (!number) return std::nullopt;
  return static_cast<int>(*number);
}

bool is_true(const Node& node, Path path) {
  return text_at(node, path) == "true";
}

std::string name_of(const Node& object) {
  return std::string(text_at(object, {"metadata", "name"}));
}

std::string namespace_of(const Node& object) {
  return std::string(text_at(object, {"metadata", "namespace"}));
}

bool is_owned_by(const Node& object, std::string_view kind) {
  const auto& owners = items_at(object, {"metadata", "ownerReferences"});
  return std::any_of(owners.begin(), owners.end(), [kind](const Node& owner) { return owner.text_at("kind") == kind; });
}

std::string_view annotation(const Node& object, std::string_view key) {
  return entry_of(object, "annotations", key);
}

std::string_view label(const Node& object, std::string_view key) {
  return entry_of(object, "labels", key);
}

domain::ObjectRef ref_of(const Node& object) {
  return {.api_version = std::string(object.text_at("apiVersion")),
          .kind = std::string(object.text_at("kind")),
          .ns = namespace_of(object),
          .name = name_of(object)};
}

bool is_being_deleted(const Node& object) {
  return !text_at(object, {"metadata", "deletionTimestamp"}).empty();
}

const Node* condition(const Node& object, std::string_view type) {
  const auto& conditions = items_at(object, {"status", "conditions"});
  const auto found = std::find_if(conditions.begin(), conditions.end(),
                                  [&](const Node& entry) { return entry.text_at("type") == type; });
  return found == conditions.end() ? nullptr : &*found;
}

bool condition_is(const Node& object, std::string_view type, std::string_view status) {
  const auto* found = condition(object, type);
  return found != nullptr && found->text_at("status") == status;
}

std::string kubectl_words(const domain::ObjectRef& object) {
  auto words = fmt::format("{} {}", lower(object.kind), object.name);
  return object.ns.empty() ? words : fmt::format("{} -n {}", words, object.ns);
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  return support::elide_middle(support::trim(line), kLongest);
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lowered;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return support::contains(text, part); });
}

std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const auto start = text.find(before);
  if (start == std::string_view::npos) return {};
  const auto rest = text.substr(start + before.size());
  const auto end = rest.find(after);
  return end == std::string_view::npos ? std::string{} : std::string(rest.substr(0, end));
}

}  // namespace datamill::diagnose
