#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace datamill::ui {

/// What a piece of text means; the colours are in style.cpp alone.
enum class Paint : std::uint8_t { plain, good, bad, warning, hint, faint, strong };

/// Wraps text into SGR sequences where `color` is on.
struct Painter {
  bool color = false;
  [[nodiscard]] std::string operator()(Paint paint, std::string_view text) const;
  /// One of a few colours, the same for the same number: they only tell things apart.
  [[nodiscard]] std::string tinted(std::size_t number, std::string_view text) const;
};

}  // namespace datamill::ui
