#pragma once

#include "datamill/command/command.hpp"

#include <string>
#include <utility>
#include <vector>

namespace datamill::node {

/// A command out of words that need no symbols: the program's path, then its arguments.
[[nodiscard]] command::ResolvedCommand resolve_words(const std::vector<std::string>& words,
                                                     const std::vector<std::pair<std::string, std::string>>& env = {});

}  // namespace datamill::node
