#include "config/yaml_problem.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <array>

namespace datamill::config {

using support::Diagnostic;
using support::SourceRef;

namespace {

/// The line of `text` with the number `line`.
std::string_view line_of(std::string_view text, int line) {
  for (int skipped = 1; skipped < line; ++skipped) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

/// The byte at a place, or 0 behind the end of the line.
char char_at(std::string_view text, const SourceRef& at) {
  int column = 0;
  for (const char c : line_of(text, at.line)) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++column;
    if (column == at.column) return c;
  }
  return '\0';
}

Diagnostic error(const SourceRef& at, std::string message, std::string hint) {
  return {.code = "DM101", .message = std::move(message), .at = at, .hint = std::move(hint)};
}

Diagnostic bad_character(const SourceRef& at, char c) {
  if (c == '\t') return error(at, "a tab cannot indent YAML", "use spaces");
  return error(at, fmt::format("text cannot start with \"{}\"", c), "put the text between quotes");
}

/// A row fits where both parts occur in what the library says.
struct Explanation {
  std::string_view problem{};
  std::string_view context{};
  bool at_context = false;
  std::string_view message{};
  std::string_view hint{};
};

constexpr std::array<Explanation, 13> kExplanations{{
    {"unexpected end of stream", "quoted scalar", true, "this quote is never closed", "close it with the same quote"},
    {"unexpected document indicator", "quoted scalar", true, "this quote is never closed",
     "close it with the same quote"},
    {"unknown escape character", "", false, "this escape is not known",
     "write \\\\ for a backslash, or use single quotes"},
    {"mapping values are not allowed", "", false, "a second \": \" stands in one line",
     "put text that holds \": \" between quotes, or start a new line for the key"},
    {"could not find expected ':'", "", true, "this line is neither \"key: value\" nor part of the text above",
     "write a colon and a blank after the key, or indent the line"},
    {"did not find expected ',' or ']'", "", true, "this \"[\" is never closed, or an item in it ends too early",
     "put text that holds , [ ] { } or # between quotes"},
    {"did not find expected ',' or '}'", "", true, "this \"{\" is never closed, or a value in it ends too early",
     "put text that holds , [ ] { } or # between quotes"},
    {"did not find expected key", "", false, "this does not fit the lines above",
     "check the indentation and the quotes of this line and the one before"},
    {"did not find expected '-' indicator", "", false, "this line does not go on with the list above",
     "check the indentation, or start the line with \"- \""},
    {"block sequence entries are not allowed", "", false, "a list cannot start here",
     "start the list on a new line, or write [a, b]"},
    {"did not find expected node content", "", false, "a key or value is missing here", "write '' for empty text"},
    {"found a tab character", "", false, "a tab cannot indent YAML", "use spaces"},
    {"did not find expected <document start>", "", false, "this does not fit the lines above",
     "check the indentation and the quotes of this line and the one before"},
}};

}  // namespace

Diagnostic explain(const YamlProblem& problem, std::string_view text) {
  const char c = char_at(text, problem.at);
  if (c == '\t' || support::contains(problem.problem, "cannot start any token")) return bad_character(problem.at, c);
  for (const auto& row : kExplanations) {
    if (!support::contains(problem.problem, row.problem) || !support::contains(problem.context, row.context)) continue;
    const bool at_context = row.at_context && problem.context_at.line > 0 && !problem.context.empty();
    return error(at_context ? problem.context_at : problem.at, std::string(row.message), std::string(row.hint));
  }
  const std::string context = problem.context.empty() ? std::string() : " " + problem.context;
  return error(problem.at, fmt::format("this is no YAML: {}{}", problem.problem, context), {});
}

}  // namespace datamill::config
