#include "config/text_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace datamill::config {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The character at the front of `text`; `bytes` is 0 where it is no UTF-8.
struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;
};

Character front(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80U) return {lead, 1};
  const std::size_t count = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
  if (lead < 0xC2U || lead > 0xF4U || count > text.size()) return {};
  std::uint32_t code = lead & (0xFFU >> (count + 1));
  for (std::size_t i = 1; i < count; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool overlong = (count == 3 && code < 0x800U) || (count == 4 && code < 0x10000U);
  if (overlong || (code >= 0xD800U && code <= 0xDFFFU) || code > 0x10FFFFU) return {};
  return {code, count};
}

bool is_plain_ascii(char c) {
  return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t';
}

bool is_allowed(std::uint32_t code) {
  if (code < 0x20U) return code == '\n' || code == '\t' || code == '\r';
  const bool separator = code == 0x2028U || code == 0x2029U;
  const bool noncharacter = code == 0xFFFEU || code == 0xFFFFU || code == 0xFEFFU;
  return !(code >= 0x7FU && code <= 0x9FU) && !separator && !noncharacter;
}

support::SourceRef place(std::string_view text, std::size_t offset, const support::FileName& file) {
  const auto before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto column = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return {.file = file, .line = static_cast<int>(line) + 1, .column = static_cast<int>(column) + 1};
}

void report(const Character& character, char byte, const support::SourceRef& at, support::Diagnostics& diagnostics) {
  if (character.bytes == 0) {
    diagnostics.error("DM100", at, fmt::format("byte 0x{:02X} is not UTF-8 text", static_cast<unsigned char>(byte)),
                      "save the file as UTF-8");
  } else if (character.code == 0) {
    diagnostics.error("DM100", at, "the file holds a NUL byte, so it is no text", "give a YAML file saved as UTF-8");
  } else {
    diagnostics.error("DM100", at, fmt::format("character U+{:04X} is not allowed in YAML", character.code),
                      fmt::format("remove it, or write it as \"\\u{:04X}\" between double quotes", character.code));
  }
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());
  return text;
}

bool check_text(std::string_view text, const support::FileName& file, support::Diagnostics& diagnostics) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_plain_ascii(text[at])) {
      ++at;
      continue;
    }
    const Character character = front(text.substr(at));
    if (character.bytes == 0 || !is_allowed(character.code)) {
      report(character, text[at], place(text, at, file), diagnostics);
      return false;
    }
    at += character.bytes;
  }
  return true;
}

}  // namespace datamill::config
