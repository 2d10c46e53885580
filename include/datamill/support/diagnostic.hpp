#pragma once

#include "datamill/support/exit_code.hpp"
#include "datamill/support/source_ref.hpp"

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::support {

enum class Severity : std::uint8_t { error, warning };

/// One problem in what the user gave us, rendered late and never with colour in the text.
struct Diagnostic {
  std::string code{};  ///< stable and greppable: "DM201"
  Severity severity = Severity::error;
  std::string message{};  ///< one sentence, no final dot, user text in double quotes
  SourceRef at{};
  std::string excerpt{};             ///< the offending source line; filled by attach_excerpts()
  std::string hint{};                ///< imperative: what to type or to change
  std::vector<std::string> notes{};  ///< context that the callers add: "while planning component \"x\""

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// Collects problems so that one run reports all of them. Functions that find an error add it here, go on
/// where they can, and return nullopt at their end.
class Diagnostics {
public:
  void add(Diagnostic diagnostic);
  /// Appends all of `others`.
  void take(Diagnostics others);
  void error(std::string_view code, const SourceRef& at, std::string message, std::string hint = {});
  void warning(std::string_view code, const SourceRef& at, std::string message, std::string hint = {});

  [[nodiscard]] bool has_errors() const;
  [[nodiscard]] const std::vector<Diagnostic>& items() const { return items_; }
  [[nodiscard]] std::vector<Diagnostic>& items() { return items_; }

private:
  std::vector<Diagnostic> items_{};
};

/// The only exception for causes a user can act on; caught once, in cli/main.cpp.
class Failure : public std::exception {
public:
  Failure(ExitCode exit_code, Diagnostics diagnostics);
  /// One diagnostic without a place.
  Failure(ExitCode exit_code, std::string_view code, std::string message, std::string hint = {});

  [[nodiscard]] ExitCode exit_code() const { return exit_code_; }
  [[nodiscard]] const Diagnostics& diagnostics() const { return diagnostics_; }
  [[nodiscard]] const char* what() const noexcept override;

private:
  ExitCode exit_code_;
  Diagnostics diagnostics_;
};

/// "file:line:col: error[DM201]: message", the excerpt with a caret, notes, hint; ends with a newline.
[[nodiscard]] std::string render(const Diagnostic& diagnostic);

}  // namespace datamill::support
