#include "rules.hpp"

#include <algorithm>

namespace datamill::architecture {

namespace {

/// Index behind the literal that starts with a quote at `at`.
std::size_t skip_literal(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == quote || text[i] == '\n')
      return i + 1;
  }
  return text.size();
}

/// Index behind the raw string whose `R` stands before the quote at `at`.
std::size_t skip_raw(std::string_view text, std::size_t at) {
  const auto open = text.find('(', at);
  if (open == std::string_view::npos) return text.size();
  const auto end_mark = ")" + std::string(text.substr(at + 1, open - at - 1)) + "\"";
  const auto end = text.find(end_mark, open);
  return end == std::string_view::npos ? text.size() : end + end_mark.size();
}

bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Index behind the comment or literal that starts at `at`, or `at` where none does.
std::size_t skip(std::string_view text, std::size_t at) {
  if (text.substr(at).starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (text.substr(at).starts_with("/*")) return std::min(text.find("*/", at + 2), text.size() - 2) + 2;
  if (text[at] == '"') return at > 0 && text[at - 1] == 'R' ? skip_raw(text, at) : skip_literal(text, at);
  // 1'000 is no character literal.
  if (text[at] == '\'' && (at == 0 || !is_identifier(text[at - 1]))) return skip_literal(text, at);
  return at;
}

}  // namespace

std::string code_only(std::string_view text) {
  std::string code;
  code.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto end = skip(text, i);
    if (end == i) {
      code += text[i++];
      continue;
    }
    for (; i < end; ++i)
      code += text[i] == '\n' ? '\n' : ' ';
  }
  return code;
}

}  // namespace datamill::architecture
