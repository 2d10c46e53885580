#pragma once

#include "datamill/support/source_ref.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace datamill::support {

struct Entry;

/// A tree of data with a place on every key and value. It knows nothing of YAML or JSON: readers make it
/// from files, the planner makes it for values and manifests, write_json() turns it into text.
///
/// Scalars keep their source text. `quoted` scalars are always strings; plain ones are null, boolean, integer,
/// float or string by the YAML 1.2 core schema (so `yes` and `010` are strings; MapReader reports both
/// where a boolean or a number is wanted).
struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, map };

  Kind kind = Kind::null;
  bool quoted = false;
  SourceRef at{};  ///< where the value starts
  std::string scalar{};
  std::vector<Node> items{};   ///< of a sequence
  std::vector<Entry> entries;  ///< of a map, in source order, keys unique; no {}: clang needs Entry complete for it

  /// A string that stays a string, whatever it looks like.
  [[nodiscard]] static Node text(std::string value);
  /// A plain scalar: "true", "3", "null" get their core-schema type.
  [[nodiscard]] static Node plain(std::string value);
  [[nodiscard]] static Node boolean(bool value);
  [[nodiscard]] static Node integer(long long value);
  [[nodiscard]] static Node sequence();
  [[nodiscard]] static Node sequence(std::vector<Node> items);
  [[nodiscard]] static Node map();
  [[nodiscard]] static Node map(std::vector<Entry> entries);

  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::sequence; }
  [[nodiscard]] bool is_map() const { return kind == Kind::map; }

  /// The value under `key` of a map; nullptr where there is none or this is no map.
  [[nodiscard]] const Node* find(std::string_view key) const;
  /// The value at a path of keys; nullptr where a part is missing.
  [[nodiscard]] const Node* find_path(std::initializer_list<std::string_view> keys) const;
  /// The scalar text at `key`, or "".
  [[nodiscard]] std::string_view text_at(std::string_view key) const;
  /// Sets (replaces or appends) `key` of a map; a null node becomes a map first.
  Node& set(std::string key, Node value);
};

struct Entry {
  std::string key{};
  SourceRef key_at{};
  Node value{};
};

/// Type of a plain scalar by the YAML 1.2 core schema.
enum class ScalarType : std::uint8_t { null, boolean, integer, floating, string };
[[nodiscard]] ScalarType scalar_type(const Node& scalar);

/// Equal data; places and quoting that does not change the type are ignored.
[[nodiscard]] bool same_data(const Node& a, const Node& b);

/// Compact JSON on one line, keys in their order. JSON is YAML, so helm and kubectl read it as both.
[[nodiscard]] std::string write_json(const Node& node);

/// Reads JSON (tool output, our own inventory). Places are not kept.
/// @throws Failure DM110 when `text` is not JSON; `what` names it in the message, `text` is never quoted.
[[nodiscard]] Node read_json(std::string_view text, std::string_view what);

}  // namespace datamill::support
