#include "datamill/support/node.hpp"

#include <algorithm>
#include <array>

namespace datamill::support {

namespace {

constexpr std::array<std::string_view, 5> kNulls{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kTrue{"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse{"false", "False", "FALSE"};
constexpr std::array<std::string_view, 3> kInfinity{".inf", ".Inf", ".INF"};
constexpr std::array<std::string_view, 3> kNan{".nan", ".NaN", ".NAN"};

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_octal_digit(char c) {
  return c >= '0' && c <= '7';
}
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text;
}

bool is_integer(std::string_view text) {
  const auto prefix = text.substr(0, 2);
  const auto rest = text.substr(prefix.size());
  if (prefix == "0x") return !rest.empty() && std::all_of(rest.begin(), rest.end(), is_hex_digit);
  if (prefix == "0o") return !rest.empty() && std::all_of(rest.begin(), rest.end(), is_octal_digit);
  const auto digits = without_sign(text);
  if (digits.empty() || count_digits(digits) != digits.size()) return false;
  return digits.size() == 1 || digits.front() != '0';
}

bool is_float(std::string_view text) {
  if (is_one_of(text, kNan)) return true;
  text = without_sign(text);
  if (is_one_of(text, kInfinity)) return true;
  const std::size_t whole = count_digits(text);
  if (whole > 1 && text.front() == '0') return false;
  text.remove_prefix(whole);
  std::size_t fraction = 0;
  if (!text.empty() && text.front() == '.') {
    fraction = count_digits(text.substr(1));
    text.remove_prefix(1 + fraction);
  }
  if (whole + fraction == 0) return false;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  const auto exponent = without_sign(text.substr(1));
  return !exponent.empty() && count_digits(exponent) == exponent.size();
}

}  // namespace

Node Node::text(std::string value) {
  Node node;
  node.kind = Kind::scalar;
  node.quoted = true;
  node.scalar = std::move(value);
  return node;
}

Node Node::plain(std::string value) {
  Node node;
  if (is_one_of(value, kNulls)) return node;
  node.kind = Kind::scalar;
  node.scalar = std::move(value);
  return node;
}

Node Node::boolean(bool value) {
  return plain(value ? "true" : "false");
}

Node Node::integer(long long value) {
  return plain(std::to_string(value));
}

// Not default arguments: clang would need Entry complete inside the class.
Node Node::sequence() {
  return sequence(std::vector<Node>());
}

Node Node::sequence(std::vector<Node> items) {
  Node node;
  node.kind = Kind::sequence;
  node.items = std::move(items);
  return node;
}

Node Node::map() {
  return map(std::vector<Entry>());
}

Node Node::map(std::vector<Entry> entries) {
  Node node;
  node.kind = Kind::map;
  node.entries = std::move(entries);
  return node;
}

const Node* Node::find(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

const Node* Node::find_path(std::initializer_list<std::string_view> keys) const {
  const Node* node = this;
  for (const auto key : keys) {
    if (node == nullptr) return nullptr;
    node = node->find(key);
  }
  return node;
}

std::string_view Node::text_at(std::string_view key) const {
  const Node* value = find(key);
  return value != nullptr && value->is_scalar() ? std::string_view(value->scalar) : std::string_view();
}

Node& Node::set(std::string key, Node value) {
  if (is_null()) kind = Kind::map;
  for (auto& entry : entries) {
    if (entry.key != key) continue;
    entry.value = std::move(value);
    return entry.value;
  }
  entries.push_back({.key = std::move(key), .key_at = value.at, .value = std::move(value)});
  return entries.back().value;
}

ScalarType scalar_type(const Node& scalar) {
  if (scalar.is_null()) return ScalarType::null;
  if (scalar.quoted) return ScalarType::string;
  const std::string_view text = scalar.scalar;
  if (is_one_of(text, kNulls)) return ScalarType::null;
  if (is_one_of(text, kTrue) || is_one_of(text, kFalse)) return ScalarType::boolean;
  if (is_integer(text)) return ScalarType::integer;
  return is_float(text) ? ScalarType::floating : ScalarType::string;
}

}  // namespace datamill::support
