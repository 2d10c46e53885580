#include "datamill/support/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace datamill::support {

namespace {

constexpr std::size_t kExcerptWidth = 160;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Control characters of user text must not reach the terminal.
std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool keep = byte >= 0x20U ? byte != 0x7FU : (c == '\n' || c == '\t');
    out += keep ? c : '?';
  }
  return out;
}

/// The line cut to a readable width around the marked character, and the position of that character in it.
struct Excerpt {
  std::string text{};
  std::size_t column = 0;  ///< 0-based, in characters
};

Excerpt cut(std::string_view line, int column) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!is_continuation(line[i])) starts.push_back(i);
  }
  const std::size_t mark = std::min(starts.size(), static_cast<std::size_t>(std::max(column, 1) - 1));
  if (starts.size() <= kExcerptWidth) return {printable(line), mark};
  const std::size_t first = std::min(mark < kExcerptWidth / 2 ? 0 : mark - kExcerptWidth / 2, starts.size() - 1);
  const std::size_t last = std::min(first + kExcerptWidth, starts.size());
  const std::size_t end = last == starts.size() ? line.size() : starts[last];
  Excerpt out{printable(line.substr(starts[first], end - starts[first])), mark - first};
  if (first > 0) {
    out.text.insert(0, "...");
    out.column += 3;
  }
  if (end < line.size()) out.text += "...";
  return out;
}

/// Blanks up to the marked character; tabs stay tabs, so that the caret stands right whatever their width.
std::string padding(const Excerpt& excerpt) {
  std::string pad;
  std::size_t characters = 0;
  for (const char c : excerpt.text) {
    if (is_continuation(c)) continue;
    if (characters++ == excerpt.column) break;
    pad += c == '\t' ? '\t' : ' ';
  }
  pad.append(excerpt.column > pad.size() ? excerpt.column - pad.size() : 0, ' ');
  return pad;
}

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  items_.push_back(std::move(diagnostic));
}

void Diagnostics::take(Diagnostics others) {
  std::move(others.items_.begin(), others.items_.end(), std::back_inserter(items_));
}

void Diagnostics::error(std::string_view code, const SourceRef& at, std::string message, std::string hint) {
  add({.code = std::string(code),
       .severity = Severity::error,
       .message = std::move(message),
       .at = at,
       .hint = std::move(hint)});
}

void Diagnostics::warning(std::string_view code, const SourceRef& at, std::string message, std::string hint) {
  add({.code = std::string(code),
       .severity = Severity::warning,
       .message = std::move(message),
       .at = at,
       .hint = std::move(hint)});
}

bool Diagnostics::has_errors() const {
  return std::any_of(items_.begin(), items_.end(), [](const Diagnostic& d) { return d.severity == Severity::error; });
}

Failure::Failure(ExitCode exit_code, Diagnostics diagnostics)
    : exit_code_(exit_code), diagnostics_(std::move(diagnostics)) {}

Failure::Failure(ExitCode exit_code, std::string_view code, std::string message, std::string hint)
    : exit_code_(exit_code) {
  diagnostics_.error(code, {}, std::move(message), std::move(hint));
}

const char* Failure::what() const noexcept {
  const auto& items = diagnostics_.items();
  const auto first =
      std::find_if(items.begin(), items.end(), [](const Diagnostic& d) { return d.severity == Severity::error; });
  return first == items.end() ? "failed" : first->message.c_str();
}

std::string render(const Diagnostic& diagnostic) {
  std::string out = to_text(diagnostic.at);
  if (!out.empty()) out += ": ";
  const std::string_view severity = diagnostic.severity == Severity::error ? "error" : "warning";
  out += fmt::format("{}[{}]: {}\n", severity, diagnostic.code, printable(diagnostic.message));
  if (!diagnostic.excerpt.empty()) {
    const Excerpt excerpt = cut(diagnostic.excerpt, diagnostic.at.column);
    out += fmt::format("{:>5} | {}\n", diagnostic.at.line, excerpt.text);
    out += fmt::format("      | {}^\n", padding(excerpt));
  }
  for (const auto& note : diagnostic.notes)
    out += fmt::format("  note: {}\n", printable(note));
  if (!diagnostic.hint.empty()) out += fmt::format("  hint: {}\n", printable(diagnostic.hint));
  return out;
}

}  // namespace datamill::support
