#pragma once

#include "datamill/config/yaml.hpp"
#include "datamill/support/file_source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace datamill::config {

/// A whole file. DM108 larger than kMaxFileBytes, DM109 cannot be read.
[[nodiscard]] std::optional<std::string> read_text(const support::FileSource& files, const std::string& path,
                                                   support::Diagnostics& diagnostics);

/// The one document of a YAML file, a null node where the file holds nothing. Codes of read_text and parse_yaml.
[[nodiscard]] std::optional<support::Node> read_yaml(const support::FileSource& files, const std::string& path,
                                                     support::Diagnostics& diagnostics);

}  // namespace datamill::config
