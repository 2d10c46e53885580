#pragma once

#include "config/component_files.hpp"
#include "datamill/domain/image.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/file_source.hpp"

#include <string>

namespace datamill::config {

/// Reads every images/<name>/ below `root` (Dockerfile, image.yaml, build context) and puts them in order. No folder
/// `images`: an empty graph. An image's digest counts what comes into the context by paths, contents, executable bits
/// and the targets of symbolic links.
///
/// DM700 a folder without Dockerfile; DM701-DM704 (parse_dockerfile); DM705 unknown base; DM706 a base with the moving
/// tag `latest` (warning); DM707 cycle; DM708 unknown tool; DM709 a file that is to be in the context is missing;
/// DM315 a name that is no DNS label; codes of read_yaml and MapReader
[[nodiscard]] domain::ImageGraph read_images(const std::string& root, const support::FileSource& files,
                                             support::Diagnostics& diagnostics,
                                             const TraitsOf& traits = support::disk_traits);

}  // namespace datamill::config
