#include "ui/diagnostics_text.hpp"

#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "datamill/ui/ui.hpp"
#include "ui/screen_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::ui {

namespace {

using support::Diagnostic;
using support::Node;
using support::Severity;

std::string_view severity_name(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

Paint severity_paint(Severity severity) {
  return severity == Severity::error ? Paint::bad : Paint::warning;
}

/// "error[DM201]" in the first line and the caret get the severity's colour, hints theirs.
std::string paint_line(const std::string& line, const Diagnostic& diagnostic, const Painter& paint) {
  constexpr std::string_view kHint = "  hint: ";
  constexpr std::string_view kMargin = "      | ";
  const auto color = severity_paint(diagnostic.severity);
  const auto tag = fmt::format("{}[{}]", severity_name(diagnostic.severity), diagnostic.code);
  if (const auto at = line.find(tag + ": "); at != std::string::npos) {
    return line.substr(0, at) + paint(color, tag) + paint(Paint::strong, line.substr(at + tag.size()));
  }
  if (line.starts_with(kHint)) return paint(Paint::hint, line);
  if (line.starts_with(kMargin)) {
    return std::string(kMargin) + paint(color, line.substr(kMargin.size()));
  }
  return line;
}

std::string one(const Diagnostic& diagnostic, const Painter& paint) {
  std::string text;
  for (const auto& line : support::split_lines(harmless_lines(support::render(diagnostic))))
    text += paint_line(line, diagnostic, paint) + "\n";
  return text;
}

std::string plural(std::size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string count_line(std::size_t errors, std::size_t warnings) {
  if (errors == 0) return plural(warnings, "warning") + "\n";
  if (warnings == 0) return plural(errors, "error") + "\n";
  return fmt::format("{}, {}\n", plural(errors, "error"), plural(warnings, "warning"));
}

Node text(std::string_view value) {
  return Node::text(harmless_lines(value));
}

Node to_node(const Diagnostic& diagnostic) {
  Node object = Node::map();
  object.set("severity", Node::text(std::string(severity_name(diagnostic.severity))));
  object.set("code", text(diagnostic.code));
  object.set("message", text(diagnostic.message));
  object.set("file", text(diagnostic.at.file.str()));
  object.set("line", Node::integer(diagnostic.at.line));
  object.set("column", Node::integer(diagnostic.at.column));
  object.set("excerpt", text(diagnostic.excerpt));
  object.set("hint", text(diagnostic.hint));
  Node notes = Node::sequence();
  for (const auto& note : diagnostic.notes)
    notes.items.push_back(text(note));
  object.set("notes", std::move(notes));
  return object;
}

}  // namespace

std::string diagnostics_text(const support::Diagnostics& diagnostics, const Painter& paint) {
  std::string warnings;
  std::string errors;
  const auto& items = diagnostics.items();
  for (const auto& item : items)
    (item.severity == Severity::error ? errors : warnings) += one(item, paint);
  std::string text = warnings + errors;
  if (items.size() < 2) return text;
  const auto count = std::count_if(items.begin(), items.end(),
                                   [](const Diagnostic& item) { return item.severity == Severity::error; });
  const auto error_count = static_cast<std::size_t>(count);
  return text + count_line(error_count, items.size() - error_count);
}

void print_diagnostics(const support::Diagnostics& diagnostics, const Terminal& terminal) {
  write_text(terminal, diagnostics_text(diagnostics, Painter{terminal.color}));
}

std::string diagnostics_json(const support::Diagnostics& diagnostics, int exit_code) {
  Node document = Node::map();
  document.set("v", Node::integer(1));
  document.set("type", Node::text("diagnostics"));
  document.set("exit_code", Node::integer(exit_code));
  Node list = Node::sequence();
  for (const auto& item : diagnostics.items())
    list.items.push_back(to_node(item));
  document.set("diagnostics", std::move(list));
  return support::write_json(document) + "\n";
}

}  // namespace datamill::ui
