#include "datamill/planner/references.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::planner {

using command::OutputRef;
using command::SecretRef;
using command::SymbolicText;
using support::Diagnostics;
using support::Node;
using support::SourceRef;

namespace {

// Private-use characters: they have no meaning of their own, JSON does not escape them, and no configuration file holds
// them.
constexpr std::string_view kOpen = "\xEE\x80\x80";       // U+E000
constexpr std::string_view kClose = "\xEE\x80\x81";      // U+E001
constexpr std::string_view kSeparator = "\xEE\x80\x82";  // U+E002

SymbolicText::Part parse_mark(std::string_view inside) {
  std::vector<std::string> fields;
  std::size_t from = 0;
  for (auto at = inside.find(kSeparator); at != std::string_view::npos; at = inside.find(kSeparator, from)) {
    fields.emplace_back(inside.substr(from, at - from));
    from = at + kSeparator.size();
  }
  fields.emplace_back(inside.substr(from));
  if (fields.size() == 4 && fields[0] == "secret") {
    return command::SecretPart{.ref = {.ns = fields[1], .secret = fields[2], .key = fields[3]}};
  }
  if (fields.size() == 2 && fields[0] == "output") return command::OutputPart{.ref = {.name = fields[1]}};
  return std::string(inside);
}

/// One `${name}` found in a text.
struct Reference {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< one past the closing brace
  std::string_view name{};
};

std::optional<Reference> next_reference(std::string_view text, std::size_t from) {
  for (auto at = text.find("${", from); at != std::string_view::npos; at = text.find("${", at + 2)) {
    if (at > 0 && text[at - 1] == '$') continue;  // $${ is a literal
    const auto close = text.find('}', at);
    if (close == std::string_view::npos) return Reference{.begin = at, .end = std::string_view::npos};
    return Reference{.begin = at, .end = close + 1, .name = text.substr(at + 2, close - at - 2)};
  }
  return std::nullopt;
}

Node unknown_reference(std::string_view name, const SourceRef& at, const Scope& scope, Diagnostics& diagnostics) {
  if (const auto why = scope.why_absent(name); !why.empty()) {
    diagnostics.error("DM311", at, fmt::format("\"${{{}}}\" has no value: {}", name, why),
                      "put the part that needs it under `when:`, or add what provides it to the flavour");
  } else {
    auto hint = support::did_you_mean(std::string(name), scope.names());
    if (hint.empty()) hint = "write $${ for a literal ${";
    diagnostics.error("DM310", at, fmt::format("unknown reference \"${{{}}}\"", name), hint);
  }
  return Node::text("");
}

Node look_up(std::string_view name, const SourceRef& at, const Scope& scope, Diagnostics& diagnostics) {
  if (const auto secret = scope.find_secret(name)) return Node::text(mark(*secret));
  if (const auto* value = scope.find(name)) return *value;
  return unknown_reference(name, at, scope, diagnostics);
}

bool is_conditional(const Node& node) {
  return node.is_map() && node.entries.size() == 2 && node.find("when") != nullptr && node.find("value") != nullptr;
}

}  // namespace

void Scope::set(std::string name, Node value) {
  values_.insert_or_assign(std::move(name), std::move(value));
}

void Scope::set_absent(std::string prefix, std::string why) {
  absent_.insert_or_assign(std::move(prefix), std::move(why));
}

void Scope::set_secrets(std::string ns, std::map<std::string, std::vector<std::string>> secrets) {
  secret_ns_ = std::move(ns);
  secrets_ = std::move(secrets);
}

const Node* Scope::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::string Scope::why_absent(std::string_view name) const {
  const auto dot = name.find('.');
  const auto found = absent_.find(name.substr(0, dot));
  return found == absent_.end() ? std::string{} : found->second;
}

std::optional<SecretRef> Scope::find_secret(std::string_view name) const {
  constexpr std::string_view kPrefix = "secret.";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  const auto rest = name.substr(kPrefix.size());
  const auto dot = rest.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto found = secrets_.find(std::string(rest.substr(0, dot)));
  if (found == secrets_.end()) return std::nullopt;
  const auto key = std::string(rest.substr(dot + 1));
  if (std::find(found->second.begin(), found->second.end(), key) == found->second.end()) return std::nullopt;
  return SecretRef{.ns = secret_ns_, .secret = found->first, .key = key};
}

std::vector<std::string> Scope::names() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : values_)
    names.push_back(name);
  for (const auto& [secret, keys] : secrets_) {
    for (const auto& key : keys)
      names.push_back(fmt::format("secret.{}.{}", secret, key));
  }
  return names;
}

std::string substitute_text(std::string_view text, const SourceRef& at, const Scope& scope, Diagnostics& diagnostics) {
  std::string out;
  std::size_t from = 0;
  while (const auto reference = next_reference(text, from)) {
    out += support::replace_all(std::string(text.substr(from, reference->begin - from)), "$${", "${");
    if (reference->end == std::string_view::npos) {
      diagnostics.error("DM312", at, fmt::format("\"{}\" has a \"${{\" that is never closed", text),
                        "close it with \"}\", or write $${ for a literal ${");
      return out;
    }
    const auto value = look_up(reference->name, at, scope, diagnostics);
    if (value.is_map() || value.is_sequence()) {
      diagnostics.error("DM313", at,
                        fmt::format("\"${{{}}}\" is a list or a map and cannot stand inside a text", reference->name),
                        "let the reference be the whole value");
    }
    out += value.scalar;
    from = reference->end;
  }
  return out + support::replace_all(std::string(text.substr(from)), "$${", "${");
}

Node substitute(const Node& node, const Scope& scope, const ConditionTest& holds, Diagnostics& diagnostics) {
  Node out = node;
  if (node.is_scalar()) {
    const auto reference = next_reference(node.scalar, 0);
    if (reference && reference->begin == 0 && reference->end == node.scalar.size()) {
      out = look_up(reference->name, node.at, scope, diagnostics);
      out.at = node.at;
    } else if (support::contains(node.scalar, "${")) {
      out.scalar = substitute_text(node.scalar, node.at, scope, diagnostics);
      out.quoted = true;
    }
    return out;
  }
  out.items.clear();
  out.entries.clear();
  for (const auto& item : node.items) {
    if (is_conditional(item)) {
      if (holds(*item.find("when"))) out.items.push_back(substitute(*item.find("value"), scope, holds, diagnostics));
    } else {
      out.items.push_back(substitute(item, scope, holds, diagnostics));
    }
  }
  for (const auto& entry : node.entries) {
    if (is_conditional(entry.value) && !holds(*entry.value.find("when"))) continue;
    const auto& value = is_conditional(entry.value) ? *entry.value.find("value") : entry.value;
    const auto key = substitute_text(entry.key, entry.key_at, scope, diagnostics);
    out.entries.push_back({.key = key, .key_at = entry.key_at, .value = substitute(value, scope, holds, diagnostics)});
  }
  return out;
}

std::string mark(const SecretRef& ref) {
  return fmt::format("{0}secret{1}{2}{1}{3}{1}{4}{5}", kOpen, kSeparator, ref.ns, ref.secret, ref.key, kClose);
}

std::string mark(const OutputRef& ref) {
  return fmt::format("{}output{}{}{}", kOpen, kSeparator, ref.name, kClose);
}

SymbolicText to_symbolic(std::string_view text) {
  SymbolicText result;
  std::size_t from = 0;
  while (true) {
    const auto open = text.find(kOpen, from);
    const auto close = open == std::string_view::npos ? open : text.find(kClose, open);
    if (close == std::string_view::npos) break;
    if (open > from) result.parts.emplace_back(std::string(text.substr(from, open - from)));
    result.parts.push_back(parse_mark(text.substr(open + kOpen.size(), close - open - kOpen.size())));
    from = close + kClose.size();
  }
  if (from < text.size() || result.parts.empty()) result.parts.emplace_back(std::string(text.substr(from)));
  return result;
}

}  // namespace datamill::planner
