#pragma once

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::support {

/// The one way to read a map: typed, strict access by key. Every key that was not asked for is reported by
/// finish(), with a suggestion out of those that were. A wrong type is reported once, at the value.
///
/// Codes: DM120 unknown key, DM121 wrong type, DM122 missing key, DM123 bad value.
class MapReader {
public:
  /// `what` names the map in messages: "component \"mlflow\"". A null node reads as an empty map. The node must outlive
  /// the reader.
  MapReader(const Node& node, std::string what, Diagnostics& diagnostics);
  MapReader(const Node&& node, std::string what, Diagnostics& diagnostics) = delete;

  [[nodiscard]] bool has(std::string_view key);
  /// The raw value; nullptr where absent or null.
  [[nodiscard]] const Node* node(std::string_view key);
  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::string text_or(std::string_view key, std::string fallback);
  /// Reports DM122 where absent.
  [[nodiscard]] std::string required_text(std::string_view key);
  [[nodiscard]] std::optional<bool> boolean(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max);
  [[nodiscard]] std::optional<std::chrono::seconds> duration(std::string_view key);
  [[nodiscard]] std::optional<Mebibytes> mebibytes(std::string_view key);
  /// A sequence of scalars; one scalar counts as a list of one.
  [[nodiscard]] std::vector<std::string> text_list(std::string_view key);
  /// The items of a sequence, or none.
  [[nodiscard]] const std::vector<Node>& items(std::string_view key);
  /// The entries of a map, or none.
  [[nodiscard]] const std::vector<Entry>& entries(std::string_view key);
  /// The place of a key's value, or of the map.
  [[nodiscard]] SourceRef at(std::string_view key) const;
  [[nodiscard]] const std::string& what() const { return what_; }
  [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }

  /// Says that `key` is known and unused here.
  void ignore(std::string_view key);
  /// Reports every key that was not asked for (DM120).
  void finish();

private:
  [[nodiscard]] const Node* known(std::string_view key);
  void wrong_type(std::string_view key, const Node& value, std::string_view wanted);

  const Node& node_;
  std::string what_;
  Diagnostics& diagnostics_;
  std::vector<std::string> asked_{};
};

}  // namespace datamill::support
