#include "command/path_symbols.hpp"
#include "datamill/command/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::command {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A word that every POSIX shell (and zsh, which expands `=word`) reads as itself.
bool is_plain_word(std::string_view text) {
  constexpr std::string_view kSafe = "_-./:=@%+,";
  if (text.empty() || text.front() == '=') return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter_or_digit(c) || kSafe.find(c) != std::string_view::npos; });
}

std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + '\'';
}

/// The first word of a command has more ways to be misread: as an assignment or as a keyword.
bool is_plain_program(std::string_view text) {
  constexpr std::array<std::string_view, 14> kKeywords{"case", "do", "done", "elif", "else",  "esac",  "fi",
                                                       "for",  "if", "in",   "then", "until", "while", "time"};
  return is_plain_word(text) && text.find('=') == std::string_view::npos &&
         std::find(kKeywords.begin(), kKeywords.end(), text) == kKeywords.end();
}

bool is_variable_name(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

std::string quote_with_symbols(std::string_view text, const PathSymbols& symbols) {
  if (symbols.prefixes.empty() || text.empty()) return shell_quote(text);
  std::string out;
  for (const auto& piece : cut_at_symbols(symbols, text))
    out += piece.is_symbol ? piece.text : shell_quote(piece.text);
  return out;
}

std::string program_word(const Command& command, const PathSymbols& symbols) {
  return is_plain_program(command.program) ? quote_with_symbols(command.program, symbols) : in_quotes(command.program);
}

/// `NAME=value ` for each addition; through env(1) where a name is nothing that a shell could assign to.
std::string environment_words(const Command& command, const PathSymbols& symbols) {
  std::string out;
  const bool assignable = std::all_of(command.env.begin(), command.env.end(),
                                      [](const auto& variable) { return is_variable_name(variable.first); });
  if (!assignable) out += "env ";
  for (const auto& [name, value] : command.env) {
    out += assignable ? name : shell_quote(name);
    out += '=';
    if (!value.empty()) out += quote_with_symbols(value, symbols);
    out += ' ';
  }
  return out;
}

std::string free_delimiter(std::string_view text) {
  std::string delimiter = "EOF";
  for (int n = 1; text.find(delimiter) != std::string_view::npos; ++n)
    delimiter = fmt::format("EOF{}", n);
  return delimiter;
}

std::string stdin_suffix(const SymbolicText& stdin_text, const ShellStyle& style) {
  std::string text = style.symbols.apply(stdin_text.display());
  if (!text.empty() && text.back() != '\n') text += '\n';
  if (!style.with_stdin) {
    const auto lines = std::count(text.begin(), text.end(), '\n');
    return fmt::format(" < (stdin: {} {})", lines, lines == 1 ? "line" : "lines");
  }
  const std::string delimiter = free_delimiter(text);
  return fmt::format(" <<'{}'\n{}{}", delimiter, text, delimiter);
}

/// `< FILE`, or all three parts one after the other.
std::string file_suffix(const StdinFile& file, const ShellStyle& style) {
  const auto path = quote_with_symbols(file.path, style.symbols);
  if (file.before.empty() && file.after.empty()) return " < " + path;
  return fmt::format(" < <(printf %s {}; cat {}; printf %s {})", shell_quote(file.before), path,
                     shell_quote(file.after));
}

}  // namespace

std::string shell_quote(std::string_view text) {
  return is_plain_word(text) ? std::string{text} : in_quotes(text);
}

std::string to_shell(const Command& command, const ShellStyle& style) {
  std::string line = environment_words(command, style.symbols) + program_word(command, style.symbols);
  for (const auto& arg : command.args)
    line += ' ' + quote_with_symbols(arg, style.symbols);
  if (!command.cwd.empty()) {
    line = fmt::format("(cd -- {} && {})", quote_with_symbols(command.cwd, style.symbols), line);
  }
  if (style.discard_output) line += " >/dev/null";
  if (const auto* text = std::get_if<SymbolicText>(&command.stdin_text)) line += stdin_suffix(*text, style);
  if (const auto* file = std::get_if<StdinFile>(&command.stdin_text)) line += file_suffix(*file, style);
  return line;
}

}  // namespace datamill::command
