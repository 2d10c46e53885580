#pragma once

#include "cli/completion.hpp"

namespace datamill::cli {

/// Files "*.yaml" of a folder below the root, without the ending: flavours, targets.
[[nodiscard]] std::vector<Candidate> file_names(const std::string& folder, const support::FileSource& files);
/// Components that can be installed, with their summaries; with `prefix` only those that begin so.
[[nodiscard]] std::vector<Candidate> component_names(const std::string& root, const std::string& prefix,
                                                     const support::FileSource& files);
/// Rows of tools.yaml.
[[nodiscard]] std::vector<Candidate> tool_names(const std::string& root, const support::FileSource& files);

/// Folders of images/ with a Dockerfile.
[[nodiscard]] std::vector<Candidate> image_names(const std::string& root, const support::FileSource& files);

}  // namespace datamill::cli
