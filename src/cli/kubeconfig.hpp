#pragma once

#include "datamill/support/file_source.hpp"

#include <string>

namespace datamill::cli {

/// `current-context` of a kubeconfig, or of the first file of a list ("a:b") that has one, as kubectl merges them.
/// @throws Failure exit 2, DM565, where a file cannot be read or none names a context
[[nodiscard]] std::string current_context(const std::string& kubeconfig, const support::FileSource& files);

}  // namespace datamill::cli
