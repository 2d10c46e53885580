#include "inventory/go_text.hpp"

namespace datamill::inventory {

std::string field_at(const std::vector<std::string>& fields, std::size_t index) {
  return index < fields.size() && fields[index] != "<no value>" ? fields[index] : std::string{};
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char escaped = text[++i];
    if (escaped == 'n' || escaped == 't' || escaped == 'r') {
      plain += ' ';
    } else if (escaped == '"' || escaped == '\\') {
      plain += escaped;
    } else {
      plain += '\\';
      plain += escaped;
    }
  }
  return plain;
}

}  // namespace datamill::inventory
