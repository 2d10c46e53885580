#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::net {

/// An element of an answer of S3: attributes are dropped, its own text is joined.
struct XmlElement {
  std::string name{};  ///< without a namespace's prefix
  std::string text{};
  std::vector<XmlElement> children{};

  /// Text of the first child of that name, or "".
  [[nodiscard]] std::string_view text_of(std::string_view child) const;
};

/// Reads what S3 services send: elements, text, CDATA, comments, the five entities and character references. nullopt
/// for anything else: DOCTYPE, bad nesting, depth over 16, rubbish.
[[nodiscard]] std::optional<XmlElement> read_xml(std::string_view text);

/// `text` for the inside of an element.
[[nodiscard]] std::string xml_escaped(std::string_view text);

}  // namespace datamill::net
