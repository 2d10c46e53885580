#pragma once

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::config {

enum class Documents : unsigned char { one, many };

/// Strict YAML 1.2 (core schema) to a tree. Code DM100 not readable text (NUL, invalid UTF-8, control characters),
/// DM101 syntax, DM102 duplicate key, DM103 second document where one is wanted, DM104 merge key, DM105 anchor or
/// alias, DM106 tag, DM107 nested deeper than 64. All positions are 1-based and count characters. Manifest files
/// (`Documents::many`) may hold anchors and tags; they are resolved.
/// @returns the documents (empty ones dropped), or nullopt if an error was added
[[nodiscard]] std::optional<std::vector<support::Node>>
parse_yaml(std::string_view text, const std::string& file_name, Documents documents, support::Diagnostics& diagnostics);

/// Files larger than this are refused (DM108).
inline constexpr std::size_t kMaxFileBytes = std::size_t{4} * 1024U * 1024U;

}  // namespace datamill::config
