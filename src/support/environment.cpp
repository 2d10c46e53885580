#include "datamill/support/environment.hpp"

namespace datamill::support {

Environment Environment::capture(char** environ_block) {
  std::map<std::string, std::string> variables;
  for (char** entry = environ_block; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return Environment(std::move(variables));
}

std::string Environment::get(std::string_view name) const {
  const auto found = variables_.find(std::string(name));
  return found == variables_.end() ? std::string() : found->second;
}

bool Environment::has(std::string_view name) const {
  return variables_.count(std::string(name)) > 0;
}

}  // namespace datamill::support
