#pragma once

#include "datamill/domain/workspace.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/support/file_source.hpp"

#include <string>

namespace datamill::config {

struct UserFile {
  domain::UserConfig config{};
  support::Node project{};  ///< `project:` defaults, which a flavour overrides key by key
};

/// Reads the user's own configuration; a missing file is an empty one. DATAMILL_CHART_MIRROR ("prefix=target[,...]", or
/// one URL or folder for every repository) wins over `chart_mirrors:`. DM240 bad mirror; codes of read_yaml, MapReader.
[[nodiscard]] UserFile read_user_file(const std::string& path, const support::FileSource& files,
                                      const support::Environment& environment, support::Diagnostics& diagnostics);

}  // namespace datamill::config
