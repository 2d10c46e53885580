#pragma once

#include <cstdint>
#include <string>

namespace datamill::cli {

/// Bytes on disk of all that lies in a folder, not lengths: etcd's log is mostly a hole. What cannot be seen counts 0.
[[nodiscard]] std::int64_t disk_use(const std::string& folder);

}  // namespace datamill::cli
