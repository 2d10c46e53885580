#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::test {

/// Splits one simple command into words as POSIX "2.2 Quoting" and "2.3 Token Recognition" say, or nothing where the
/// text is more than one simple command of literal words: an operator, an expansion, a pattern, a comment, a keyword
/// or an assignment outside quotes. Written from the standard, without a look at shell_quote.
[[nodiscard]] inline std::optional<std::vector<std::string>> sh_words(std::string_view text) {
  constexpr std::string_view kSpecial = "|&;<>()$`*?[]#~!{}\n";
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  bool quoted = false;  // some part of the current word was quoted
  const auto end_word = [&]() {
    if (in_word) {
      const bool first = words.empty();
      if (first && !quoted && (word.find('=') != std::string::npos || word == "if" || word == "for" || word == "do"))
        return false;
      words.push_back(word);
    }
    word.clear();
    in_word = quoted = false;
    return true;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t') {
      if (!end_word()) return std::nullopt;
    } else if (c == '\'') {
      const auto close = text.find('\'', i + 1);
      if (close == std::string_view::npos) return std::nullopt;
      word += text.substr(i + 1, close - i - 1);
      in_word = quoted = true;
      i = close;
    } else if (c == '\\') {
      if (++i == text.size() || text[i] == '\n') return std::nullopt;
      word += text[i];
      in_word = quoted = true;
    } else if (c == '"' || kSpecial.find(c) != std::string_view::npos) {
      return std::nullopt;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (!end_word()) return std::nullopt;
  return words;
}

}  // namespace datamill::test
