#pragma once

#include "datamill/support/file_source.hpp"

#include <string>

namespace datamill::cli {

/// What the last run on this cluster left, where it was cut off (killed, loss of power): "run X (datamill install ...)
/// was cut off during: Install release lake"; "" where it ended by itself, still runs, or nothing is known of it.
[[nodiscard]] std::string describe_cut_off(const std::string& state, const std::string& cluster,
                                           const support::FileSource& files);

}  // namespace datamill::cli
