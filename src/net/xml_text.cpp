// S3 answers with a handful of elements. A library for all of XML would be loaded at every start of the program.
#include "net/xml_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace datamill::net {

namespace {

constexpr int kMaxDepth = 16;
constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
    {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};

void append_utf8(std::uint32_t code, std::string& text) {
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0U | (code >> 6U));
  } else {
    if (code < 0x10000) {
      add(0xE0U | (code >> 12U));
    } else {
      add(0xF0U | (code >> 18U));
      add(0x80U | ((code >> 12U) & 0x3FU));
    }
    add(0x80U | ((code >> 6U) & 0x3FU));
  }
  add(0x80U | (code & 0x3FU));
}

/// "amp", "#38", "#x26"; false for anything else.
bool append_entity(std::string_view name, std::string& text) {
  for (const auto& [entity, character] : kEntities) {
    if (name != entity) continue;
    text += character;
    return true;
  }
  if (name.size() < 2 || name.front() != '#') return false;
  const bool hex = name[1] == 'x';
  name.remove_prefix(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  if (error != std::errc{} || end != name.data() + name.size() || code > 0x10FFFF) return false;
  append_utf8(code, text);
  return true;
}

bool append_text(std::string_view raw, std::string& text) {
  while (!raw.empty()) {
    const auto plain = raw.substr(0, raw.find('&'));
    text += plain;
    raw.remove_prefix(plain.size());
    if (raw.empty()) break;
    const auto end = raw.find(';');
    if (end == std::string_view::npos || !append_entity(raw.substr(1, end - 1), text)) return false;
    raw.remove_prefix(end + 1);
  }
  return true;
}

class XmlReader {
public:
  explicit XmlReader(std::string_view text) : rest_(text) {}

  std::optional<XmlElement> read() {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    XmlElement outside;
    if (!read_content(outside, 0) || outside.children.size() != 1 || !rest_.empty()) return std::nullopt;
    return std::move(outside.children.front());
  }

private:
  /// What stands before `mark`; nullopt where it does not come.
  std::optional<std::string_view> take_until(std::string_view mark) {
    const auto at = rest_.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const auto taken = rest_.substr(0, at);
    rest_.remove_prefix(at + mark.size());
    return taken;
  }

  bool skip(std::string_view start, std::string_view end) {
    if (!rest_.starts_with(start)) return false;
    return take_until(end).has_value();
  }

  /// Text and elements up to the end tag of `parent`, or of everything.
  bool read_content(XmlElement& parent, int depth) {
    while (true) {
      const auto text = rest_.substr(0, rest_.find('<'));
      if (!append_text(text, parent.text)) return false;
      rest_.remove_prefix(text.size());
      if (rest_.empty()) return depth == 0;
      if (skip("<?", "?>") || skip("<!--", "-->")) continue;
      if (rest_.starts_with("<![CDATA[")) {
        rest_.remove_prefix(9);
        const auto raw = take_until("]]>");
        if (!raw) return false;
        parent.text += *raw;
      } else if (rest_.starts_with("</")) {
        rest_.remove_prefix(2);
        const auto name = take_until(">");
        return depth > 0 && name && local_name(*name) == parent.name;
      } else if (!read_element(parent, depth)) {
        return false;
      }
    }
  }

  bool read_element(XmlElement& parent, int depth) {
    rest_.remove_prefix(1);
    const auto end = tag_end();
    if (depth >= kMaxDepth || end == std::string_view::npos || rest_.starts_with('!')) return false;
    auto tag = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    const bool empty = tag.ends_with('/');
    if (empty) tag.remove_suffix(1);
    XmlElement element{.name = local_name(tag)};
    if (element.name.empty()) return false;
    if (!empty && !read_content(element, depth + 1)) return false;
    parent.children.push_back(std::move(element));
    return true;
  }

  /// The ">" that is not inside of an attribute's value.
  [[nodiscard]] std::size_t tag_end() const {
    char quote = 0;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return i;
      }
    }
    return std::string_view::npos;
  }

  /// "s3:Key a=..." -> "Key"
  static std::string local_name(std::string_view tag) {
    tag = tag.substr(0, tag.find_first_of(" \t\r\n"));
    const auto colon = tag.find(':');
    return std::string(colon == std::string_view::npos ? tag : tag.substr(colon + 1));
  }

  std::string_view rest_;
};

}  // namespace

std::string_view XmlElement::text_of(std::string_view child) const {
  const auto found =
      std::find_if(children.begin(), children.end(), [&](const XmlElement& element) { return element.name == child; });
  return found == children.end() ? std::string_view{} : std::string_view(found->text);
}

std::optional<XmlElement> read_xml(std::string_view text) {
  return XmlReader(text).read();
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto entity = std::find_if(kEntities.begin(), kEntities.end(), [&](const auto& e) { return e.second == c; });
    if (entity == kEntities.end()) {
      out += c;
    } else {
      out += '&';
      out += entity->first;
      out += ';';
    }
  }
  return out;
}

}  // namespace datamill::net
