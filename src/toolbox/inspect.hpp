#pragma once

#include "toolbox/services.hpp"

#include <vector>

namespace datamill::toolbox {

/// What is there for each tool: environment, PATH, cache, in this order; each copy is probed, and one that cannot be
/// used is skipped with a line in `tried` (but not one that the environment names).
/// @throws Failure DM601 when interrupted
[[nodiscard]] std::vector<ToolStatus> inspect(const Services& services, const std::vector<const ToolSpec*>& tools);

/// Looks once more into the cache, where another process may have put what is wanted in the meantime.
void inspect_cache(const Services& services, const std::vector<Wanted>& wanted);

}  // namespace datamill::toolbox
