#include "command/path_symbols.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

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

std::string first_characters(const PathSymbols& symbols) {
  std::string characters;
  for (const auto& [prefix, symbol] : symbols.prefixes) {
    if (!prefix.empty() && characters.find(prefix.front()) == std::string::npos) characters += prefix.front();
  }
  return characters;
}

const std::pair<std::string, std::string>* symbol_at(const PathSymbols& symbols, std::string_view text,
                                                     std::size_t at) {
  const auto found = std::find_if(symbols.prefixes.begin(), symbols.prefixes.end(), [&](const auto& prefix) {
    return stands_at(text, at, without_final_slashes(prefix.first));
  });
  return found == symbols.prefixes.end() ? nullptr : &*found;
}

}  // namespace

std::vector<SymbolPiece> cut_at_symbols(const PathSymbols& symbols, std::string_view text) {
  std::vector<SymbolPiece> pieces;
  std::string plain;
  // Plans have megabytes of text and few paths: only where one may begin it is compared.
  const std::string beginnings = first_characters(symbols);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t next = std::min(text.find_first_of(beginnings, at), text.size());
    plain += text.substr(at, next - at);
    at = next;
    if (at == text.size()) break;
    const auto* found = symbol_at(symbols, text, at);
    if (found == nullptr) {
      plain += text[at++];
      continue;
    }
    if (!plain.empty()) pieces.push_back({.is_symbol = false, .text = std::exchange(plain, {})});
    pieces.push_back({.is_symbol = true, .text = found->second});
    at += without_final_slashes(found->first).size();
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
