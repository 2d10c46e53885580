#pragma once

#include <fmt/core.h>

#include <compare>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace datamill::command {

/// Names one key of a Kubernetes Secret. Plans hold only these; values exist only while a step runs.
struct SecretRef {
  std::string ns{};
  std::string secret{};
  std::string key{};
  friend auto operator<=>(const SecretRef&, const SecretRef&) = default;
};

/// Names a value that an earlier step's output gives: "revision:data-mill/lake".
struct OutputRef {
  std::string name{};
  friend auto operator<=>(const OutputRef&, const OutputRef&) = default;
};

/// How a SecretRef goes into the text around it.
enum class Encoding : unsigned char { json_string, base64, raw };

struct SecretPart {
  SecretRef ref{};
  Encoding encoding = Encoding::json_string;  ///< escaped for the inside of a JSON string, base64, or as it is
  friend bool operator==(const SecretPart&, const SecretPart&) = default;
};
struct OutputPart {
  OutputRef ref{};
  friend bool operator==(const OutputPart&, const OutputPart&) = default;
};

/// Text whose unknown parts are symbols until a step runs. Prints as "«secret ns/name.key»" and "«output x»", whatever
/// the encoding.
struct SymbolicText {
  using Part = std::variant<std::string, SecretPart, OutputPart>;
  std::vector<Part> parts{};

  SymbolicText() = default;
  explicit SymbolicText(std::string text) { parts.emplace_back(std::move(text)); }
  [[nodiscard]] bool symbolic() const;
  [[nodiscard]] std::string display() const;
  friend bool operator==(const SymbolicText&, const SymbolicText&) = default;
};

/// A secret's value: no printing, no formatting; wiped when destroyed, moved from or overwritten.
class Secret {
public:
  Secret() = default;
  explicit Secret(std::string value);
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();
  [[nodiscard]] const std::string& reveal() const { return value_; }

private:
  std::string value_{};
};

/// Overwrites a text's whole buffer with zeros (the compiler keeps this) and empties it.
void wipe(std::string& text) noexcept;

/// `text` escaped for the inside of a JSON string literal (RFC 8259), without the quotes.
[[nodiscard]] std::string json_escaped(std::string_view text);

/// Second net: scrubs every value it was told of from complete lines before they reach a view, the journal or a log.
/// A value is known plain, as base64 and escaped for JSON; of a value with several lines each line is known. Pieces
/// shorter than 6 characters are left alone, for they would hit ordinary words.
class Redactor {
public:
  void learn(const Secret& secret);
  /// The line with "«redacted»" in place of every known value.
  [[nodiscard]] std::string scrub(std::string_view line) const;

private:
  void add(std::string needle);
  std::vector<Secret> needles_{};  ///< longest first, each once
};

}  // namespace datamill::command

/// Formatting a Secret does not compile.
template <>
struct fmt::formatter<datamill::command::Secret> {
  formatter() = delete;
};
