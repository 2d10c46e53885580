#include "command/path_symbols.hpp"

#include <cstddef>

namespace datamill::command {
namespace {

bool in_path_component(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
         c == '-' || byte >= 0x80;
}

std::string_view without_final_slashes(std::string_view path) {
  while (!path.empty() && path.back() == '/')
    path.remove_suffix(1);
  return path;
}

/// True if `path` stands at `at` of `text`, as whole components of an absolute path.
bool stands_at(std::string_view text, std::size_t at, std::string_view path) {
  if (path.empty() || text.substr(at, path.size()) != path) return false;
  if (at > 0 && (in_path_component(text[at - 1]) || text[at - 1] == '/')) return false;
  const std::size_t end = at + path.size();
  return end == text.size() || !in_path_component(text[end]);
}

}  // namespace

std::vector<SymbolPiece> cut_at_symbols(const PathSymbols& symbols, std::string_view text) {
  std::vector<SymbolPiece> pieces;
  std::string plain;
  std::size_t at = 0;
  while (at < text.size()) {
    bool found = false;
    for (const auto& [prefix, symbol] : symbols.prefixes) {
      const std::string_view path = without_final_slashes(prefix);
      if (!stands_at(text, at, path)) continue;
      if (!plain.empty()) pieces.push_back({.is_symbol = false, .text = std::exchange(plain, {})});
      pieces.push_back({.is_symbol = true, .text = symbol});
      at += path.size();
      found = true;
      break;
    }
    if (!found) plain += text[at++];
  }
  if (!plain.empty()) pieces.push_back({.is_symbol = false, .text = std::move(plain)});
  return pieces;
}

std::string PathSymbols::apply(std::string_view text) const {
  if (prefixes.empty()) return std::string{text};
  std::string out;
  for (const auto& piece : cut_at_symbols(*this, text))
    out += piece.text;
  return out;
}

}  // namespace datamill::command
