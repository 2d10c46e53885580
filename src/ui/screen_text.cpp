#include "ui/screen_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace datamill::ui {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr char kEscape = '\x1b';

struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

// Unicode 15: combining marks and zero-width characters that occur in tool output.
constexpr std::array kZeroWidth{Range{0x0300, 0x036F},  Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},
                                Range{0x0610, 0x061A},  Range{0x064B, 0x065F}, Range{0x200B, 0x200D},
                                Range{0x20D0, 0x20FF},  Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
                                Range{0xE0100, 0xE01EF}};
// East_Asian_Width W and F, in coarse blocks.
constexpr std::array kWide{Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x23E9, 0x23EC},
                           Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},
                           Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},   Range{0xAC00, 0xD7A3},
                           Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
                           Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF},
                           Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
// Marks that reorder or hide what stands around them, and line ends that are no newline.
constexpr std::array kHarmful{Range{0x0080, 0x009F}, Range{0x061C, 0x061C}, Range{0x200E, 0x200F},
                              Range{0x2028, 0x202E}, Range{0x2066, 0x2069}, Range{0xFEFF, 0xFEFF}};

template <std::size_t N>
bool in_ranges(const std::array<Range, N>& ranges, std::uint32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& r) { return r.first <= code && code <= r.last; });
}

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 1;
  bool valid = false;
};

std::uint32_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// The character at `at`, by RFC 3629: shortest form only, no surrogates, at most U+10FFFF.
Character decode(std::string_view text, std::size_t at) {
  const auto lead = byte_at(text, at);
  if (lead < 0x80U) return {lead, 1, true};
  const std::size_t size = lead >= 0xF0U ? 4 : (lead >= 0xE0U ? 3 : 2);
  if (lead < 0xC2U || lead > 0xF4U || at + size > text.size()) return {};
  std::uint32_t code = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = byte_at(text, at + i);
    if ((next & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (next & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800U && code <= 0xDFFFU;
  return {code, size, code >= kSmallest.at(size) && code <= 0x10FFFFU && !surrogate};
}

/// Length of the escape sequence that starts at `at` (ECMA-48: CSI ends with a byte of 0x40 to 0x7E; OSC and the other
/// strings end with BEL or ESC \).
std::size_t escape_length(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return 1;
  const char kind = text[at + 1];
  std::size_t i = at + 2;
  if (kind == '[') {
    while (i < text.size() && (byte_at(text, i) < 0x40U || byte_at(text, i) > 0x7EU))
      ++i;
    return std::min(i + 1, text.size()) - at;
  }
  if (kind == ']' || kind == 'P' || kind == '^' || kind == '_') {
    while (i < text.size() && text[i] != '\a' && text[i] != kEscape)
      ++i;
    const bool with_backslash = i + 1 < text.size() && text[i] == kEscape && text[i + 1] == '\\';
    return std::min(i + (with_backslash ? 2U : 1U), text.size()) - at;
  }
  return 2;
}

/// What a terminal would show of "10%\r20%\r": the part behind the last carriage return that has one.
std::string_view behind_carriage_return(std::string_view line) {
  while (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  const auto last = line.rfind('\r');
  return last == std::string_view::npos ? line : line.substr(last + 1);
}

std::string clean(std::string_view text, std::string_view tab) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == kEscape) {
      i += escape_length(text, i);
      continue;
    }
    const auto character = decode(text, i);
    const bool control = character.code < 0x20U || character.code == 0x7FU || in_ranges(kHarmful, character.code);
    if (text[i] == '\t')
      out += tab;
    else if (!character.valid || control)
      out += kReplacement;
    else
      out += text.substr(i, character.size);
    i += character.valid ? character.size : 1;
  }
  return out;
}

std::size_t width_of(std::uint32_t code) {
  if (in_ranges(kZeroWidth, code)) return 0;
  return in_ranges(kWide, code) ? 2 : 1;
}

struct StandIn {
  Range characters{};
  std::string_view text{};
};

// None has a double quote or a backslash: JSON stays JSON.
constexpr std::array kStandIns{
    StandIn{{0x00A0, 0x00A0}, " "},  StandIn{{0x00AB, 0x00AB}, "<"},  StandIn{{0x00B7, 0x00B7}, "*"},
    StandIn{{0x00BB, 0x00BB}, ">"},  StandIn{{0x00D7, 0x00D7}, "x"},  StandIn{{0x2010, 0x2015}, "-"},
    StandIn{{0x2018, 0x201F}, "'"},  StandIn{{0x2022, 0x2022}, "*"},  StandIn{{0x2026, 0x2026}, "..."},
    StandIn{{0x2190, 0x2190}, "<-"}, StandIn{{0x2192, 0x2192}, "->"}, StandIn{{0x21D2, 0x21D2}, "=>"},
    StandIn{{0x2212, 0x2212}, "-"},  StandIn{{0x2264, 0x2264}, "<="}, StandIn{{0x2265, 0x2265}, ">="},
    StandIn{{0x2500, 0x2501}, "-"},  StandIn{{0x2502, 0x2503}, "|"},  StandIn{{0x250C, 0x254B}, "+"},
    StandIn{{0x2550, 0x2550}, "="},  StandIn{{0x2551, 0x2551}, "|"},  StandIn{{0x2552, 0x2570}, "+"},
    StandIn{{0x2580, 0x2593}, "#"},  StandIn{{0x25A0, 0x25A0}, "#"},  StandIn{{0x25CF, 0x25CF}, "*"},
    StandIn{{0x2713, 0x2714}, "+"},  StandIn{{0x2717, 0x2718}, "x"},  StandIn{{0x2800, 0x28FF}, "*"}};

std::string stand_in(const Character& character) {
  if (!character.valid) return "?";
  const auto found = std::find_if(kStandIns.begin(), kStandIns.end(), [&](const StandIn& s) {
    return s.characters.first <= character.code && character.code <= s.characters.last;
  });
  return found == kStandIns.end() ? std::string(width_of(character.code), '?') : std::string(found->text);
}

}  // namespace

std::string in_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t owed = 0;  // columns by which the line is too long
  for (std::size_t i = 0; i < text.size();) {
    const auto character = decode(text, i);
    if (character.code < 0x80U && character.valid) {
      if (text[i] == '\n') owed = 0;
      const bool padding = text[i] == ' ' && owed > 0 && out.ends_with("  ");
      if (padding) --owed;
      if (!padding) out += text[i];
    } else {
      const auto shown = stand_in(character);
      const auto width = character.valid ? width_of(character.code) : 1;
      owed += shown.size() > width ? shown.size() - width : 0;
      out += shown;
    }
    i += character.valid ? character.size : 1;
  }
  return out;
}

std::string harmless(std::string_view line) {
  return clean(behind_carriage_return(line), "    ");
}

std::string harmless_lines(std::string_view text) {
  std::string out;
  while (true) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out += clean(line, "\t");
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto character = decode(text, i);
    width += width_of(character.code);
    i += character.size;
  }
  return width;
}

std::string fit(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  constexpr std::string_view kCut = "...";
  const bool marked = width > kCut.size();
  const std::size_t room = marked ? width - kCut.size() : width;
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const auto character = decode(text, end);
    used += width_of(character.code);
    if (used > room) break;
    end += character.size;
  }
  return std::string(text.substr(0, end)) + std::string(marked ? kCut : "");
}

}  // namespace datamill::ui
