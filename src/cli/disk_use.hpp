#pragma once

#include <cstdint>
#include <string>

namespace datamill::cli {

/// Bytes on disk of all that lies in a folder, not lengths: etcd's log is mostly a hole. What cannot be seen counts 0.
[[nodiscard]] std::int64_t disk_use(const std::string& folder);

/// "only 3 MiB are free in FOLDER: no space left on device" where less than 64 MiB are, which is too little for
/// anything that we write; "" else. Programs that fail of it often do not say so.
[[nodiscard]] std::string full_disk(const std::string& folder);

}  // namespace datamill::cli
