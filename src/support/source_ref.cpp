#include "datamill/support/source_ref.hpp"

#include <fmt/format.h>

namespace datamill::support {

std::string to_text(const SourceRef& at) {
  if (at.file.str().empty()) return {};
  if (at.line <= 0) return at.file.str();
  return fmt::format("{}:{}:{}", at.file.str(), at.line, at.column);
}

}  // namespace datamill::support
