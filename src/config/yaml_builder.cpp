#include "config/yaml_builder.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using support::Entry;
using support::Node;

namespace {

constexpr std::size_t kDeepest = 64;
// An alias copies its tree; nested aliases grow exponentially ("billion laughs").
constexpr std::size_t kMostExpanded = 100'000;
constexpr std::size_t kFewKeys = 12;
constexpr std::size_t kUsualKeys = 4;

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const auto& item : node.items)
    count += count_nodes(item);
  for (const auto& entry : node.entries)
    count += count_nodes(entry.value);
  return count;
}

Node make_scalar(const YamlProperties& properties, std::string text, bool plain) {
  const bool is_text = properties.tag == "!" || properties.tag == "tag:yaml.org,2002:str" ||
                       (!properties.tag.empty() && properties.tag.front() == '!');
  const bool is_plain = (plain && !is_text) || (!is_text && !properties.tag.empty());
  Node node = is_plain ? Node::plain(std::move(text)) : Node::text(std::move(text));
  node.at = properties.at;
  return node;
}

/// For every entry that repeats a key: its index and that of the first, in the order of the text.
std::vector<std::pair<std::size_t, std::size_t>> repeated(const std::vector<Entry>& entries) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  if (entries.size() <= kFewKeys) {
    for (std::size_t i = 1; i < entries.size(); ++i) {
      const auto end = entries.begin() + static_cast<std::ptrdiff_t>(i);
      const auto first = std::find_if(entries.begin(), end, [&](const Entry& e) { return e.key == entries[i].key; });
      if (first != end) out.emplace_back(i, first - entries.begin());
    }
    return out;
  }
  std::map<std::string_view, std::size_t> first;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto [known, added] = first.emplace(entries[i].key, i);
    if (!added) out.emplace_back(i, known->second);
  }
  return out;
}

}  // namespace

YamlBuilder::YamlBuilder(Documents documents, support::Diagnostics& diagnostics)
    : mode_(documents), diagnostics_(diagnostics) {}

void YamlBuilder::check_properties(const YamlProperties& properties) {
  if (mode_ == Documents::many) return;
  if (!properties.anchor.empty())
    diagnostics_.error("DM105", properties.at, fmt::format("anchors are not read: \"&{}\"", properties.anchor),
                       "write the value out at each place");
  if (!properties.tag.empty())
    diagnostics_.error("DM106", properties.at, fmt::format("tags are not read: \"{}\"", properties.tag),
                       "remove the tag; quotes make a value text");
}

void YamlBuilder::scalar(const YamlProperties& properties, std::string text, bool plain) {
  check_properties(properties);
  if (!stack_.empty() && stack_.back().node.is_map() && !stack_.back().has_key) {
    Node key = Node::text(std::move(text));
    key.at = properties.at;
    take_key(std::move(key), plain);
    return;
  }
  finish(make_scalar(properties, std::move(text), plain), properties.anchor);
}

void YamlBuilder::take_key(Node key, bool plain) {
  Frame& frame = stack_.back();
  frame.has_key = true;
  frame.key_use = plain && key.scalar == "<<" ? KeyUse::merge : KeyUse::keep;
  if (plain && key.scalar.empty()) {
    diagnostics_.error("DM101", key.at, "a key is missing before \":\"", "write the key, or quote the text");
    frame.key_use = KeyUse::drop;
  }
  if (frame.key_use == KeyUse::merge && mode_ == Documents::one)
    diagnostics_.error("DM104", key.at, "merge keys are not read: \"<<\"", "write the keys out at each place");
  frame.key = std::move(key.scalar);
  frame.key_at = key.at;
}

void YamlBuilder::alias(const std::string& name, const support::SourceRef& at) {
  if (mode_ == Documents::one) {
    diagnostics_.error("DM105", at, fmt::format("aliases are not read: \"*{}\"", name),
                       "write the value out, or quote text that starts with \"*\"");
    add({});
    return;
  }
  const auto found = anchors_.find(name);
  if (found == anchors_.end()) {
    diagnostics_.error("DM105", at, fmt::format("no anchor \"&{}\" stands before this alias", name),
                       "write the value out, or quote text that starts with \"*\"");
    add({});
    return;
  }
  expanded_ += found->second.size;
  if (expanded_ > kMostExpanded) {
    diagnostics_.error("DM105", at, fmt::format("aliases expand to more than {} values", kMostExpanded));
    add({});
    return;
  }
  add(found->second.node);
}

bool YamlBuilder::open(const YamlProperties& properties, Node::Kind kind) {
  if (stack_.size() >= kDeepest) {
    diagnostics_.error("DM107", properties.at, fmt::format("nested deeper than {} levels", kDeepest));
    return false;
  }
  check_properties(properties);
  const bool is_key = !stack_.empty() && stack_.back().node.is_map() && !stack_.back().has_key;
  if (is_key)
    diagnostics_.error("DM101", properties.at, "a key must be text, not a list or a map",
                       "quote text that starts with \"{\" or \"[\"");
  stack_.push_back({.node = kind == Node::Kind::map ? Node::map() : Node::sequence(), .anchor = properties.anchor});
  stack_.back().node.at = properties.at;
  stack_.back().is_key = is_key;
  if (kind == Node::Kind::map) stack_.back().node.entries.reserve(kUsualKeys);
  return true;
}

void YamlBuilder::close() {
  Frame frame = std::move(stack_.back());
  stack_.pop_back();
  if (frame.node.is_map()) report_duplicates(frame.node);
  for (const auto& merged : frame.merges) {
    for (const auto& entry : merged.entries) {
      if (frame.node.find(entry.key) == nullptr) frame.node.entries.push_back(entry);
    }
  }
  if (frame.is_key) {
    stack_.back().has_key = true;
    stack_.back().key_use = KeyUse::drop;
    return;
  }
  finish(std::move(frame.node), frame.anchor);
}

void YamlBuilder::report_duplicates(Node& map) {
  const auto pairs = repeated(map.entries);
  for (const auto& [again, first] : pairs) {
    const Entry& entry = map.entries[again];
    diagnostics_.error(
        "DM102", entry.key_at, fmt::format("key \"{}\" is given twice", entry.key),
        fmt::format("remove one of the two; the first is at {}", support::to_text(map.entries[first].key_at)));
  }
  for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair)
    map.entries.erase(map.entries.begin() + static_cast<std::ptrdiff_t>(pair->first));
}

void YamlBuilder::finish(Node node, const std::string& anchor) {
  if (mode_ == Documents::many && !anchor.empty()) anchors_[anchor] = {.node = node, .size = count_nodes(node)};
  add(std::move(node));
}

void YamlBuilder::add(Node node) {
  if (stack_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& frame = stack_.back();
  if (frame.node.is_sequence()) {
    frame.node.items.push_back(std::move(node));
    return;
  }
  if (!frame.has_key) {  // an alias as a key
    take_key(node.is_scalar() ? std::move(node) : Node::text("?"), false);
    return;
  }
  frame.has_key = false;
  switch (frame.key_use) {
  case KeyUse::keep:
    frame.node.entries.push_back({.key = std::move(frame.key), .key_at = frame.key_at, .value = std::move(node)});
    return;
  case KeyUse::merge: add_merge(frame, std::move(node)); return;
  case KeyUse::drop: return;
  }
}

void YamlBuilder::add_merge(Frame& frame, Node node) {
  if (mode_ == Documents::one) return;
  std::vector<Node> maps = node.is_sequence() ? std::move(node.items) : std::vector<Node>{std::move(node)};
  for (auto& map : maps) {
    if (!map.is_map()) diagnostics_.error("DM104", frame.key_at, "a merge key needs a map, or a list of maps");
    frame.merges.push_back(std::move(map));
  }
}

void YamlBuilder::end_document() {
  anchors_.clear();
  if (!root_ || root_->is_null()) {
    root_.reset();
    return;
  }
  if (mode_ == Documents::one && !documents_.empty() && !second_reported_) {
    diagnostics_.error("DM103", root_->at, "a second document starts here, one is wanted",
                       "remove the line \"---\" or put this part into a file of its own");
    second_reported_ = true;
  }
  documents_.push_back(std::move(*root_));
  root_.reset();
}

}  // namespace datamill::config
