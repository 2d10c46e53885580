#pragma once

#include "cli/object_store.hpp"

namespace datamill::cli {

/// `data push LOCAL... [BUCKET/PREFIX]`: sends what is not there yet or has changed (size and ETag).
/// @throws Failure DM051, DM052, what ObjectStore throws
[[nodiscard]] support::ExitCode push_data(Session& session, const std::vector<std::string>& words);

}  // namespace datamill::cli
