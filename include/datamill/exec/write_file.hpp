#pragma once

#include <string>

namespace datamill::exec {

/// Writes `content` to `path` so that a reader sees the old file or the new one, whatever happens: a temporary file in
/// the same folder (made, 0700, where it is missing), put on the disk, then renamed.
/// @throws Failure DM520
void write_atomically(const std::string& path, const std::string& content, unsigned mode);

}  // namespace datamill::exec
