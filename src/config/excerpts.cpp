#include "config/text_check.hpp"
#include "datamill/config/load_workspace.hpp"
#include "datamill/config/yaml.hpp"
#include "datamill/support/text.hpp"

#include <map>

namespace datamill::config {

void attach_excerpts(support::Diagnostics& diagnostics, const support::FileSource& files) {
  std::map<std::string, std::vector<std::string>> lines_of;
  for (auto& diagnostic : diagnostics.items()) {
    const std::string& file = diagnostic.at.file.str();
    if (file.empty() || diagnostic.at.line <= 0 || !diagnostic.excerpt.empty()) continue;
    const auto [lines, added] = lines_of.try_emplace(file);
    if (added) {
      const auto result = files.read(file, kMaxFileBytes);
      if (result.text) lines->second = support::split_lines(without_byte_order_mark(*result.text));
    }
    const auto index = static_cast<std::size_t>(diagnostic.at.line) - 1;
    if (index < lines->second.size()) diagnostic.excerpt = lines->second[index];
  }
}

}  // namespace datamill::config
