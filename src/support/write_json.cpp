#include "datamill/support/node.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace datamill::support {

namespace {

/// One character of UTF-8 text; `valid` is false for a byte that is none.
struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i])); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80U) return {lead, 1, true};
  const std::size_t count = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
  if (lead < 0xC2U || lead > 0xF4U || at + count > text.size()) return {};
  std::uint32_t code = lead & (0xFFU >> (count + 1));
  for (std::size_t i = 1; i < count; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool overlong = (count == 3 && code < 0x800U) || (count == 4 && code < 0x10000U);
  const bool surrogate = code >= 0xD800U && code <= 0xDFFFU;
  if (overlong || surrogate || code > 0x10FFFFU) return {};
  return {code, count, true};
}

/// Characters that JSON allows raw but that YAML readers fold (line separators) or refuse.
bool needs_escape(std::uint32_t code) {
  return code < 0x20U || (code >= 0x7FU && code <= 0x9FU) || code == 0x2028U || code == 0x2029U || code == 0xFEFFU ||
         code == 0xFFFEU || code == 0xFFFFU;
}

void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (!character.valid) {
      out += "\xEF\xBF\xBD";
    } else if (character.code == '"' || character.code == '\\') {
      out += '\\';
      out += text[at];
    } else if (character.code == '\n') {
      out += "\\n";
    } else if (character.code == '\t') {
      out += "\\t";
    } else if (needs_escape(character.code)) {
      out += fmt::format("\\u{:04x}", character.code);
    } else {
      out += text.substr(at, character.bytes);
    }
    at += character.bytes;
  }
  out += '"';
}

std::string json_integer(std::string_view text) {
  const bool prefixed = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'o');
  if (!prefixed) return std::string(text.front() == '+' ? text.substr(1) : text);
  const auto digits = text.substr(2);
  std::uint64_t value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, text[1] == 'x' ? 16 : 8);
  // Beyond 64 bits there is no number that a reader would keep: the text stays text.
  if (result.ec != std::errc()) return fmt::format("\"{}\"", text);
  return std::to_string(value);
}

std::string json_float(std::string_view text) {
  const bool special = text.find_first_of("nN") != std::string_view::npos;
  if (special) return fmt::format("\"{}\"", text);
  std::string out;
  if (text.front() == '+' || text.front() == '-') {
    if (text.front() == '-') out += '-';
    text.remove_prefix(1);
  }
  if (text.front() == '.') out += '0';
  const auto point = text.find('.');
  const auto after = point == std::string_view::npos ? text.size() : point + 1;
  out += text.substr(0, after);
  const bool bare_point = point != std::string_view::npos && text.substr(after).find_first_of("0123456789") != 0;
  if (bare_point) out += '0';
  out += text.substr(after);
  return out;
}

void write_scalar(std::string& out, const Node& node) {
  switch (scalar_type(node)) {
  case ScalarType::null: out += "null"; return;
  case ScalarType::boolean: out += node.scalar.front() == 't' || node.scalar.front() == 'T' ? "true" : "false"; return;
  case ScalarType::integer: out += json_integer(node.scalar); return;
  case ScalarType::floating: out += json_float(node.scalar); return;
  case ScalarType::string: write_string(out, node.scalar); return;
  }
}

void write(std::string& out, const Node& node) {
  switch (node.kind) {
  case Node::Kind::null: out += "null"; return;
  case Node::Kind::scalar: write_scalar(out, node); return;
  case Node::Kind::sequence:
    out += '[';
    for (const auto& item : node.items) {
      if (&item != node.items.data()) out += ',';
      write(out, item);
    }
    out += ']';
    return;
  case Node::Kind::map:
    out += '{';
    for (const auto& entry : node.entries) {
      if (&entry != node.entries.data()) out += ',';
      write_string(out, entry.key);
      out += ':';
      write(out, entry.value);
    }
    out += '}';
    return;
  }
}

bool same_items(const Node& a, const Node& b) {
  if (a.items.size() != b.items.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same_data(a.items[i], b.items[i])) return false;
  }
  return true;
}

bool same_entries(const Node& a, const Node& b) {
  if (a.entries.size() != b.entries.size()) return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    const auto& entry = a.entries[i];
    const Node* other = b.entries[i].key == entry.key ? &b.entries[i].value : b.find(entry.key);
    if (other == nullptr || !same_data(entry.value, *other)) return false;
  }
  return true;
}

}  // namespace

std::string write_json(const Node& node) {
  std::string out;
  write(out, node);
  return out;
}

bool same_data(const Node& a, const Node& b) {
  const bool scalars = !a.is_sequence() && !a.is_map() && !b.is_sequence() && !b.is_map();
  if (scalars) return scalar_type(a) == scalar_type(b) && write_json(a) == write_json(b);
  if (a.kind != b.kind) return false;
  return a.is_map() ? same_entries(a, b) : same_items(a, b);
}

}  // namespace datamill::support
