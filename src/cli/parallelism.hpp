#pragma once

#include "datamill/support/file_source.hpp"

#include <cstddef>
#include <cstdint>

namespace datamill::cli {

/// How many steps may run at a time on a machine with so many processor cores and bytes of free memory: twice the
/// cores, for helm mostly waits, but no more than fit into the memory with 256 MiB each (helm takes 75 to 240 MB); 1
/// to 16.
[[nodiscard]] std::size_t parallelism_for(std::size_t cores, std::int64_t free_memory);

/// Memory that can be had without swapping: the kernel's MemAvailable, or less where our control group allows less
/// (version 1 and 2). 0 where nobody says.
[[nodiscard]] std::int64_t free_memory(const support::FileSource& files);

/// For this machine as it is now.
[[nodiscard]] std::size_t default_parallelism(const support::FileSource& files);

}  // namespace datamill::cli
