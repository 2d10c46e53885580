#include "ui/style.hpp"

#include <fmt/format.h>

#include <array>

namespace datamill::ui {

namespace {

/// SGR parameters (ECMA-48 8.3.117).
std::string_view sgr(Paint paint) {
  switch (paint) {
  case Paint::plain: return "";
  case Paint::good: return "32";
  case Paint::bad: return "1;31";
  case Paint::warning: return "33";
  case Paint::hint: return "36";
  case Paint::faint: return "2";
  case Paint::strong: return "1";
  }
  return "";
}

}  // namespace

std::string Painter::operator()(Paint paint, std::string_view text) const {
  if (!color || paint == Paint::plain || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", sgr(paint), text);
}

std::string Painter::tinted(std::size_t number, std::string_view text) const {
  constexpr std::array<std::string_view, 6> kTints{"36", "33", "32", "35", "34", "31"};
  if (!color || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kTints.at(number % kTints.size()), text);
}

}  // namespace datamill::ui
