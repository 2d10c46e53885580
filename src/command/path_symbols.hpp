#pragma once

#include "datamill/command/command.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace datamill::command {

/// A part of a text: a symbol that took the place of a path, or text between symbols.
struct SymbolPiece {
  bool is_symbol = false;
  std::string text{};
};

/// Cuts a text at the paths that have a symbol; the pieces joined are PathSymbols::apply(text).
[[nodiscard]] std::vector<SymbolPiece> cut_at_symbols(const PathSymbols& symbols, std::string_view text);

}  // namespace datamill::command
